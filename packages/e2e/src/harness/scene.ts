/** What a fault suite plays in: a directory, a database, hub processes, a receiving system; and the configuration they share. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@nave/store';
import { freePort } from '@nave/testkit';
import { inject } from 'vitest';
import { embeddedDatabaseUrl, embeddedServerPid } from './embedded-database.ts';
import { endHub, type HubProcess, spawnHub } from './hub-process.ts';
import { stillRunning } from './process-tree.ts';
import type { QueueUnderTest } from './queue-backends.ts';
import { type Sink, startSink } from './sink.ts';
import { waitFor } from './wait-for.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Directory of a stopped cluster with a migrated database `nave`. */
    clusterTemplate: string;
  }
}

export interface Scene {
  dir: string;
  sink: Sink;
  /** A hub on this scene's database and queue. Each with `name` keeps its port and directory over restarts. */
  start(name: string, env?: Readonly<Record<string, string>>): Promise<HubProcess>;
  /** The same without waiting until it is ready. */
  spawn(name: string, env?: Readonly<Record<string, string>>): Promise<HubProcess>;
  databaseUrl(): string;
  /** Null where the hub runs its own server. */
  postgres: ExternalPostgres | null;
  close(): Promise<void>;
}

/** A PostgreSQL that the suite keeps, so that it outlives hubs and can be restarted under them; with fsync, as in production. */
export interface ExternalPostgres {
  url: string;
  pid(): number;
  /** `SIGINT` = fast, `SIGQUIT` = immediate shutdown (as if the machine had failed); waits until it is gone. */
  stop(signal: 'SIGINT' | 'SIGQUIT'): Promise<void>;
  /** On the same port. */
  start(): Promise<void>;
}

/** Deliveries that may be under way at once to the shared receiving system. */
export const CONCURRENCY = 32;
const SECRET_KEY = Buffer.alloc(32, 7).toString('base64');

/**
 * @param database `embedded`: each hub brings its own; `external`: one server for all hubs of the scene
 * @param databaseEnv for the external server's process
 */
export async function openScene(
  queue: QueueUnderTest,
  database: 'embedded' | 'external',
  databaseEnv: Readonly<Record<string, string>> = {},
): Promise<Scene> {
  const dir = mkdtempSync(join(tmpdir(), 'nave-fault-'));
  const sink = await startSink();
  const server = join(dir, database === 'external' ? 'server' : 'postgres');
  // With owners: the server may run as another user.
  execFileSync('cp', ['-a', inject('clusterTemplate'), server], { timeout: 30_000 });
  const postgres = database === 'external' ? await startExternal(server, databaseEnv) : null;
  const ports = new Map<string, number>();
  const hubs: HubProcess[] = [];
  await queue.redis()?.command('FLUSHALL');

  async function spawn(name: string, env: Readonly<Record<string, string>> = {}): Promise<HubProcess> {
    const port = ports.get(name) ?? (await freePort());
    ports.set(name, port);
    const external: Record<string, string> =
      postgres === null ? {} : { DATABASE_URL: postgres.url, NAVE_SECRET_KEY: SECRET_KEY, NAVE_EGRESS: '127.0.0.1' };
    const hub = spawnHub({ dataDir: dir, port, env: { ...external, ...queue.env(), ...env } });
    hubs.push(hub);
    return hub;
  }

  return {
    dir,
    sink,
    spawn,
    async start(name, env) {
      const hub = await spawn(name, env);
      await hub.ready();
      return hub;
    },
    databaseUrl: () => postgres?.url ?? embeddedDatabaseUrl(dir),
    postgres,
    async close() {
      const noisy = hubs.map((hub) => hub.output()).filter((text) => /"level":(50|60)/.test(text));
      if (process.env['NAVE_E2E_SHOW_LOGS'] !== undefined) for (const text of noisy) console.log(text.slice(-8_000));
      sink.release();
      await Promise.all(hubs.map(endHub));
      await sink.close();
      await postgres?.stop('SIGINT');
      const orphan = postgres === null ? embeddedServerPid(dir) : null;
      if (orphan !== null) {
        process.kill(orphan, 'SIGINT');
        await waitFor('the orphaned server ends', 60_000, () => stillRunning([orphan]).length === 0);
      }
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function startExternal(dir: string, env: Readonly<Record<string, string>>): Promise<ExternalPostgres> {
  const port = await freePort();
  const launch = () => startEmbeddedPostgres({ dir, database: 'nave', port, env, settings: { max_connections: '200' } });
  let running: EmbeddedPostgres = await launch();
  return {
    url: running.url,
    pid: () => running.pid,
    async stop(signal) {
      const { pid } = running;
      if (stillRunning([pid]).length === 0) return;
      process.kill(pid, signal);
      await waitFor('PostgreSQL ends', 60_000, () => stillRunning([pid]).length === 0);
    },
    async start() {
      running = await launch();
    },
  };
}

/** Spokes and routes that the fault suites share: a sender without a signature, and the sink behind a filter and a mapping. */
export async function configureOrders(hub: HubProcess, sink: Sink, policy: Record<string, unknown> = {}): Promise<void> {
  const inbound = { verify: { scheme: 'none' }, type: 'type', idempotencyKey: 'id' };
  await hub.api('PUT', '/api/v1/spokes/shop', { kind: 'source', inbound });
  await hub.api('PUT', '/api/v1/spokes/erp', {
    kind: 'rest',
    config: { baseUrl: sink.url, operations: { create: { method: 'POST', path: '/invoices' } } },
    policy: {
      concurrency: CONCURRENCY,
      retry: { attempts: 30, base: '200ms', max: '2s', factor: 2 },
      // What keeps a sick spoke back has tests of its own; here all that is broken is broken by the suite.
      breaker: { failures: 10_000 },
      retryBudget: { perMinute: 1_000_000 },
      ...policy,
    },
  });
  await hub.api('PUT', '/api/v1/routes/orders', {
    from: { spoke: 'shop', type: 'order.*' },
    when: 'data.total > 0',
    steps: [{ name: 'invoice', to: 'erp', operation: 'create', input: '{ "number": data.id }' }],
  });
}
