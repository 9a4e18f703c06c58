/** The dashboard of a hub process: loaded where it is built, built first where it is not. */
import { type Logger, messageOf } from '@nave/core';
import type { DashboardFolder } from './dashboard-folder.ts';
import { loadPages, type Pages } from './load-pages.ts';
import { type BuildRun, type BuildRunOptions, runBuild } from './run-build.ts';
import { isFresh } from './source-stamp.ts';

export type DashboardState =
  /** Not there yet: `/` says that it will be. */
  { phase: 'building' } | { phase: 'ready'; pages: Pages } | { phase: 'failed'; reason: string; advice: string };

export interface Dashboard {
  state(): DashboardState;
  /** Loads what is built and up to date; some 50 ms, never throws. */
  load(): Promise<void>;
  /** Starts a build when nothing was loaded; does not wait for it. */
  start(): void;
  /** Ends a build under way. */
  stop(): Promise<void>;
}

export interface DashboardOptions {
  folder: DashboardFolder;
  logger: Logger;
  /** For tests. */
  run?: (options: BuildRunOptions) => BuildRun;
}

const BUILD_MS_MAX = 3 * 60_000;
/** Of what a build printed, kept for the log of a failure. */
const LINES_KEPT = 20;
const LINE_LENGTH_MAX = 500;

export function createDashboard({ folder, logger, run = runBuild }: DashboardOptions): Dashboard {
  let state: DashboardState = { phase: 'building' };
  let building: BuildRun | null = null;
  let stopped = false;

  async function build(): Promise<void> {
    const lines: string[] = [];
    const startedAt = performance.now();
    building = run({
      root: folder.root,
      timeoutMs: BUILD_MS_MAX,
      onLine(line) {
        lines.push(line.slice(0, LINE_LENGTH_MAX));
        if (lines.length > LINES_KEPT) lines.shift();
        logger.debug({ line: line.slice(0, LINE_LENGTH_MAX) }, 'dashboard build');
      },
    });
    const outcome = await building.outcome;
    if (stopped) return;
    if (outcome.how === 'failed') return fail(outcome.reason, outcome.advice, lines);
    state = { phase: 'ready', pages: await loadPages(folder) };
    if (outcome.how === 'built') logger.info({ seconds: Math.round((performance.now() - startedAt) / 100) / 10 }, 'the dashboard is built');
  }

  function fail(reason: string, advice: string, lines: readonly string[] = []): void {
    state = { phase: 'failed', reason, advice };
    logger.error({ reason, advice, ...(lines.length > 0 ? { lines } : {}) }, 'there is no dashboard');
  }

  return {
    state: () => state,
    async load() {
      try {
        if (isFresh(folder)) state = { phase: 'ready', pages: await loadPages(folder) };
      } catch (error) {
        logger.warn({ reason: messageOf(error) }, 'the dashboard cannot be read and is built again');
      }
    },
    start() {
      if (state.phase === 'ready' || stopped) return;
      build().catch((error: unknown) => fail(`The dashboard cannot be read: ${messageOf(error)}`, 'Start the hub again.'));
    },
    async stop() {
      stopped = true;
      await building?.stop();
    },
  };
}
