/** One hub per data directory: a pid file that a dead process does not hold. */
import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface ProcessLock {
  release(): void;
}

const ROUNDS = 50;
const PAUSE_MS = 10;

/** Takes the lock of a data directory, or answers the pid of the process that has it. */
export function takeProcessLock(dataDir: string): ProcessLock | { heldBy: number } {
  const file = join(dataDir, 'hub.pid');
  const own = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(own, `${process.pid} ${startTimeOf(process.pid) ?? ''}\n`, { mode: 0o600 });
  try {
    for (let round = 0; round < ROUNDS; round++) {
      // The file appears with its content: nobody ever reads it half-written and takes it for a dead process's.
      if (linked(own, file)) return { release: () => release(file) };
      const holder = readHolder(file);
      if (holder !== null && isRunning(holder)) return { heldBy: holder.pid };
      if (!removeStale(own, file)) pause();
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

/**
 * Removes the file of a dead process. Only whoever holds the takeover file may, and looks again first: otherwise two that saw the same dead holder could
 * each remove what the other had just put there. False when another process is at it.
 */
function removeStale(own: string, file: string): boolean {
  const takeover = `${file}.takeover`;
  if (!linked(own, takeover)) {
    const busy = readHolder(takeover);
    // Whoever died within this step leaves its file behind.
    if (busy !== null && !isRunning(busy)) rmSync(takeover, { force: true });
    return false;
  }
  try {
    const holder = readHolder(file);
    if (holder === null || !isRunning(holder)) rmSync(file, { force: true });
    return true;
  } finally {
    rmSync(takeover, { force: true });
  }
}

function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
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
