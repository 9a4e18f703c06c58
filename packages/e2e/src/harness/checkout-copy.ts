/** A checkout nobody has started yet: hub and dashboard copied, everything that is installed or not touched linked to this one. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface CheckoutCopy {
  /** What starts its hub. */
  main: string;
  /** Its `apps/dashboard`, not built. */
  dashboard: string;
  remove(): void;
}

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const LINKED = [
  'node_modules',
  'packages',
  'package.json',
  'pnpm-lock.yaml',
  'tsconfig.json',
  'apps/hub/node_modules',
  'apps/dashboard/node_modules',
];
const LEFT_OUT = new Set(['node_modules', 'dist', '.build']);

export function copyCheckout(): CheckoutCopy {
  const dir = mkdtempSync(join(tmpdir(), 'nave-checkout-'));
  mkdirSync(join(dir, 'apps'));
  for (const app of ['hub', 'dashboard'])
    cpSync(join(ROOT, 'apps', app), join(dir, 'apps', app), { recursive: true, filter: (file) => !LEFT_OUT.has(basename(file)) });
  for (const path of LINKED) symlinkSync(join(ROOT, path), join(dir, path));
  return {
    main: join(dir, 'apps/hub/src/main.js'),
    dashboard: join(dir, 'apps/dashboard'),
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}
