/** Node-RED from the registry, for comparison only: never a dependency. Installed once into the temporary directory of this machine. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const DIR = join(tmpdir(), 'nave-bench-node-red');
const INSTALL_MS = 300_000;

/** @returns its start file; null when it cannot be installed */
export function installNodeRed(): string | null {
  const start = join(DIR, 'node_modules', 'node-red', 'red.js');
  if (existsSync(start)) return start;
  mkdirSync(DIR, { recursive: true });
  console.log('installing node-red from the registry');
  const { status } = spawnSync(
    'npm',
    ['install', '--prefix', DIR, '--ignore-scripts', '--no-audit', '--no-fund', '--no-save', 'node-red'],
    {
      ...{ stdio: 'ignore', cwd: DIR, timeout: INSTALL_MS },
    },
  );
  if (status === 0 && existsSync(start)) return start;
  console.log('node-red cannot be installed: its case is left out');
  return null;
}
