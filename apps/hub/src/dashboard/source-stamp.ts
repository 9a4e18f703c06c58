/** Whether a built dashboard is that of the sources beside it: a hash over everything that goes into a build, kept with what came out. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { DashboardFolder } from './dashboard-folder.ts';

/** Lies in `dist`; the dot keeps it from being served. */
export const STAMP_FILE = '.stamp';

/** Another number makes every build of before old: raised when what is done after Vite changes. */
const FORMAT = 1;
const SINGLE = ['index.html', 'package.json', 'tsconfig.json', 'vite.config.ts', '../../pnpm-lock.yaml'];
/** Whole folders; the packages are those that the dashboard may import. */
const FOLDERS = ['src', 'public', '../../packages/sdk/src', '../../packages/api-schema/src'];
const IS_TEST = /\.test\.tsx?$/;

/** The stamp of the sources; null where there are none (an image that holds only what was built). */
export function sourceStamp({ root }: DashboardFolder): string | null {
  if (!existsSync(join(root, 'index.html'))) return null;
  const hash = createHash('sha256').update(`format ${FORMAT}\n`);
  const files = [...SINGLE.filter((file) => existsSync(join(root, file))), ...FOLDERS.flatMap((folder) => filesBelow(root, folder))];
  for (const file of files.sort()) {
    const content = readFileSync(join(root, file));
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/** The stamp of what was built; null when nothing was, or not by a hub. */
export function builtStamp({ dist }: DashboardFolder): string | null {
  try {
    return readFileSync(join(dist, STAMP_FILE), 'utf8');
  } catch {
    return null;
  }
}

/** True when what was built can be served as it is. */
export function isFresh(folder: DashboardFolder): boolean {
  if (!existsSync(join(folder.dist, 'index.html'))) return false;
  const sources = sourceStamp(folder);
  return sources === null || sources === builtStamp(folder);
}

function filesBelow(root: string, folder: string): string[] {
  const top = join(root, folder);
  if (!existsSync(top)) return [];
  return readdirSync(top, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !IS_TEST.test(entry.name))
    .map((entry) => `${folder}/${relative(top, join(entry.parentPath, entry.name)).split(sep).join('/')}`);
}
