/**
 * A port of the loopback address that is this process's as long as it lives. Asking the kernel for any port and closing it again is not enough: suites in other
 * processes get the same one while a server of ours is starting, or is dead in the middle of a fault, and then talk to each other's servers. Claimed ports lie
 * below those that the kernel gives to connections (ip_local_port_range), and a file says whose they are.
 */
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const FIRST = 20_000;
const COUNT = 12_000;
const TRIES = 500;
const DIR = join(tmpdir(), 'nave-test-ports');
const claimed = new Set<string>();

/** @throws Error when none of many is free */
export async function freePort(): Promise<number> {
  mkdirSync(DIR, { recursive: true });
  for (let tried = 0; tried < TRIES; tried++) {
    const port = FIRST + Math.floor(Math.random() * COUNT);
    if (claim(port) && (await canListen(port))) return port;
  }
  throw new Error(`no free port among ${TRIES} from ${FIRST} on`);
}

/** False when a living process has it; this one too. */
function claim(port: number): boolean {
  const file = join(DIR, String(port));
  try {
    const handle = openSync(file, 'wx');
    writeSync(handle, String(process.pid));
    closeSync(handle);
    if (claimed.size === 0) process.once('exit', giveBack);
    claimed.add(file);
    return true;
  } catch {
    if (isOrphaned(file)) rmSync(file, { force: true });
    return false;
  }
}

function giveBack(): void {
  for (const file of claimed) rmSync(file, { force: true });
}

/** Whoever claimed it was killed. */
function isOrphaned(file: string): boolean {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    // Just made, and not written yet.
    if (pid === 0) return false;
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}

function canListen(port: number): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', () => done(false));
    server.listen(port, '127.0.0.1', () => server.close(() => done(true)));
  });
}
