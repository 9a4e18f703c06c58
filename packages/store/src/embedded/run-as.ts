/**
 * PostgreSQL refuses to run as root. When the hub is root, the server runs as the system user `postgres` (made when missing), as the packages of all
 * distributions do. Where that user cannot pass the directories above data or binaries, `setpriv` lends it the right to.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { HubError } from '@nave/core';

export interface RunAs {
  uid: number;
  gid: number;
  /** Words put before a command so that it starts as that user; empty when spawn's own uid and gid do. */
  prefix: readonly string[];
}

/** The user to run PostgreSQL as, or null when the current one may. */
export function runAs(paths: readonly string[]): RunAs | null {
  if (typeof process.getuid !== 'function' || process.getuid() !== 0) return null;
  const ids = userIds('postgres') ?? createUser();
  if (paths.every(passable)) return { ...ids, prefix: [] };
  const caps = '+dac_override';
  return {
    ...ids,
    prefix: [
      'setpriv',
      `--reuid=${ids.uid}`,
      `--regid=${ids.gid}`,
      '--clear-groups',
      // Without it access(2), by which initdb looks for its programs, forgets what was lent.
      '--securebits=+no_setuid_fixup',
      `--inh-caps=${caps}`,
      `--ambient-caps=${caps}`,
      '--',
    ],
  };
}

function userIds(name: string): { uid: number; gid: number } | null {
  try {
    const id = (flag: string) =>
      Number(execFileSync('id', [flag, name], { stdio: ['ignore', 'pipe', 'ignore'], timeout: 5_000 }).toString());
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    return null;
  }
}

function createUser(): { uid: number; gid: number } {
  try {
    execFileSync('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres'], {
      stdio: 'ignore',
      timeout: 10_000,
    });
  } catch (cause) {
    throw new HubError('store.unavailable', {
      detail: 'PostgreSQL cannot run as root and no user "postgres" could be made; run Nave as another user or set DATABASE_URL',
      cause,
    });
  }
  const ids = userIds('postgres');
  if (ids === null) throw new HubError('store.unavailable', { detail: 'The user "postgres" was made but cannot be looked up' });
  return ids;
}

function passable(path: string): boolean {
  for (let dir = dirname(path); ; dir = dirname(dir)) {
    if (existsSync(dir) && (statSync(dir).mode & 0o001) === 0) return false;
    if (dir === dirname(dir)) return true;
  }
}
