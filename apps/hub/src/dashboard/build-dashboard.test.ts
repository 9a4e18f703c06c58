import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { buildDashboard } from './build-dashboard.ts';
import { copyingBundler, type DashboardFixture, dashboardFixture, SCRIPT } from './dashboard-fixture.ts';
import { NotInstalled } from './run-vite.ts';

let fixture: DashboardFixture;
beforeEach(() => {
  fixture = dashboardFixture();
});
afterEach(() => fixture.remove());

const built = (file: string) => readFileSync(join(fixture.folder.dist, file));
const broken = (message: string, code?: string) => async () => {
  throw Object.assign(new Error(message), code === undefined ? {} : { code });
};

it('builds once, compresses what gains by it, and leaves nothing else behind', async () => {
  expect(await buildDashboard(fixture.folder, copyingBundler)).toEqual({ how: 'built' });
  expect(brotliDecompressSync(built('assets/main-1.js.br')).toString()).toBe(SCRIPT);
  expect(gunzipSync(built('assets/main-1.js.gz')).toString()).toBe(SCRIPT);
  expect(readdirSync(fixture.folder.dist).sort()).toEqual(['.stamp', 'assets', 'favicon.svg', 'index.html']);
  expect(readdirSync(fixture.folder.work)).toEqual([]);
  expect(await buildDashboard(fixture.folder, broken('not asked'))).toEqual({ how: 'fresh' });
});

it('replaces what older sources gave, whole', async () => {
  await buildDashboard(fixture.folder, copyingBundler);
  writeFileSync(join(fixture.folder.dist, 'assets/old-1.js'), 'old');
  fixture.write('src/main.tsx', 'changed');
  expect(await buildDashboard(fixture.folder, copyingBundler)).toEqual({ how: 'built' });
  expect(built('assets/main-1.js').toString()).toBe('changed');
  expect(existsSync(join(fixture.folder.dist, 'assets/old-1.js'))).toBe(false);
});

it('builds once for two that start at the same moment', async () => {
  let builds = 0;
  const counting: typeof copyingBundler = async (root, outDir) => {
    builds += 1;
    await copyingBundler(root, outDir);
  };
  const both = await Promise.all([buildDashboard(fixture.folder, counting), buildDashboard(fixture.folder, counting)]);
  expect(both.map(({ how }) => how).sort()).toEqual(['built', 'fresh']);
  expect(builds).toBe(1);
});

it('touches nothing that is served when the build fails, and says why in one line', async () => {
  await buildDashboard(fixture.folder, copyingBundler);
  fixture.write('src/main.tsx', 'broken');
  const message = `Build failed with 1 error:\n\n\u001b[31mUnexpected token\u001b[0m in ${fixture.folder.root}/src/main.tsx:3\n  3 | broken`;
  const outcome = await buildDashboard(fixture.folder, broken(message));
  expect(outcome).toMatchObject({
    how: 'failed',
    reason: 'Vite could not build the dashboard: Unexpected token in apps/dashboard/src/main.tsx:3',
  });
  expect(built('assets/main-1.js').toString()).toBe(SCRIPT);
  expect(readdirSync(fixture.folder.work)).toEqual([]);
});

it('removes what a killed build left, and builds although that one held the lock', async () => {
  mkdirSync(join(fixture.folder.work, '999999-left/next'), { recursive: true });
  // Larger than any pid there is.
  writeFileSync(join(fixture.folder.work, 'lock'), `4194305 1 ${hostname()}\n`);
  expect(await buildDashboard(fixture.folder, copyingBundler)).toEqual({ how: 'built' });
  expect(readdirSync(fixture.folder.work)).toEqual([]);
});

it('says what to do without Vite, without the right to write, and without sources', async () => {
  const withoutVite = async () => {
    throw new NotInstalled('vite is not installed for the dashboard');
  };
  expect(await buildDashboard(fixture.folder, withoutVite)).toMatchObject({
    reason: 'vite is not installed for the dashboard.',
    advice: expect.stringContaining('npx pnpm@12 install'),
  });
  expect(await buildDashboard(fixture.folder, broken('read-only', 'EROFS'))).toMatchObject({
    reason: expect.stringContaining('may not write to apps/dashboard (EROFS)'),
    advice: expect.stringContaining('build-main.ts'),
  });
  rmSync(fixture.folder.root, { recursive: true });
  expect(await buildDashboard(fixture.folder, copyingBundler)).toMatchObject({ reason: expect.stringContaining('not part of this') });
  expect(existsSync(fixture.folder.root)).toBe(false);
});
