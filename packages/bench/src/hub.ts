/** A hub as a user starts it, in a process and data directory of its own, set up through its API. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export interface BenchHub {
  host: string;
  port: number;
  pid: number;
  api(method: string, path: string, body?: unknown): Promise<unknown>;
  /** Of its embedded PostgreSQL. */
  databaseUrl(): string;
  stop(): Promise<void>;
}

const MAIN = fileURLToPath(new URL('../../../apps/hub/src/main.ts', import.meta.url));
const KEY = 'bench-admin-key-0123456789';
const READY_MS = 60_000;

/** @param kept a data directory that stays when the hub stops; without one it gets its own, which goes with it */
export async function startHub(port: number, env: Readonly<Record<string, string>>, kept?: string): Promise<BenchHub> {
  const dataDir = kept ?? mkdtempSync(join(tmpdir(), 'nave-bench-'));
  const child: ChildProcess = spawn(process.execPath, [MAIN], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      PATH: process.env['PATH'] ?? '',
      NAVE_DATA_DIR: dataDir,
      NAVE_PORT: String(port),
      NAVE_ADMIN_KEY: KEY,
      NAVE_LOG_LEVEL: 'warn',
      ...env,
    },
  });
  const base = `http://127.0.0.1:${port}`;
  const hub: BenchHub = {
    host: '127.0.0.1',
    port,
    pid: child.pid ?? 0,
    async api(method, path, body) {
      const init = {
        method,
        headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
        signal: AbortSignal.timeout(30_000),
      };
      const response = await fetch(`${base}${path}`, body === undefined ? init : { ...init, body: JSON.stringify(body) });
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
      return text === '' ? null : JSON.parse(text);
    },
    databaseUrl() {
      const read = (file: string) => readFileSync(join(dataDir, 'postgres', file), 'utf8');
      // postmaster.pid: the fourth line is the port.
      const listens = read('data/postmaster.pid').split('\n')[3];
      return `postgresql://nave:${encodeURIComponent(read('password').trim())}@127.0.0.1:${listens}/nave`;
    },
    async stop() {
      const ended = new Promise((done) => child.once('exit', done));
      child.kill('SIGTERM');
      await ended;
      if (kept === undefined) rmSync(dataDir, { recursive: true, force: true });
    },
  };
  const deadline = Date.now() + READY_MS;
  for (;;) {
    const ready = await fetch(`${base}/readyz`, { signal: AbortSignal.timeout(1_000) })
      .then((r) => r.ok)
      .catch(() => false);
    if (ready) return hub;
    if (Date.now() > deadline || child.exitCode !== null) throw new Error('the hub did not become ready');
    await sleep(50);
  }
}

/** The benchmark's spokes and routes: a sender, and a receiving system behind one filter and one mapping. */
export async function configure(hub: BenchHub, sinkPort: number): Promise<void> {
  const inbound = { verify: { scheme: 'none' }, type: 'type', idempotencyKey: 'id' };
  await hub.api('PUT', '/api/v1/spokes/shop', { kind: 'source', inbound });
  await hub.api('PUT', '/api/v1/spokes/quiet', { kind: 'source', inbound });
  await hub.api('PUT', '/api/v1/spokes/sink', {
    kind: 'rest',
    config: { baseUrl: `http://127.0.0.1:${sinkPort}`, operations: { create: { method: 'POST', path: '/invoices' } } },
    policy: { concurrency: 64 },
  });
  await hub.api('PUT', '/api/v1/routes/orders', {
    from: { spoke: 'shop', type: 'order.*' },
    when: 'data.total > 0',
    steps: [
      {
        name: 'invoice',
        to: 'sink',
        operation: 'create',
        input: '{ "number": data.id, "total": data.total, "customer": data.customer, "sentAt": data.sentAt }',
      },
    ],
  });
}
