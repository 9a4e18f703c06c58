/** Child processes of the benchmark and what they cost: CPU seconds from /proc, children included. */
import { type ChildProcess, fork } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** Starts a file of this package with an IPC channel; resolves with its first message. */
export function start(file: string): Promise<{ child: ChildProcess; first: unknown }> {
  const child = fork(new URL(file, import.meta.url), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  return new Promise((done, fail) => {
    child.once('message', (first) => done({ child, first }));
    child.once('exit', (code) => fail(new Error(`${file} ended with ${code}`)));
  });
}

/** Sends a message and waits for the answer. */
export function ask(child: ChildProcess, message: string | object): Promise<unknown> {
  return new Promise((done, fail) => {
    child.once('message', done);
    child.send(message, (error) => error && fail(error));
  });
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
