/** The embedded PostgreSQL: a real server from the registry package, in the data directory, on a free loopback port. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { basename, dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HubError } from '@nave/core';
import pg from 'pg';
import { postgresBinaries } from './binaries.ts';
import { isAlive } from './process-lock.ts';
import { type RunAs, runAs } from './run-as.ts';

export interface EmbeddedPostgresOptions {
  /** Directory of the cluster; made when missing. */
  dir: string;
  /** Name of the database made for the hub. */
  database: string;
  /** Settings given as `-c name=value`, over the defaults. */
  settings?: Readonly<Record<string, string>>;
  /** Where a server started now listens; a free port when absent. */
  port?: number;
  /** Added to the environment of the server that is started now. */
  env?: Readonly<Record<string, string>>;
}

export interface EmbeddedPostgres {
  url: string;
  port: number;
  pid: number;
  /** How it came to run: initialised, started, or taken over from a hub that was killed. */
  how: 'created' | 'started' | 'adopted';
  /** Fast shutdown: open transactions are rolled back, everything committed is on disk. */
  stop(): Promise<void>;
}

const USER = 'nave';
const START_TIMEOUT_MS = 30_000;

/**
 * A new file of the log is filled with zeros and synced while everything that commits waits. At 16 MB, the default, that is 20 to 60 ms every 4,000 small messages; at
 * 2 MB an eighth of that, eight times as often. Holds for clusters made since; docs/performance.md.
 */
const WAL_SEGMENT_MB = 2;

const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '100',
  // Until a new page is written from here, the zeros by which its table grew lie in the kernel's memory. It writes them in one go every half minute, and
  // commits wait meanwhile. What is read often the kernel keeps in memory as well.
  shared_buffers: '32MB',
  max_wal_size: '2GB',
  // Files of the log that are used again need not be made; enough of them for a crowd of 60,000 small messages.
  min_wal_size: '256MB',
  // By itself no larger than one file of the log.
  wal_buffers: '4MB',
  jit: 'off',
  logging_collector: 'off',
  log_min_messages: 'warning',
};

/**
 * Starts the cluster in `dir`, creating it on first use; a server left behind by a killed hub is adopted.
 * The server runs in a session of its own, so a signal to the hub's process group does not reach it before the hub is done.
 * @throws HubError `store.unavailable` with the server's last words
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const dir = resolve(options.dir);
  const binaries = await postgresBinaries();
  const user = runAs([join(dir, 'data'), binaries.postgres]);
  mkdirSync(dir, { recursive: true });
  const passwordFile = join(dir, 'password');
  const data = join(dir, 'data');
  const log = join(dir, 'postgres.log');
  const fresh = !existsSync(join(data, 'PG_VERSION'));
  if (fresh) await initialise(binaries.initdb, data, passwordFile, user);
  const password = readFileSync(passwordFile, 'utf8').trim();
  const baseOf = (port: number) => `postgres://${USER}:${encodeURIComponent(password)}@127.0.0.1:${port}`;
  const found = fresh ? null : runningServer(data);
  // A server that was told to stop by a hub that is gone ends while we wait for it: then there is none to adopt.
  const running = found !== null && (await answers(`${baseOf(found.port)}/postgres`, found.pid)) ? found : null;
  if (running === null && found !== null && isAlive(found.pid)) {
    throw new HubError('store.unavailable', {
      detail: `The PostgreSQL of this data directory (process ${found.pid}) runs but does not answer; wait for it or stop it`,
    });
  }
  const server = running ?? (await launch(binaries.postgres, data, log, user, options));
  const base = baseOf(server.port);
  if (running === null) await ready(`${base}/postgres`, server.pid, log);
  await ensureDatabase(`${base}/postgres`, options.database);
  return {
    url: `${base}/${options.database}`,
    port: server.port,
    pid: server.pid,
    how: fresh ? 'created' : running === null ? 'started' : 'adopted',
    stop: () => stopServer(server.pid),
  };
}

/** Makes the cluster beside its place and moves it there when it is whole: initdb writes PG_VERSION first, so a killed one would look finished. */
async function initialise(initdb: string, place: string, passwordFile: string, user: RunAs | null): Promise<void> {
  rmSync(place, { recursive: true, force: true });
  const data = `${place}.${randomBytes(4).toString('hex')}.new`;
  mkdirSync(data, { recursive: true, mode: 0o700 });
  writeFileSync(passwordFile, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 });
  chmodSync(passwordFile, 0o600);
  if (user !== null) {
    chownSync(data, user.uid, user.gid);
    chownSync(passwordFile, user.uid, user.gid);
  }
  const args = [
    `--pgdata=${data}`,
    `--username=${USER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--no-sync',
    `--wal-segsize=${WAL_SEGMENT_MB}`,
  ];
  const { code, output } = await run(initdb, args, user);
  if (code !== 0) {
    rmSync(data, { recursive: true, force: true });
    throw new HubError('store.unavailable', { detail: `The embedded PostgreSQL could not be initialised: ${lastLine(output)}` });
  }
  renameSync(data, place);
  removeUnfinished(place);
}

/** Clusters of first starts that were killed in the middle. */
function removeUnfinished(place: string): void {
  for (const name of readdirSync(dirname(place))) {
    if (!name.startsWith(`${basename(place)}.`) || !name.endsWith('.new')) continue;
    try {
      rmSync(join(dirname(place), name), { recursive: true, force: true });
    } catch {
      // An initdb that outlived its hub may still write into it.
    }
  }
}

function run(command: string, args: readonly string[], user: RunAs | null): Promise<{ code: number | null; output: string }> {
  return new Promise((done) => {
    const child = start(command, args, user, 'pipe', false);
    let output = '';
    const collect = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-4_000);
    };
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    child.on('error', (error) => done({ code: 1, output: error.message }));
    child.on('close', (code) => done({ code, output }));
  });
}

function start(
  command: string,
  args: readonly string[],
  user: RunAs | null,
  io: 'pipe' | number,
  detached: boolean,
  env: EmbeddedPostgresOptions['env'] = {},
) {
  const [file, ...rest] = [...(user?.prefix ?? []), command, ...args];
  const ids = user !== null && user.prefix.length === 0 ? { uid: user.uid, gid: user.gid } : {};
  const stdio: ['ignore', 'pipe' | number, 'pipe' | number] = ['ignore', io, io];
  return spawn(file ?? command, rest, {
    ...ids,
    stdio,
    detached,
    cwd: '/',
    env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C', TZ: 'UTC', ...env },
  });
}

async function launch(postgres: string, data: string, log: string, user: RunAs | null, options: EmbeddedPostgresOptions) {
  rmSync(join(data, 'postmaster.pid'), { force: true });
  const port = options.port ?? (await freePort());
  const flags = Object.entries({ ...SETTINGS, ...options.settings, port: String(port) }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  const out = openSync(log, 'w', 0o600);
  const child = start(postgres, ['-D', data, ...flags], user, out, true, options.env);
  closeSync(out);
  child.on('error', () => undefined);
  child.unref();
  if (child.pid === undefined)
    throw new HubError('store.unavailable', { detail: `The embedded PostgreSQL could not be started: ${postgres} cannot run` });
  return { pid: child.pid, port };
}

/** The server that holds this cluster, from the file it keeps (postmaster.pid: line 1 pid, line 4 port). */
function runningServer(data: string): { pid: number; port: number } | null {
  try {
    const lines = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
    const pid = Number(lines[0]);
    const port = Number(lines[3]);
    return pid > 0 && port > 0 && isAlive(pid) && isServerOf(pid, data) ? { pid, port } : null;
  } catch {
    return null;
  }
}

/** A pid that was reused may be anything, also the server of another data directory; a server works in its own. Without /proc the pid has to do. */
function isServerOf(pid: number, data: string): boolean {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(data);
  } catch {
    return true;
  }
}

/** @throws HubError `store.unavailable` with the server's last words */
async function ready(url: string, pid: number, log: string): Promise<void> {
  if (await answers(url, pid)) return;
  const words = existsSync(log) ? lastLine(readFileSync(log, 'utf8')) : '';
  throw new HubError('store.unavailable', { detail: `The embedded PostgreSQL ${isAlive(pid) ? 'does not answer' : 'ended'}: ${words}` });
}

/** Waits until the server answers; false when it ends, or does not answer in time. */
async function answers(url: string, pid: number): Promise<boolean> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query('SELECT 1');
      return true;
    } catch {
      if (!isAlive(pid) || Date.now() > deadline) return false;
      await sleep(15);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

async function ensureDatabase(url: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 30_000 });
  await client.connect();
  try {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}

async function stopServer(pid: number): Promise<void> {
  for (const [signal, patienceMs] of [
    ['SIGINT', 20_000],
    ['SIGQUIT', 5_000],
  ] as const) {
    if (!isAlive(pid)) return;
    try {
      process.kill(pid, signal);
    } catch {
      // Ended between the look and the signal.
      return;
    }
    const deadline = Date.now() + patienceMs;
    while (isAlive(pid) && Date.now() < deadline) await sleep(10);
  }
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address !== null ? done(address.port) : fail(new Error('no port'))));
    });
  });
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
