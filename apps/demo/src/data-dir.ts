/** What the demo keeps in its data directory between runs: the admin key, the number of the run, and variables for the command line. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface DemoDataDir {
  /** The same on every start, so that `nave` on the command line keeps working. */
  adminKey: string;
  /** From 1. */
  run: number;
  /** Writes `NAME=value` lines that a shell can take in; readable for the owner alone. Gives its path. */
  writeVariables(variables: Readonly<Record<string, string>>): string;
}

/** @throws when the directory cannot be written */
export function openDataDir(dir: string): DemoDataDir {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const keyPath = join(dir, 'admin.key');
  const adminKey = readText(keyPath) ?? `demo-${randomBytes(24).toString('base64url')}`;
  writeFileSync(keyPath, `${adminKey}\n`, { mode: 0o600 });
  const runPath = join(dir, 'demo-run');
  const run = (Number.parseInt(readText(runPath) ?? '0', 10) || 0) + 1;
  writeFileSync(runPath, `${run}\n`);
  return {
    adminKey,
    run,
    writeVariables(variables) {
      const path = join(dir, 'demo.env');
      const lines = Object.entries(variables).map(([name, value]) => `${name}='${value.replaceAll("'", `'\\''`)}'\n`);
      writeFileSync(path, lines.join(''), { mode: 0o600 });
      return path;
    },
  };
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim() || null;
  } catch {
    return null;
  }
}
