import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { postgresBinaries } from './binaries.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.ts';
import { isAlive } from './process-lock.ts';

const MODULE = new URL('./embedded-postgres.ts', import.meta.url).href;

let dir = '';
let servers: EmbeddedPostgres[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'nave-embedded-'));
});
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
  rmSync(dir, { recursive: true, force: true });
});

async function start(): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dir, database: 'hub', settings: { fsync: 'off' } });
  servers = [...servers, server];
  return server;
}

async function ask<R extends pg.QueryResultRow>(url: string, text: string): Promise<R[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<R>(text)).rows;
  } finally {
    await client.end();
  }
}

/** Starts the server from another node process, which is then killed as `kill -9` does. */
async function startAndKill(): Promise<{ pid: number; url: string }> {
  const script = `import { startEmbeddedPostgres } from ${JSON.stringify(MODULE)};
    const { pid, url } = await startEmbeddedPostgres({ dir: process.argv[1], database: 'hub', settings: { fsync: 'off' } });
    process.stdout.write(JSON.stringify({ pid, url })); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, dir], { stdio: ['ignore', 'pipe', 'inherit'] });
  const said = await new Promise<string>((resolve) => child.stdout.once('data', (chunk) => resolve(String(chunk))));
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
  const { pid, url }: { pid: number; url: string } = JSON.parse(said);
  return { pid, url };
}

describe('the embedded PostgreSQL', () => {
  it('is created, stopped without a trace, and started again with what it had', async () => {
    const first = await start();
    expect(first.how).toBe('created');
    await ask(first.url, 'CREATE TABLE kept AS SELECT 1 AS n');
    await first.stop();
    expect(isAlive(first.pid)).toBe(false);
    await first.stop();
    const second = await start();
    expect(second.how).toBe('started');
    expect(await ask(second.url, 'SELECT n FROM kept')).toEqual([{ n: 1 }]);
  });

  it('makes files of its log that are small, so that making one holds nobody up, and keeps 256 MB of them', async () => {
    const { url } = await start();
    const names = "'wal_segment_size', 'min_wal_size', 'max_wal_size', 'wal_buffers'";
    const settings = await ask<{ name: string; size: string }>(
      url,
      `SELECT name, pg_size_pretty(pg_size_bytes(current_setting(name))) AS size FROM pg_settings WHERE name IN (${names}) ORDER BY name`,
    );
    expect(settings.map(({ name, size }) => `${name} ${size}`)).toEqual([
      'max_wal_size 2048 MB',
      'min_wal_size 256 MB',
      'wal_buffers 4096 kB',
      'wal_segment_size 2048 kB',
    ]);
  });

  it('listens on loopback only, with a password', async () => {
    const server = await start();
    expect(new URL(server.url).hostname).toBe('127.0.0.1');
    expect(
      await ask(server.url, `SELECT setting FROM pg_settings WHERE name IN ('listen_addresses', 'unix_socket_directories') ORDER BY name`),
    ).toEqual([{ setting: '127.0.0.1' }, { setting: '' }]);
    const wrong = new URL(server.url);
    wrong.password = 'wrong';
    await expect(ask(wrong.toString(), 'SELECT 1')).rejects.toThrow(/password/);
  });

  it('is adopted after the process that started it was killed', async () => {
    const orphan = await startAndKill();
    expect(isAlive(orphan.pid)).toBe(true);
    await ask(orphan.url, 'CREATE TABLE kept AS SELECT 2 AS n');
    const adopted = await start();
    expect(adopted).toMatchObject({ how: 'adopted', pid: orphan.pid });
    expect(await ask(adopted.url, 'SELECT n FROM kept')).toEqual([{ n: 2 }]);
    await adopted.stop();
    expect(isAlive(orphan.pid)).toBe(false);
  });

  it('is started anew when the orphan is just stopping', async () => {
    const orphan = await startAndKill();
    process.kill(orphan.pid, 'SIGINT');
    const server = await start();
    expect(['started', 'adopted']).toContain(server.how);
    expect(isAlive(server.pid)).toBe(true);
    expect(await ask(server.url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
  });

  it('recovers after the server itself was killed', async () => {
    const first = await start();
    await ask(first.url, 'CREATE TABLE kept AS SELECT 3 AS n');
    process.kill(first.pid, 'SIGKILL');
    await expect.poll(() => isAlive(first.pid), { timeout: 30_000 }).toBe(false);
    const second = await start();
    expect(second.how).toBe('started');
    expect(await ask(second.url, 'SELECT n FROM kept')).toEqual([{ n: 3 }]);
  });

  it('does not take a cluster whose making was interrupted for a finished one', async () => {
    // What a killed first start leaves: initdb writes PG_VERSION before anything else.
    mkdirSync(join(dir, 'data.0badc0de.new'), { recursive: true });
    writeFileSync(join(dir, 'data.0badc0de.new', 'PG_VERSION'), '18\n');
    const server = await start();
    expect(server.how).toBe('created');
    expect(readFileSync(join(dir, 'data', 'PG_VERSION'), 'utf8')).toMatch(/^\d+/);
  });

  it('is not mistaken for another server that has its old pid now', async () => {
    const other = mkdtempSync(join(tmpdir(), 'nave-embedded-'));
    const first = await start();
    await first.stop();
    const stranger = await startEmbeddedPostgres({ dir: other, database: 'hub', settings: { fsync: 'off' } });
    try {
      writeFileSync(join(dir, 'data', 'postmaster.pid'), `${stranger.pid}\n${join(dir, 'data')}\n0\n${stranger.port}\n`);
      const second = await start();
      expect(second.how).toBe('started');
      expect(second.pid).not.toBe(stranger.pid);
    } finally {
      await stranger.stop();
      rmSync(other, { recursive: true, force: true });
    }
  });

  it('says the last words of a server that cannot start', async () => {
    const server = await start();
    await server.stop();
    await expect(startEmbeddedPostgres({ dir, database: 'hub', settings: { shared_buffers: 'nonsense' } })).rejects.toMatchObject({
      code: 'store.unavailable',
      detail: expect.stringContaining('shared_buffers'),
    });
  });
});

describe('postgresBinaries', () => {
  it('names the platforms it has no server for, and what to do', async () => {
    await expect(postgresBinaries('sunos', 'sparc')).rejects.toMatchObject({
      code: 'store.unavailable',
      detail: expect.stringContaining('DATABASE_URL'),
    });
  });
});
