/** Builds the dashboard before any suite starts a hub: each of them would otherwise begin to, while tests of others run. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const BUILD = fileURLToPath(new URL('./apps/hub/src/dashboard/build-main.ts', import.meta.url));

/** @throws Error when it cannot be built */
export async function buildDashboard(): Promise<void> {
  const child = spawn(process.execPath, [BUILD], { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error('the dashboard does not build');
}
