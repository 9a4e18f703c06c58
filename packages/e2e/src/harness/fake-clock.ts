/** A wall clock that leaps for the processes that wear it (libfaketime); monotonic clocks go on, as they do when a machine's time is set. */
import { chmodSync, existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withProgram } from './requirement.ts';

export interface FakeClock {
  /** What a process needs to live by this clock. */
  env: Readonly<Record<string, string>>;
  /** Milliseconds ahead of the real time from now on; negative: behind. */
  set(aheadMs: number): void;
  remove(): void;
}

const PLACES = ['x86_64-linux-gnu', 'aarch64-linux-gnu'].map((arch) => `/usr/lib/${arch}/faketime/libfaketime.so.1`);
const INSTALL = 'libfaketime is not installed (Debian: apt-get install faketime)';

function library(): string | undefined {
  return PLACES.find((place) => existsSync(place));
}

/** A suite whose clocks leap. */
export function withFakeClocks(title: string, suite: () => void): void {
  withProgram('faketime', { installed: library() !== undefined, install: INSTALL }, title, suite);
}

/** Starts with the real time. */
export function createFakeClock(): FakeClock {
  const dir = mkdtempSync(join(tmpdir(), 'nave-clock-'));
  // PostgreSQL reads it as another user.
  chmodSync(dir, 0o755);
  const file = join(dir, 'ahead');
  function set(aheadMs: number): void {
    const seconds = aheadMs / 1_000;
    writeFileSync(`${file}.next`, `${seconds < 0 ? '' : '+'}${seconds}\n`, { mode: 0o644 });
    renameSync(`${file}.next`, file);
  }
  set(0);
  return {
    env: {
      LD_PRELOAD: library() ?? '',
      FAKETIME_TIMESTAMP_FILE: file,
      // Without it each process would see the leap up to ten seconds later.
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    },
    set,
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}
