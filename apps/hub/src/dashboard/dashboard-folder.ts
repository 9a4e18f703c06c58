/** Where the dashboard lies: its sources, and what was built of them. The hub knows it as files only. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface DashboardFolder {
  /** `apps/dashboard`. */
  root: string;
  /** What is served. */
  dist: string;
  /** Builds under way and their lock; on the same file system as `dist`, so that a finished one is moved in by its name alone. */
  work: string;
}

export function dashboardFolder(root = fileURLToPath(new URL('../../../dashboard', import.meta.url))): DashboardFolder {
  return { root, dist: join(root, 'dist'), work: join(root, '.build') };
}
