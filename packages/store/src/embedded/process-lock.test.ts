import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isAlive, type ProcessLock, takeProcessLock } from './process-lock.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'nave-lock-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const file = () => join(dir, 'hub.pid');

function taken(lock: ProcessLock | { heldBy: number }): ProcessLock {
  if (!('release' in lock)) throw new Error(`held by ${lock.heldBy}`);
  return lock;
}

/** Starts a process that lives until it is killed. */
async function otherProcess(): Promise<{ pid: number; kill: () => Promise<void> }> {
  const child = spawn(process.execPath, ['-e', 'process.stdout.write("up"); setInterval(() => {}, 1000)'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    pid: child.pid ?? 0,
    kill: async () => {
      child.kill('SIGKILL');
      await gone;
    },
  };
}

describe('the lock of a data directory', () => {
  it('is taken once, and again after its release', () => {
    const lock = taken(takeProcessLock(dir));
    expect(takeProcessLock(dir)).toEqual({ heldBy: process.pid });
    lock.release();
    taken(takeProcessLock(dir)).release();
    expect(readdirSync(dir)).toEqual([]);
  });

  it('is refused while another process holds it, and taken over when that is dead', async () => {
    const other = await otherProcess();
    writeFileSync(file(), `${other.pid} \n`);
    expect(takeProcessLock(dir)).toEqual({ heldBy: other.pid });
    await other.kill();
    taken(takeProcessLock(dir));
    expect(readFileSync(file(), 'utf8')).toMatch(new RegExp(`^${process.pid} `));
    expect(readdirSync(dir)).toEqual(['hub.pid']);
  });

  it('is taken over from a process that died and whose pid another one has now', async () => {
    const other = await otherProcess();
    writeFileSync(file(), `${other.pid} 1\n`);
    taken(takeProcessLock(dir));
    await other.kill();
  });

  it.each(['', 'nonsense', '-1 5', '0 5', '1.5 2', '\u0000'])('is taken over from the file %j that names no process', (content) => {
    writeFileSync(file(), content);
    taken(takeProcessLock(dir)).release();
  });

  it('is had by exactly one of many that start at once, also over a stale file', async () => {
    const script = `import { takeProcessLock } from ${JSON.stringify(new URL('./process-lock.ts', import.meta.url).href)};
      const go = Number(process.argv[2]); while (Date.now() < go);
      const lock = takeProcessLock(process.argv[1]); process.stdout.write('release' in lock ? 'won' : 'lost ' + lock.heldBy); setInterval(() => {}, 1000);`;
    for (const stale of [false, true]) {
      rmSync(file(), { force: true });
      if (stale) writeFileSync(file(), '999999999 1\n');
      const go = String(Date.now() + 600);
      const children = Array.from({ length: 5 }, () =>
        spawn(process.execPath, ['--input-type=module', '-e', script, dir, go], { stdio: ['ignore', 'pipe', 'inherit'] }),
      );
      const said = await Promise.all(
        children.map((child) => new Promise<string>((resolve) => child.stdout.once('data', (chunk) => resolve(String(chunk))))),
      );
      const winner = children[said.indexOf('won')]?.pid;
      for (const child of children) child.kill('SIGKILL');
      expect(said.filter((word) => word === 'won')).toHaveLength(1);
      expect(new Set(said)).toEqual(new Set(['won', `lost ${winner}`]));
    }
  });

  it('is not taken away by a release that comes too late', () => {
    const lock = taken(takeProcessLock(dir));
    writeFileSync(file(), '1 1\n');
    lock.release();
    expect(readFileSync(file(), 'utf8')).toBe('1 1\n');
  });
});

describe('isAlive', () => {
  it('knows this process, and a killed one', async () => {
    expect(isAlive(process.pid)).toBe(true);
    const other = await otherProcess();
    expect(isAlive(other.pid)).toBe(true);
    await other.kill();
    expect(isAlive(other.pid)).toBe(false);
  });
});
