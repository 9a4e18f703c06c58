/** One hub per data directory: a pid file that a dead process does not hold. */
import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface ProcessLock {
  release(): void;
}

/** Takes the lock of a data directory, or answers the pid of the process that has it. */
export function takeProcessLock(dataDir: string): ProcessLock | { heldBy: number } {
  const file = join(dataDir, 'hub.pid');
  const own = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(own, `${process.pid} ${startTimeOf(process.pid) ?? ''}\n`, { mode: 0o600 });
  try {
    for (let round = 0; round < 5; round++) {
      // The file appears with its content: nobody ever reads it half-written and takes it for a dead process's.
      if (linked(own, file)) return { release: () => release(file) };
      const holder = readHolder(file);
      if (holder !== null && isRunning(holder)) return { heldBy: holder.pid };
      setAside(file, `${own}.stale`);
    }
    return { heldBy: readHolder(file)?.pid ?? 0 };
  } finally {
    rmSync(own, { force: true });
  }
}

function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Takes a stale file away. Where another process was faster and this is already its fresh one, it is put back. */
function setAside(file: string, aside: string): void {
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  const taken = readHolder(aside);
  if (taken !== null && isRunning(taken)) linked(aside, file);
  rmSync(aside, { force: true });
}

function release(file: string): void {
  if (readHolder(file)?.pid === process.pid) rmSync(file, { force: true });
}

interface Holder {
  pid: number;
  startTime: string;
}

function readHolder(file: string): Holder | null {
  try {
    const [pid = '', startTime = ''] = readFileSync(file, 'utf8').trim().split(' ');
    return Number.isInteger(Number(pid)) && Number(pid) > 0 ? { pid: Number(pid), startTime } : null;
  } catch {
    return null;
  }
}

function isRunning(holder: Holder): boolean {
  if (!isAlive(holder.pid)) return false;
  const startTime = startTimeOf(holder.pid);
  return startTime === null || holder.startTime === '' || startTime === holder.startTime;
}

/** True when a process with this pid exists, also when it belongs to someone else. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  // A killed child that nobody waited for still has its pid: as good as gone.
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return true;
  }
}

/** The kernel's start time of a process (proc(5), field 22 of stat): tells a reused pid apart. Null where there is no /proc. */
function startTimeOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}
