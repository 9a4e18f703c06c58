import { rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { buildDashboard } from './build-dashboard.ts';
import { copyingBundler, type DashboardFixture, dashboardFixture, SCRIPT } from './dashboard-fixture.ts';
import { dashboardFolder } from './dashboard-folder.ts';
import { isFresh, sourceStamp } from './source-stamp.ts';

let fixture: DashboardFixture;
beforeEach(async () => {
  fixture = dashboardFixture();
  await buildDashboard(fixture.folder, copyingBundler);
});
afterEach(() => fixture.remove());

it('is fresh after a build, and after anything that changes no content', () => {
  expect(isFresh(fixture.folder)).toBe(true);
  utimesSync(join(fixture.folder.root, 'src/main.tsx'), 1, 1);
  fixture.write('src/main.test.tsx', 'tests are not part of it');
  fixture.write('README.md', 'nor are documents');
  expect(isFresh(fixture.folder)).toBe(true);
});

it.each([
  ['a source of the same length', 'src/main.tsx', SCRIPT.replace('nave', 'evan')],
  ['a new source', 'src/features/new.tsx', ''],
  ['a public file', 'public/robots.txt', 'x'],
  ['the client it is made with', '../../packages/sdk/src/index.ts', 'export const sdk = 2;'],
  ['the versions of what it is made of', '../../pnpm-lock.yaml', 'lockfileVersion: 10'],
  ['the configuration of the build', 'vite.config.ts', 'export default {}'],
])('is no longer fresh after a change of %s', (_what, file, content) => {
  fixture.write(file, content);
  expect(isFresh(fixture.folder)).toBe(false);
});

it('tells a removed file from one that moved', () => {
  fixture.write('src/a.ts', 'x');
  const before = sourceStamp(fixture.folder);
  rmSync(join(fixture.folder.root, 'src/a.ts'));
  fixture.write('src/b.ts', 'x');
  expect(sourceStamp(fixture.folder)).not.toBe(before);
});

it('takes what was built as it is where there are no sources', () => {
  writeFileSync(join(fixture.folder.dist, '.stamp'), 'of another machine');
  expect(isFresh(fixture.folder)).toBe(false);
  rmSync(join(fixture.folder.root, 'index.html'));
  expect(sourceStamp(fixture.folder)).toBeNull();
  expect(isFresh(fixture.folder)).toBe(true);
  rmSync(join(fixture.folder.dist, 'index.html'));
  expect(isFresh(fixture.folder)).toBe(false);
});

it('knows where the dashboard of this checkout is', () => {
  expect(sourceStamp(dashboardFolder())).toMatch(/^[0-9a-f]{64}$/);
});
