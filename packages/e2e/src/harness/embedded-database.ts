/** The embedded database of a hub, seen from outside: where it listens and which process it is, from the files it keeps. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stillRunning } from './process-tree.ts';

export function embeddedDatabaseUrl(dataDir: string): string {
  const password = readFileSync(join(dataDir, 'postgres', 'password'), 'utf8').trim();
  return `postgres://nave:${encodeURIComponent(password)}@127.0.0.1:${pidFile(dataDir)[3]}/nave`;
}

/** Null when none runs. */
export function embeddedServerPid(dataDir: string): number | null {
  try {
    const pid = Number(pidFile(dataDir)[0]);
    return stillRunning([pid]).length === 1 ? pid : null;
  } catch {
    return null;
  }
}

/** postmaster.pid: line 1 is the pid, line 4 the port. */
function pidFile(dataDir: string): string[] {
  return readFileSync(join(dataDir, 'postgres', 'data', 'postmaster.pid'), 'utf8').split('\n');
}
