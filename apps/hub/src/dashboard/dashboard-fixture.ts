/** A small dashboard with sources in a folder of its own, for tests, and a bundler that only copies. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DashboardFolder, dashboardFolder } from './dashboard-folder.ts';

export interface DashboardFixture {
  folder: DashboardFolder;
  /** Writes a file below `apps/dashboard`. */
  write(file: string, content: string): void;
  remove(): void;
}

const INDEX = '<!doctype html><meta name="csp-nonce" content="__NONCE__"><script type="module" src="/assets/main-1.js"></script>';
export const SCRIPT = 'console.log("nave");\n'.repeat(200);

export function dashboardFixture(): DashboardFixture {
  const top = mkdtempSync(join(tmpdir(), 'nave-dashboard-'));
  const folder = dashboardFolder(join(top, 'apps/dashboard'));
  const write = (file: string, content: string) => {
    mkdirSync(join(folder.root, file, '..'), { recursive: true });
    writeFileSync(join(folder.root, file), content);
  };
  write('index.html', INDEX);
  write('src/main.tsx', SCRIPT);
  write('public/favicon.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>');
  write('../../packages/sdk/src/index.ts', 'export const sdk = 1;');
  write('../../pnpm-lock.yaml', 'lockfileVersion: 9');
  return { folder, write, remove: () => rmSync(top, { recursive: true, force: true }) };
}

/** Does with the fixture what Vite would do. */
export async function copyingBundler(root: string, outDir: string): Promise<void> {
  cpSync(join(root, 'public'), outDir, { recursive: true });
  cpSync(join(root, 'index.html'), join(outDir, 'index.html'));
  cpSync(join(root, 'src/main.tsx'), join(outDir, 'assets/main-1.js'));
}
