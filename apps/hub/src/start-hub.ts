/** Starts a whole hub in this process: database, schema, queue, HTTP, worker - whatever its role asks for - and stops it again. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { type Config, load } from '@nave/config';
import { type Logger, messageOf } from '@nave/core';
import { prepareQueueBackend } from '@nave/queue';
import { type EmbeddedPostgres, migrate, type ProcessLock, startEmbeddedPostgres, takeProcessLock } from '@nave/store';
import { createLogger } from '@nave/telemetry';
import type { Container } from './container.ts';
import { secretKeyOf } from './secret-key.ts';
import { StartRefused } from './start-refused.ts';
import { tidyHeap } from './tidy-heap.ts';
import { tidyIdleHeap } from './tidy-idle-heap.ts';

export interface RunningHub {
  /** Base URL, without a trailing slash. */
  url: string;
  /** The bootstrap admin key when this start made or was given it; empty when an earlier one did. */
  adminKey: string;
  /** A single-use dashboard sign-in link, made on the first start. */
  signInLink: string | null;
  /** How the database came to run; null when it is an external one. */
  database: EmbeddedPostgres['how'] | null;
  /** Stops accepting, finishes what is under way (30 s at most), closes everything. */
  stop(): Promise<void>;
}

const STOP_PATIENCE_MS = 30_000;

/**
 * @param options.env variables as in `docs/configuration.md`
 * @throws StartRefused when the configuration is wrong, the data directory is taken or the database cannot be had
 */
export async function startHub(options: { env: Readonly<Record<string, string | undefined>>; logger?: Logger }): Promise<RunningHub> {
  const loaded = load(options.env);
  if (!loaded.ok) throw new StartRefused(loaded.problems);
  return startWith(loaded.config, options.logger);
}

export async function startWith(config: Config, given?: Logger): Promise<RunningHub> {
  const logger = given ?? createLogger({ level: config.logLevel, role: config.role });
  const dataDir = resolve(config.dataDir);
  const undo: (() => Promise<void> | void)[] = [];
  const unwind = async () => {
    // Whatever one of them meets, the database is stopped and the lock released in the end.
    for (const step of undo.reverse()) {
      await Promise.resolve()
        .then(step)
        .catch((error: unknown) => logger.error({ reason: messageOf(error) }, 'a step of the stop failed'));
    }
  };
  // The bulk of the code loads while the database starts.
  const code = Promise.all([import('./container.ts'), import('./apply-config-file.ts')]);
  code.catch(() => undefined);
  try {
    const embedded = config.databaseUrl === null ? await startDatabase(dataDir, undo) : null;
    const databaseUrl = embedded?.url ?? config.databaseUrl?.reveal() ?? '';
    await migrate(databaseUrl);
    const redisUrl = config.redisUrls.length === 0 ? null : config.redisUrls.map((url) => url.reveal()).join(',');
    await prepareQueueBackend({ redisUrl, postgresUrl: databaseUrl });
    const port = config.port === 0 ? await freePort(config.host) : config.port;
    const publicUrl =
      config.publicUrl ??
      `${config.tls === null ? 'http' : 'https'}://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`;
    const secretKey = secretKeyOf(config.secretKey?.reveal() ?? null, dataDir);
    const [{ buildContainer }, { applyConfigFile }] = await code;
    const container = await buildContainer(config, { databaseUrl, secretKey, port, publicUrl, logger });
    undo.push(() => container.close());
    await container.registry.reload();
    const first = await container.admin.prepare();
    if (config.configPath !== null) {
      await applyConfigFile(container.admin.deps, config.configPath);
      await container.registry.reload();
    }
    container.registry.watch();
    // The data directory has one hub: what is leased was leased by one that is gone.
    if (embedded !== null) await container.takeBackLeases();
    if (config.role === 'hub') container.watchFlows();
    else {
      undo.push(() => container.worker.stop(STOP_PATIENCE_MS));
      await container.worker.start();
      container.admin.startReplays();
      container.admin.startSorting();
      container.admin.startAlerts();
      undo.push(() => container.poller.stop());
      container.poller.start();
      container.ledger.start();
    }
    if (config.role !== 'worker') await container.dashboard.load();
    await listen(container, config, port);
    undo.push(() => container.app.close());
    undo.push(tidyIdleHeap());
    // Last, and beside everything else: nothing waits for its pages.
    if (config.role !== 'worker') container.dashboard.start();
    undo.push(() => container.dashboard.stop());
    return { url: publicUrl, adminKey: first.adminKey, signInLink: first.signInLink, database: embedded?.how ?? null, stop: once(unwind) };
  } catch (error) {
    await unwind().catch(() => undefined);
    throw error instanceof StartRefused ? error : new StartRefused([startFailure(error)]);
  }
}

async function startDatabase(dataDir: string, undo: (() => Promise<void> | void)[]): Promise<EmbeddedPostgres> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const lock = takeProcessLock(dataDir);
  if (!isLock(lock))
    throw new StartRefused([`Nave already runs on ${dataDir} (process ${lock.heldBy}); stop it or set NAVE_DATA_DIR to another directory`]);
  undo.push(() => lock.release());
  writeFileSync(join(dataDir, '.gitignore'), '*\n');
  const embedded = await startEmbeddedPostgres({ dir: join(dataDir, 'postgres'), database: 'nave' });
  undo.push(() => embedded.stop());
  return embedded;
}

function isLock(lock: ProcessLock | { heldBy: number }): lock is ProcessLock {
  return 'release' in lock;
}

async function listen({ app }: Container, config: Config, port: number): Promise<void> {
  try {
    await app.ready();
    tidyHeap();
    await app.listen({ host: config.host, port });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'EADDRINUSE')
      throw new StartRefused([`Port ${port} on ${config.host} is taken; set NAVE_PORT to another one (0 = a free one)`]);
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      throw new StartRefused([`NAVE_HOST: expected an address of this machine, got ${config.host}`]);
    throw error;
  }
}

function freePort(host: string): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once('error', fail);
    server.listen(0, host, () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address !== null ? done(address.port) : fail(new Error('no port'))));
    });
  });
}

function startFailure(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? ` (${error.cause.message})` : '';
  return `Nave could not start: ${messageOf(error)}${cause}`;
}

function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  return () => {
    running ??= work();
    return running;
  };
}
