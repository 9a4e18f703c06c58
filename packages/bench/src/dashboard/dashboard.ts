/** `pnpm bench --dashboard`: first load, live tail and lists of the dashboard, in Chromium, on a hub that has a past. */
import { spawnSync } from 'node:child_process';
import { setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { configure } from '../configure.ts';
import { type BenchHub, startHub } from '../hub.ts';
import { type Load, startLoad } from '../load/start-load.ts';
import { analyzeAll, makeOldRows } from '../old-rows.ts';
import { startSink } from '../start-sink.ts';
import { hasBrowser, startBrowser } from './browser.ts';
import { firstLoad } from './first-load.ts';
import { listTimes } from './list-times.ts';
import { liveTail } from './live-tail.ts';

export interface DashboardOptions {
  /** Loads of each screen. */
  rounds: number;
  /** Of each situation of the live tail. */
  durationMs: number;
  /** Of one more, for memory; 0 = none. */
  longMs: number;
  perSecond: number;
  oldRows: number;
  /** Old rows are spread over these. */
  days: number;
  listCalls: number;
  /** Of `load`, `live`, `lists`, with commas; undefined = all. */
  only: string | undefined;
}

const BUILD = fileURLToPath(new URL('../../../../apps/hub/src/dashboard/build-main.ts', import.meta.url));
const NICE = 10;
const FRESH_MESSAGES = 3_000;
const DRAIN_MS = 60_000;

export async function dashboard(options: DashboardOptions): Promise<void> {
  if (!hasBrowser()) {
    console.error('chromium is not installed, and this benchmark needs it (Debian: apt-get install chromium)');
    process.exitCode = 1;
    return;
  }
  if (spawnSync(process.execPath, [BUILD], { stdio: ['ignore', 'ignore', 'inherit'] }).status !== 0)
    throw new Error('the dashboard does not build');
  const browser = await startBrowser();
  // The reader's machine is another one: what is started from here on leaves the browser the cores of this one.
  setPriority(NICE);
  const sink = await startSink();
  const hub = await startHub({ NAVE_RETENTION: `${options.days + 30}d` });
  const load = await startLoad(hub);
  try {
    await configure(hub, sink.port);
    await sink.drained((await load.closed({ count: FRESH_MESSAGES })).acknowledged, DRAIN_MS);
    await giveItAPast(hub, options);
    await measure(options, hub, load);
  } finally {
    load.stop();
    await browser.close();
    await hub.stop();
    sink.stop();
  }

  async function measure({ only, ...given }: DashboardOptions, on: BenchHub, by: Load): Promise<void> {
    const wanted = only?.split(',') ?? ['load', 'lists', 'live'];
    if (wanted.includes('load')) await firstLoad(browser, on, given.rounds);
    if (wanted.includes('lists')) await listTimes(on, given.listCalls, `answers of the API with ${given.oldRows} old messages`);
    if (wanted.includes('live')) await liveTail({ browser, hub: on, load: by, ...given });
  }
}

async function giveItAPast(hub: BenchHub, { oldRows, days }: DashboardOptions): Promise<void> {
  if (oldRows > 0) await makeOldRows(hub.databaseUrl(), { messages: oldRows, days, pass: 0 }, () => undefined);
  await analyzeAll(hub.databaseUrl());
  console.log(`${oldRows} old messages are there`);
}
