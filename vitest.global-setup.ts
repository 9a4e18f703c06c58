/** Starts what the integration tests need, once per run: a PostgreSQL with a migrated template, and a redis-server when one is installed. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { prepareQueueBackend } from './packages/queue/src/index.ts';
import { migrate, startEmbeddedPostgres } from './packages/store/src/index.ts';
import { freePort } from './packages/testkit/src/free-port.ts';
import { buildDashboard } from './vitest.dashboard.ts';

/** Each project has a copy of this file, but the servers are one set for all of them: the project that runs alone runs after the others. */
const SERVERS = Symbol.for('nave.test-servers');

interface Servers {
  postgresUrl: string;
  redisUrl: string | null;
  stop: () => Promise<void>;
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const running: Promise<Servers> | undefined = Reflect.get(globalThis, SERVERS);
  const servers = running ?? start();
  Reflect.set(globalThis, SERVERS, servers);
  const { postgresUrl, redisUrl, stop } = await servers;
  project.provide('postgresUrl', postgresUrl);
  project.provide('redisUrl', redisUrl);
  return running === undefined ? stop : async () => {};
}

async function start(): Promise<Servers> {
  const dashboard = buildDashboard();
  const dir = mkdtempSync(join(tmpdir(), 'nave-test-'));
  // Durability is what the fault tests check, on servers of their own; here a crash loses nothing that matters.
  const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '300' };
  const postgres = await startEmbeddedPostgres({ dir, database: 'nave_template', settings });
  await migrate(postgres.url);
  await prepareQueueBackend({ redisUrl: null, postgresUrl: postgres.url });
  const redis = await startRedis();
  if (redis === null && isRequired('redis')) throw new Error('NAVE_TEST_REQUIRE asks for redis, and redis-server is not installed');
  await dashboard;
  const server = new URL(postgres.url);
  server.pathname = '/postgres';
  if (redis === null) console.log('redis-server is not installed: suites on Redis are skipped (Debian: apt-get install redis-server)');
  return {
    postgresUrl: server.toString(),
    redisUrl: redis?.url ?? null,
    async stop() {
      redis?.process.kill('SIGKILL');
      await postgres.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Whether a suite must not be skipped for want of its server: `NAVE_TEST_REQUIRE` names those, with commas. */
function isRequired(server: string): boolean {
  return (process.env['NAVE_TEST_REQUIRE'] ?? '').split(',').includes(server);
}

async function startRedis(): Promise<{ url: string; process: ChildProcess } | null> {
  if (spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).status !== 0) return null;
  const port = await freePort();
  const args = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
    '--databases',
    '64',
    '--maxmemory-policy',
    'noeviction',
  ];
  const child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'ignore'] });
  await new Promise<void>((done) => {
    child.stdout?.on('data', (chunk: Buffer) => chunk.toString().includes('Ready to accept connections') && done());
  });
  return { url: `redis://127.0.0.1:${port}`, process: child };
}
