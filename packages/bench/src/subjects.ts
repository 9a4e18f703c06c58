/** What is measured against each other: each is started anew for every run, on tables of its own, and answers `POST /hooks/shop` with 202. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { configure } from './configure.ts';
import { startDatabase } from './database.ts';
import { type BenchHub, startHub } from './hub.ts';
import { NODE_RED_SETTINGS, nodeRedFlow } from './node-red/flow.ts';
import { numberOf } from './number-of.ts';
import { cpuUse, freePort, start } from './processes.ts';

export interface Subject {
  host: string;
  port: number;
  /** CPU seconds so far: its own processes, and its PostgreSQL. */
  cpu(): { own: number; postgres: number };
  stop(): Promise<void>;
}

/** A Fastify route that parses JSON and answers 202. */
export async function startBare(): Promise<Subject> {
  const { child, first } = await start('./bare.ts');
  const pid = child.pid ?? 0;
  return {
    host: '127.0.0.1',
    port: numberOf(first, 'port'),
    cpu: () => ({ own: cpuUse(pid).own, postgres: 0 }),
    stop: async () => void child.kill(),
  };
}

/**
 * The bare laboratory hub. Accepting and delivering are processes of their own: on two cores that is the faster shape (medians of 9 noisy pairs: 1.25 times one
 * process on PostgreSQL, 1.15 times on Redis), and Nave is to be held against the best one, although it is one process itself.
 * @param redisUrl null: BullMQ on PostgreSQL
 */
export async function startYardstick(sinkPort: number, redisUrl: string | null, split = true): Promise<Subject> {
  const database = await startDatabase();
  const { child, first } = await start('./yardstick/server.ts', {
    ...{ DATABASE_URL: database.url, REDIS_URL: redisUrl ?? '', SINK_PORT: String(sinkPort), SPLIT: split ? '1' : '' },
  });
  const pid = child.pid ?? 0;
  return {
    host: '127.0.0.1',
    port: numberOf(first, 'port'),
    cpu() {
      const [server, postgres] = [cpuUse(pid), cpuUse(database.pid)];
      return { own: server.own + server.below, postgres: postgres.own + postgres.below };
    },
    async stop() {
      const ended = new Promise((done) => child.once('exit', done));
      child.kill();
      await ended;
      await database.stop();
    },
  };
}

export interface NaveSubject extends Subject {
  hub: BenchHub;
}

/** With everything that a user gets by default. @param redisUrl null: BullMQ on PostgreSQL */
export async function startNave(sinkPort: number, redisUrl: string | null): Promise<NaveSubject> {
  const hub = await startHub(redisUrl === null ? {} : { REDIS_URL: redisUrl });
  await configure(hub, sinkPort);
  return {
    hub,
    host: hub.host,
    port: hub.port,
    cpu() {
      const { own, below } = cpuUse(hub.pid);
      return { own, postgres: below };
    },
    stop: hub.stop,
  };
}

/** @param main its start file */
export async function startNodeRed(sinkPort: number, main: string): Promise<Subject> {
  const READY_MS = 60_000;
  const dir = mkdtempSync(join(tmpdir(), 'nave-bench-red-'));
  const port = await freePort();
  writeFileSync(join(dir, 'settings.js'), NODE_RED_SETTINGS);
  writeFileSync(join(dir, 'flows.json'), JSON.stringify(nodeRedFlow(sinkPort)));
  const args = [main, '--userDir', dir, '--settings', join(dir, 'settings.js'), '--port', String(port), join(dir, 'flows.json')];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'], cwd: dir });
  process.once('exit', () => child.kill());
  const deadline = Date.now() + READY_MS;
  // Before the flow is there the route answers 404.
  const isReady = () =>
    fetch(`http://127.0.0.1:${port}/hooks/shop`, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } })
      .then(({ status }) => status === 202)
      .catch(() => false);
  while (!(await isReady())) {
    if (Date.now() > deadline || child.exitCode !== null) throw new Error('node-red did not become ready');
    await sleep(100);
  }
  return {
    host: '127.0.0.1',
    port,
    cpu: () => ({ own: cpuUse(child.pid ?? 0).own, postgres: 0 }),
    async stop() {
      const ended = new Promise((done) => child.once('exit', done));
      child.kill();
      await ended;
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
