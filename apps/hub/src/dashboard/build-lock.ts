/**
 * One build at a time, over processes and containers that share a checkout. It only saves doing the same work twice: builds happen in folders of their own, so
 * that a lock taken from a holder that lives after all does no harm.
 */
import { mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';

export interface BuildLock {
  release(): void;
}

/** The holder says so often that it is alive. */
const BEAT_MS = 1_000;
/** A holder of another machine or container that was silent for so long is gone. */
const SILENT_MS = 30_000;

/**
 * Takes the lock if nobody has it who is alive; null otherwise.
 * @throws the error of the file system where the folder cannot be written
 */
export function takeBuildLock(file: string): BuildLock | null {
  mkdirSync(dirname(file), { recursive: true });
  const own = `${process.pid} ${startTimeOf(process.pid)} ${hostname()}\n`;
  if (!created(file, own)) {
    if (!isAbandoned(file)) return null;
    rmSync(file, { force: true });
    if (!created(file, own)) return null;
  }
  const beat = setInterval(() => {
    try {
      const now = new Date();
      if (isOwn()) utimesSync(file, now, now);
    } catch {
      // Somebody removed it: the build goes on without.
    }
  }, BEAT_MS).unref();
  const isOwn = () => readFileSync(file, 'utf8') === own;
  return {
    release() {
      clearInterval(beat);
      try {
        if (isOwn()) rmSync(file, { force: true });
      } catch {
        // Gone already.
      }
    },
  };
}

function created(file: string, content: string): boolean {
  try {
    writeFileSync(file, content, { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** True when its holder is a process of this machine that is gone, or anybody that was silent for too long. */
function isAbandoned(file: string): boolean {
  try {
    const [pid = '', startTime = '', host = ''] = readFileSync(file, 'utf8').trim().split(' ');
    if (Math.abs(Date.now() - statSync(file).mtimeMs) > SILENT_MS) return true;
    // Created a moment ago and not written yet.
    if (host !== hostname()) return false;
    return !isAlive(Number(pid)) || startTimeOf(Number(pid)) !== startTime;
  } catch (error) {
    return codeOf(error) === 'ENOENT';
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/** The kernel's start time of a process (proc(5), field 22 of stat), or `-`: tells a reused pid apart. */
function startTimeOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state = '', ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A killed process that nobody waited for is as good as gone.
    return state === 'Z' ? '' : (fields[18] ?? '-');
  } catch {
    return '-';
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : null;
}
