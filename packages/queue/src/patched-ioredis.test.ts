import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const SCRIPT = `
  import { Command } from 'ioredis';
  const command = new Command('set', ['key', 'value']);
  console.log(%InYoungGeneration(command.reject));
`;

it('ioredis makes what waits for a command in the young generation (patches/ioredis), so its arguments die young', () => {
  const cwd = fileURLToPath(new URL('.', import.meta.url));
  const args = ['--allow-natives-syntax', '--input-type=module', '--eval', SCRIPT];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8', timeout: 20_000 });
  expect(stderr).toBe('');
  expect(stdout).toBe('true\n');
});
