import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { takeBuildLock } from './build-lock.ts';

let dir: string;
let file: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'nave-lock-'));
  file = join(dir, '.build/lock');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** The pid of a process that has ended. */
const deadPid = () => spawnSync(process.execPath, ['-e', '']).pid;

it('has one holder at a time', () => {
  const first = takeBuildLock(file);
  expect(first).not.toBeNull();
  expect(takeBuildLock(file)).toBeNull();
  first?.release();
  expect(existsSync(file)).toBe(false);
  const next = takeBuildLock(file);
  expect(next).not.toBeNull();
  next?.release();
});

it('is not held by a process that died', () => {
  takeBuildLock(file)?.release();
  writeFileSync(file, `${deadPid()} 1 ${hostname()}\n`);
  const taken = takeBuildLock(file);
  expect(taken).not.toBeNull();
  taken?.release();
});

it('is not held by another process that got the same pid later', () => {
  const taken = takeBuildLock(file);
  const [pid, startTime] = readFileSync(file, 'utf8').split(' ');
  taken?.release();
  // Without /proc, processes have no start time to tell them apart by.
  writeFileSync(file, `${pid} ${startTime === '-' ? '-' : '1'} ${hostname()}\n`);
  expect(takeBuildLock(file) !== null).toBe(startTime !== '-');
});

it('is held on another machine as long as that says so', () => {
  takeBuildLock(file)?.release();
  writeFileSync(file, `${deadPid()} 1 elsewhere\n`);
  expect(takeBuildLock(file)).toBeNull();
  const longAgo = new Date(Date.now() - 60_000);
  utimesSync(file, longAgo, longAgo);
  const taken = takeBuildLock(file);
  expect(taken).not.toBeNull();
  taken?.release();
});

it('is not taken from somebody who has only just created it', () => {
  takeBuildLock(file)?.release();
  writeFileSync(file, '');
  expect(takeBuildLock(file)).toBeNull();
});

it('is left to whoever took it over', () => {
  const first = takeBuildLock(file);
  writeFileSync(file, 'another holder\n');
  first?.release();
  expect(readFileSync(file, 'utf8')).toBe('another holder\n');
});
