import { recordingLogger } from '@nave/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { buildDashboard } from './build-dashboard.ts';
import { createDashboard } from './dashboard.ts';
import { copyingBundler, type DashboardFixture, dashboardFixture } from './dashboard-fixture.ts';
import type { BuildRun, BuildRunOptions } from './run-build.ts';

let fixture: DashboardFixture;
beforeEach(() => {
  fixture = dashboardFixture();
});
afterEach(() => fixture.remove());

const phase = (dashboard: ReturnType<typeof createDashboard>) => expect.poll(() => dashboard.state().phase);
const inProcess = ({ onLine }: BuildRunOptions): BuildRun => {
  onLine('building');
  return { outcome: buildDashboard(fixture.folder, copyingBundler), stop: async () => {} };
};
const never = (): BuildRun => {
  throw new Error('nothing is to be built');
};

it('shows what is built at once, and builds nothing then', async () => {
  await buildDashboard(fixture.folder, copyingBundler);
  const dashboard = createDashboard({ folder: fixture.folder, logger: recordingLogger(), run: never });
  await dashboard.load();
  dashboard.start();
  expect(dashboard.state()).toMatchObject({ phase: 'ready' });
  await dashboard.stop();
});

it('builds what is missing while it says so, and then shows it', async () => {
  const logger = recordingLogger();
  const dashboard = createDashboard({ folder: fixture.folder, logger, run: inProcess });
  await dashboard.load();
  dashboard.start();
  expect(dashboard.state()).toEqual({ phase: 'building' });
  await phase(dashboard).toBe('ready');
  expect(logger.lines.map(({ level, message }) => `${level}: ${message}`)).toEqual([
    'debug: dashboard build',
    'info: the dashboard is built',
  ]);
});

it('builds anew what its sources have left behind, and shows nothing old meanwhile', async () => {
  await buildDashboard(fixture.folder, copyingBundler);
  fixture.write('src/main.tsx', 'changed');
  const dashboard = createDashboard({ folder: fixture.folder, logger: recordingLogger(), run: inProcess });
  await dashboard.load();
  expect(dashboard.state()).toEqual({ phase: 'building' });
  dashboard.start();
  await phase(dashboard).toBe('ready');
  const state = dashboard.state();
  expect(state.phase === 'ready' && state.pages.files.get('/assets/main-1.js')?.body.toString()).toBe('changed');
});

it('keeps the reason of a failure, and logs it once with the last lines that were printed', async () => {
  const logger = recordingLogger();
  const run = ({ onLine }: BuildRunOptions): BuildRun => {
    for (let line = 1; line <= 50; line++) onLine(`line ${line}`);
    return { outcome: Promise.resolve({ how: 'failed', reason: 'r', advice: 'a' }), stop: async () => {} };
  };
  const dashboard = createDashboard({ folder: fixture.folder, logger, run });
  dashboard.start();
  await phase(dashboard).toBe('failed');
  expect(dashboard.state()).toEqual({ phase: 'failed', reason: 'r', advice: 'a' });
  const errors = logger.lines.filter(({ level }) => level === 'error');
  expect(errors).toHaveLength(1);
  expect(errors[0]?.fields['lines']).toHaveLength(20);
});

it('ends the build when the hub stops, and says nothing of it', async () => {
  const logger = recordingLogger();
  let end = () => {};
  const outcome = new Promise<{ how: 'failed'; reason: string; advice: string }>((done) => {
    end = () => done({ how: 'failed', reason: 'stopped', advice: '' });
  });
  const dashboard = createDashboard({ folder: fixture.folder, logger, run: () => ({ outcome, stop: async () => end() }) });
  dashboard.start();
  await dashboard.stop();
  await outcome;
  expect(logger.lines).toEqual([]);
  expect(dashboard.state().phase).toBe('building');
});
