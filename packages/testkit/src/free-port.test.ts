import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { freePort } from './free-port.ts';

const CLAIMS = `
const { freePort } = await import(${JSON.stringify(new URL('./free-port.ts', import.meta.url).href)});
const ports = [];
for (let n = 0; n < 40; n++) ports.push(await freePort());
process.stdout.write(JSON.stringify(ports));
setInterval(() => undefined, 1_000);`;

describe('a free port', () => {
  it('is nobody else’s, also of processes that ask at the same time and listen later', async () => {
    const others = Array.from({ length: 3 }, () =>
      spawn(process.execPath, ['--input-type=module', '-e', CLAIMS], { stdio: ['ignore', 'pipe', 'inherit'] }),
    );
    try {
      const own = await Promise.all(Array.from({ length: 40 }, freePort));
      const theirs = await Promise.all(
        others.map(async ({ stdout }): Promise<number[]> => {
          const [text] = await once(stdout, 'data');
          return JSON.parse(String(text));
        }),
      );
      const all = [...own, ...theirs.flat()];
      expect(new Set(all).size).toBe(160);
      expect(all.every((port) => port >= 20_000 && port < 32_768)).toBe(true);
    } finally {
      for (const other of others) other.kill('SIGKILL');
    }
  });
});
