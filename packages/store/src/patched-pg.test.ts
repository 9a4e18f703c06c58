import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

/** Statements that wait for a connection, without and with a time limit. */
const SCRIPT = `
  import pg from 'pg';
  const client = new pg.Client();
  client.query('SELECT 1').catch(() => undefined);
  client.query({ text: 'SELECT 1', query_timeout: 60_000 }).catch(() => undefined);
  console.log(JSON.stringify(client._queryQueue.map(({ callback }) => %InYoungGeneration(callback))));
  process.exit(0);
`;

it('pg makes what waits for a statement in the young generation (patches/pg), so its rows and parameters die young', () => {
  const cwd = fileURLToPath(new URL('.', import.meta.url));
  const args = ['--allow-natives-syntax', '--input-type=module', '--eval', SCRIPT];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8', timeout: 20_000 });
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual([true, true]);
});
