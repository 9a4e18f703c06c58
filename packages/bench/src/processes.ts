/** Child processes of the benchmark and what they cost: CPU seconds and memory from /proc. */
import { type ChildProcess, fork } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';

/** Starts a file of this package with an IPC channel; resolves with its first message. @param env added to the environment */
export function start(file: string, env: Readonly<Record<string, string>> = {}): Promise<{ child: ChildProcess; first: unknown }> {
  const child = fork(new URL(file, import.meta.url), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], env: { ...process.env, ...env } });
  return new Promise((done, fail) => {
    child.once('message', (first) => done({ child, first }));
    child.once('exit', (code) => fail(new Error(`${file} ended with ${code}`)));
  });
}

/** Sends a message and waits for the answer. @throws Error when the process ends instead */
export function ask(child: ChildProcess, message: string | object): Promise<unknown> {
  return new Promise((done, fail) => {
    const ended = (code: number | null) => fail(new Error(`a process of the benchmark ended with ${code}`));
    child.once('exit', ended);
    child.once('message', (answer) => {
      child.off('exit', ended);
      done(answer);
    });
    child.send(message, (error) => error && fail(error));
  });
}

/** A port that nobody listens on just now. */
export function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address !== null ? done(address.port) : fail(new Error('no port'))));
    });
  });
}

/** proc(5): VmRSS of a process, in MB. */
export function residentMb(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024;
}

/** Looks at the memory of a process again and again. @returns ends it and tells the most that was seen, in MB */
export function watchMemory(pid: number): () => number {
  const LOOK_MS = 100;
  let peak = residentMb(pid);
  const timer = setInterval(() => {
    peak = Math.max(peak, residentMb(pid));
  }, LOOK_MS);
  return () => {
    clearInterval(timer);
    return peak;
  };
}

const TICKS_PER_SECOND = 100;

export interface CpuUse {
  /** The process itself, in seconds so far. */
  own: number;
  /** Everything below it: for a hub, its embedded PostgreSQL. */
  below: number;
}

/** CPU seconds used so far (proc(5): utime and stime of stat; of children that ended too). */
export function cpuUse(pid: number): CpuUse {
  const children = new Map<number, number[]>();
  const used = new Map<number, { own: number; ended: number }>();
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
      const fields = stat
        .slice(stat.lastIndexOf(')') + 2)
        .split(' ')
        .map(Number);
      const seconds = (first: number) => ((fields[first] ?? 0) + (fields[first + 1] ?? 0)) / TICKS_PER_SECOND;
      used.set(Number(entry), { own: seconds(11), ended: seconds(13) });
      const parent = fields[1] ?? 0;
      children.set(parent, [...(children.get(parent) ?? []), Number(entry)]);
    } catch {
      // The process ended while we looked.
    }
  }
  const tree = (id: number): number => (children.get(id) ?? []).reduce((total, child) => total + whole(child) + tree(child), 0);
  const whole = (id: number): number => (used.get(id)?.own ?? 0) + (used.get(id)?.ended ?? 0);
  return { own: used.get(pid)?.own ?? 0, below: tree(pid) };
}
