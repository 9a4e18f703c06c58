/** Builds the dashboard, unless it is built: beside what is served, and moved in when all of it is there. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { type BuildLock, takeBuildLock } from './build-lock.ts';
import type { BuildOutcome } from './build-outcome.ts';
import { compressFiles } from './compress-files.ts';
import type { DashboardFolder } from './dashboard-folder.ts';
import { NotInstalled, runVite } from './run-vite.ts';
import { isFresh, STAMP_FILE, sourceStamp } from './source-stamp.ts';

const LOCK = 'lock';
const WAIT_MS = 200;
const REASON_LENGTH_MAX = 300;
/** What Vite puts above the errors themselves. */
const HEADING = /^Build failed with \d+ errors?:$/;
const MISSING: BuildOutcome = {
  how: 'failed',
  reason: 'The dashboard is not part of this installation.',
  advice: 'Install Nave whole: the sources in apps/dashboard are missing.',
};

/** Gives what became of it; never throws. Waits while another process builds the same, and then has nothing left to do. */
export async function buildDashboard(folder: DashboardFolder, bundle: typeof runVite = runVite): Promise<BuildOutcome> {
  let lock: BuildLock | null = null;
  try {
    for (;;) {
      if (isFresh(folder)) return { how: 'fresh' };
      if (sourceStamp(folder) === null) return MISSING;
      lock = takeBuildLock(join(folder.work, LOCK));
      if (lock !== null) break;
      await sleep(WAIT_MS);
    }
    // It may have been finished between the look and the lock.
    if (isFresh(folder)) return { how: 'fresh' };
    return await build(folder, bundle);
  } catch (error) {
    return failure(error, folder);
  } finally {
    lock?.release();
  }
}

async function build(folder: DashboardFolder, bundle: typeof runVite): Promise<BuildOutcome> {
  // Before Vite reads them: what changes meanwhile makes the next start build again.
  const stamp = sourceStamp(folder);
  if (stamp === null) return MISSING;
  for (const left of readdirSync(folder.work)) if (left !== LOCK) rmSync(join(folder.work, left), { recursive: true, force: true });
  const own = join(folder.work, `${process.pid}-${randomBytes(4).toString('hex')}`);
  const [next, before] = [join(own, 'next'), join(own, 'before')];
  mkdirSync(own);
  try {
    await bundle(folder.root, next);
    await compressFiles(next);
    writeFileSync(join(next, STAMP_FILE), stamp);
    if (existsSync(folder.dist)) renameSync(folder.dist, before);
    renameSync(next, folder.dist);
    return { how: 'built' };
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
}

function failure(error: unknown, { root }: DashboardFolder): BuildOutcome {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (error instanceof NotInstalled)
    return { how: 'failed', reason: `${error.message}.`, advice: 'Run "npx pnpm@12 install" in the checkout and start the hub again.' };
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM')
    return {
      how: 'failed',
      reason: `The dashboard is not built, and the hub may not write to apps/dashboard (${code}).`,
      advice: 'Build it where that folder can be written: node apps/hub/src/dashboard/build-main.ts',
    };
  const text = stripVTControlCharacters(error instanceof Error ? error.message : String(error)).replaceAll(root, 'apps/dashboard');
  const [line = 'unknown'] = text.split('\n').filter((each) => each.trim() !== '' && !HEADING.test(each));
  return {
    how: 'failed',
    reason: `Vite could not build the dashboard: ${line.trim().slice(0, REASON_LENGTH_MAX)}`,
    advice: 'The log of the hub has the whole message. Mend the sources in apps/dashboard, or install again, and start the hub again.',
  };
}
