/** A hub as a user starts it, in a process and data directory of its own, set up through its API. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from './processes.ts';

export interface BenchHub {
  host: string;
  port: number;
  pid: number;
  /** Milliseconds from the start of the process until it was ready. */
  readyMs: number;
  api(method: string, path: string, body?: unknown): Promise<unknown>;
  /** Figures of its /metrics, without labels. @throws Error when one is not there */
  metrics(names: readonly string[]): Promise<number[]>;
  /** Of its embedded PostgreSQL, or the one it was given. */
  databaseUrl(): string;
  stop(): Promise<void>;
}

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
export const BENCH_KEY = 'bench-admin-key-0123456789';
const READY_MS = 60_000;
const LOOK_MS = 10;

/** As after an installation: a hub that is measured must not build its dashboard meanwhile, with half of the machine. @throws Error when it cannot be built */
export function buildDashboard(): void {
  const { status, stderr } = spawnSync(process.execPath, ['apps/hub/src/dashboard/build-main.ts'], { cwd: ROOT, encoding: 'utf8' });
  if (status !== 0) throw new Error(`the dashboard could not be built: ${stderr}`);
}

/** What follows `node` in the script `start`: flags count for memory. */
function startArguments(): string[] {
  const text = /"start": "node ([^"]+)"/.exec(readFileSync(join(ROOT, 'package.json'), 'utf8'))?.[1];
  if (text === undefined) throw new Error('package.json starts the hub in another way');
  return text.split(' ');
}

/** What hubs and workers need that share an external database. */
export function externalEnv(databaseUrl: string): Record<string, string> {
  return { DATABASE_URL: databaseUrl, NAVE_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'), NAVE_EGRESS: '127.0.0.0/8' };
}

/** @param kept a data directory that stays when the hub stops; without one it gets its own, which goes with it */
export async function startHub(env: Readonly<Record<string, string>> = {}, kept?: string): Promise<BenchHub> {
  const dataDir = kept ?? mkdtempSync(join(tmpdir(), 'nave-bench-'));
  const port = await freePort();
  const startedAt = performance.now();
  const child: ChildProcess = spawn(process.execPath, startArguments(), {
    stdio: ['ignore', 'ignore', 'inherit'],
    cwd: ROOT,
    env: {
      PATH: process.env['PATH'] ?? '',
      NAVE_DATA_DIR: dataDir,
      NAVE_PORT: String(port),
      NAVE_ADMIN_KEY: BENCH_KEY,
      NAVE_LOG_LEVEL: 'warn',
      ...env,
    },
  });
  const ended = new Promise((done) => child.once('exit', done));
  const interrupted = () => child.kill('SIGTERM');
  process.once('exit', interrupted);
  const base = `http://127.0.0.1:${port}`;
  const call = async (method: string, path: string, body?: unknown): Promise<string> => {
    const response = await fetch(`${base}${path}`, {
      method,
      headers: { authorization: `Bearer ${BENCH_KEY}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(120_000),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text;
  };
  await ready(base, child);
  return {
    host: '127.0.0.1',
    port,
    pid: child.pid ?? 0,
    readyMs: performance.now() - startedAt,
    async api(method, path, body) {
      const text = await call(method, path, body);
      return text === '' ? null : JSON.parse(text);
    },
    async metrics(names) {
      const text = await call('GET', '/metrics');
      return names.map((name) => {
        const value = new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1];
        if (value === undefined) throw new Error(`the hub tells no ${name}`);
        return Number(value);
      });
    },
    databaseUrl: () => env['DATABASE_URL'] ?? embeddedUrl(dataDir),
    async stop() {
      process.off('exit', interrupted);
      child.kill('SIGTERM');
      await ended;
      if (kept === undefined) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function ready(base: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + READY_MS;
  for (;;) {
    const isReady = await fetch(`${base}/readyz`, { signal: AbortSignal.timeout(1_000) })
      .then((response) => response.ok)
      .catch(() => false);
    if (isReady) return;
    if (Date.now() > deadline || child.exitCode !== null) throw new Error('the hub did not become ready');
    await sleep(LOOK_MS);
  }
}

/** From the files of its server; postmaster.pid: the fourth line is the port. */
function embeddedUrl(dataDir: string): string {
  const read = (file: string) => readFileSync(join(dataDir, 'postgres', file), 'utf8');
  const port = read('data/postmaster.pid').split('\n')[3];
  return `postgresql://nave:${encodeURIComponent(read('password').trim())}@127.0.0.1:${port}/nave`;
}
