/** A hub as an operator starts it: a process in a group of its own, set by environment, seen through HTTP and signals only. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { at } from './json.ts';
import { waitFor } from './wait-for.ts';

export interface HubOptions {
  dataDir: string;
  port: number;
  /** Over the defaults; see contract section 2. */
  env?: Readonly<Record<string, string>>;
  /** Leaves `NAVE_ADMIN_KEY` out. */
  ownKey?: boolean;
  /** Of another checkout. */
  main?: string;
}

export interface Answer {
  status: number;
  headers: Headers;
  /** Parsed JSON, or the text when it is none; null when empty. */
  body: unknown;
  text: string;
}

export interface HubProcess {
  url: string;
  pid: number;
  dataDir: string;
  /** What it printed so far, both streams. */
  output(): string;
  /** An admin call. */
  call(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  /** An admin call that has to succeed; answers its body. */
  api(method: string, path: string, body?: unknown): Promise<unknown>;
  ready(timeoutMs?: number): Promise<void>;
  kill(signal: NodeJS.Signals): void;
  /** To the hub and whatever shares its process group, as a terminal does on Ctrl-C. */
  killGroup(signal: NodeJS.Signals): void;
  exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  running(): boolean;
}

const MAIN = fileURLToPath(new URL('../../../../apps/hub/src/main.js', import.meta.url));
export const ADMIN_KEY = 'e2e-admin-key-0123456789';
const READY_MS = 60_000;
const CALL_MS = 30_000;

/** Starts one; does not wait until it is ready. */
export function spawnHub({ dataDir, port, env = {}, ownKey = false, main = MAIN }: HubOptions): HubProcess {
  const child: ChildProcess = spawn(process.execPath, [main], {
    cwd: dataDir,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'] ?? '',
      NAVE_DATA_DIR: dataDir,
      NAVE_PORT: String(port),
      NAVE_LOG_LEVEL: 'warn',
      ...(ownKey ? {} : { NAVE_ADMIN_KEY: ADMIN_KEY }),
      ...env,
    },
  });
  let output = '';
  const collect = (chunk: Buffer) => {
    output = (output + chunk.toString('utf8')).slice(-200_000);
  };
  child.stdout?.on('data', collect);
  child.stderr?.on('data', collect);
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((done) => {
    child.once('exit', (code, signal) => done({ code, signal }));
  });
  const pid = child.pid ?? 0;
  const url = `http://127.0.0.1:${port}`;
  const running = () => child.exitCode === null && child.signalCode === null;

  async function call(method: string, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const key = ownKey ? readFileSync(join(dataDir, 'admin.key'), 'utf8').trim() : ADMIN_KEY;
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      signal: AbortSignal.timeout(CALL_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return answerOf(response);
  }

  return {
    url,
    pid,
    dataDir,
    output: () => output,
    call,
    async api(method, path, body) {
      const answer = await call(method, path, body);
      if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text.slice(0, 500)}`);
      return answer.body;
    },
    async ready(timeoutMs = READY_MS) {
      await waitFor('the hub becomes ready', timeoutMs, async () => {
        if (!running()) throw new Error(`the hub ended instead of becoming ready: ${output.slice(-2_000)}`);
        // Whatever else answers under this address is no hub.
        return fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) })
          .then(answerOf)
          .then(({ status, body }) => status === 200 && Array.isArray(at(body, 'checks')))
          .catch(() => false);
      });
    },
    kill: (signal) => void child.kill(signal),
    killGroup: (signal) => void process.kill(-pid, signal),
    exited,
    running,
  };
}

/** Starts one and waits until it is ready. */
export async function startHub(options: HubOptions): Promise<HubProcess> {
  const hub = spawnHub(options);
  await hub.ready();
  return hub;
}

/** Kills what is left of it. */
export async function endHub(hub: HubProcess): Promise<void> {
  if (hub.running()) hub.kill('SIGKILL');
  await hub.exited;
}

export async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: parsed(text), text };
}

function parsed(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
