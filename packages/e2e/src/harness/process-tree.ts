/** Which processes belong to another one (proc(5)), and whether any of them is left. Linux only: elsewhere nothing is found. */
import { readdirSync, readFileSync } from 'node:fs';

/** All processes below `root`, itself included. */
export function processTree(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const entry of processIds()) {
    const parent = Number(statOf(entry)?.[1]);
    children.set(parent, [...(children.get(parent) ?? []), entry]);
  }
  const below = (pid: number): number[] => [pid, ...(children.get(pid) ?? []).flatMap(below)];
  return below(root);
}

/** Of these processes, those that still run (a zombie does not). */
export function stillRunning(pids: readonly number[]): number[] {
  return pids.filter((pid) => {
    const state = statOf(pid)?.[0];
    return state !== undefined && state !== 'Z' && state !== 'X';
  });
}

/** Processes whose command line names `text`. */
export function processesNaming(text: string): number[] {
  return processIds().filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(text);
    } catch {
      return false;
    }
  });
}

function processIds(): number[] {
  try {
    return readdirSync('/proc')
      .filter((entry) => /^\d+$/.test(entry))
      .map(Number);
  } catch {
    return [];
  }
}

/** The fields of /proc/<pid>/stat from the third on: state, parent, ... */
function statOf(pid: number): string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}
