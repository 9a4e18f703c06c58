/** Runs the Vite of the dashboard: the one that is installed for it, which the hub itself does not depend on. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Vite or a package of the dashboard is not installed. */
export class NotInstalled extends Error {}

/**
 * Builds the sources below `root` into `outDir`, by the dashboard's own configuration.
 * @throws NotInstalled without Vite; what Vite throws for sources that cannot be built
 */
export async function runVite(root: string, outDir: string): Promise<void> {
  const vite: unknown = await import(pathToFileURL(entryOf(root)).href);
  const build: unknown = typeof vite === 'object' && vite !== null && 'build' in vite ? vite.build : null;
  if (typeof build !== 'function') throw new NotInstalled('the installed vite has no build()');
  // Plugins look around where they are run.
  process.chdir(root);
  await Reflect.apply(build, null, [{ root, mode: 'production', clearScreen: false, build: { outDir, emptyOutDir: true } }]);
}

function entryOf(root: string): string {
  try {
    return createRequire(join(root, 'package.json')).resolve('vite');
  } catch {
    throw new NotInstalled('vite is not installed for the dashboard');
  }
}
