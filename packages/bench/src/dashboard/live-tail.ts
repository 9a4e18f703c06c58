/** What the list of messages costs its reader while many arrive: updates, long tasks, memory. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, CDPSession, Page } from 'playwright-core';
import type { BenchHub } from '../hub.ts';
import type { Load } from '../load/start-load.ts';
import { percentiles } from '../percentiles.ts';
import { type Line, printLines } from '../table.ts';
import { newPage, signIn } from './browser.ts';
import { type Probed, takeProbed } from './page-probe.ts';
import { taskTimes } from './task-times.ts';

export interface LiveTailOptions {
  browser: Browser;
  hub: BenchHub;
  load: Load;
  /** Messages. */
  perSecond: number;
  durationMs: number;
  /** Of one more run at the top, for memory; 0 = none. */
  longMs: number;
}

const UPDATES_MAX = 10;
const LONG_TASK_MS = 50;
/** How much more the heap may hold at the end than when a list was full for the first time. */
const HEAP_TIMES_MAX = 1.2;
/** Until the list is there and its first messages came. */
const WARM_MS = 3_000;
/** Looks that are compared. */
const SEEN = 3;
const MINUTE_MS = 60_000;
const MB = 1_000_000;
const ROW = '[role="row"][data-index]';

const SITUATIONS: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  'at the top': async () => undefined,
  'scrolled down': async (page) => {
    await page.hover(ROW);
    await page.mouse.wheel(0, 1_000);
  },
  'a message open beside it': async (page) => {
    await page.click(`${ROW} a`);
    await page.waitForURL('**/messages/*');
  },
};

export async function liveTail(options: LiveTailOptions): Promise<void> {
  const { perSecond, durationMs, longMs } = options;
  for (const [name, go] of Object.entries(SITUATIONS)) {
    await onList(options, durationMs, async (page, cdp) => {
      await go(page);
      await sleep(WARM_MS);
      const before = await memoryOf(cdp);
      const computing = taskTimes(options.browser, page);
      await computing.start();
      await takeProbed(page);
      const startedAt = performance.now();
      await sleep(durationMs);
      const seconds = (performance.now() - startedAt) / 1_000;
      const probed = await takeProbed(page);
      printLines(`live, ${perSecond} messages a second for ${Math.round(seconds)} s, ${name}`, [
        ...linesOf(probed, await computing.stop(), seconds),
        ...memoryLines(before, await memoryOf(cdp), seconds),
      ]);
    });
  }
  if (longMs > 0) await onList(options, longMs, (page, cdp) => watchMemory(page, cdp, longMs));
}

/** A page of its own, with messages coming all the while. */
async function onList(
  { browser, hub, load, perSecond }: LiveTailOptions,
  durationMs: number,
  work: (page: Page, cdp: CDPSession) => Promise<void>,
): Promise<void> {
  const context = await signIn(browser, hub);
  try {
    const { page, cdp } = await newPage(context);
    await page.goto('/messages?live=1');
    await page.waitForSelector(ROW);
    const sent = load.open({ stages: [{ perSecond, durationMs: durationMs + 3 * WARM_MS }] });
    await sleep(WARM_MS);
    await work(page, cdp);
    const { acknowledged, seconds } = await sent;
    console.log(`${(acknowledged / seconds).toFixed(0)} messages a second were taken by the hub`);
  } finally {
    await context.close();
  }
}

function linesOf({ longTasks, updates, events }: Probed, computing: number[], seconds: number): Line[] {
  const first = updates[0] ?? 0;
  const bySecond = new Map<number, number>();
  for (const at of updates) {
    const second = Math.floor((at - first) / 1_000);
    bySecond.set(second, (bySecond.get(second) ?? 0) + 1);
  }
  const each = percentiles([...bySecond.values()]);
  const cpu = percentiles(computing);
  const tasks = percentiles(longTasks.map(([, duration]) => duration));
  const perSecond = (kind: string) => `${Math.round((events[kind] ?? 0) / seconds)}/s`;
  return [
    { what: 'events that came: messages, deliveries', measured: `${perSecond('message')}, ${perSecond('delivery')}` },
    { what: 'updates of the page in a second: middle', measured: String(each.p50) },
    {
      what: 'updates of the page in a second: most',
      measured: String(each.max),
      wanted: `<= ${UPDATES_MAX}`,
      met: each.max <= UPDATES_MAX,
    },
    {
      what: 'longest task of the main thread, its own computing',
      measured: `${cpu.max.toFixed(0)} ms (p99 of ${computing.length}: ${cpu.p99.toFixed(1)} ms)`,
      wanted: `< ${LONG_TASK_MS} ms`,
      met: cpu.max < LONG_TASK_MS,
    },
    {
      what: 'longest task with the time that others had the machine',
      measured: longTasks.length === 0 ? `below ${LONG_TASK_MS} ms` : `${tasks.max.toFixed(0)} ms`,
      wanted: `< ${LONG_TASK_MS} ms`,
      met: longTasks.length === 0,
    },
    {
      what: `such tasks of ${LONG_TASK_MS} ms or more`,
      measured: longTasks.length === 0 ? 'none' : `${longTasks.length}, p50 ${tasks.p50.toFixed(0)} ms, p95 ${tasks.p95.toFixed(0)} ms`,
    },
  ];
}

interface Memory {
  heapMb: number;
  nodes: number;
  /** Seconds that the main thread was busy so far. */
  busySeconds: number;
}

/** After collecting garbage, which takes a while: not while tasks are counted. */
async function memoryOf(cdp: CDPSession): Promise<Memory> {
  await cdp.send('HeapProfiler.collectGarbage');
  const { metrics } = await cdp.send('Performance.getMetrics');
  const of = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
  return { heapMb: of('JSHeapUsedSize') / MB, nodes: of('Nodes'), busySeconds: of('TaskDuration') };
}

function memoryLines(before: Memory, after: Memory, seconds: number): Line[] {
  return [
    {
      what: 'share of time that the main thread was busy',
      measured: `${(((after.busySeconds - before.busySeconds) / seconds) * 100).toFixed(0)} %`,
    },
    { what: 'JavaScript heap before, after', measured: `${before.heapMb.toFixed(1)}, ${after.heapMb.toFixed(1)} MB` },
    { what: 'nodes of the document before, after', measured: `${before.nodes}, ${after.nodes}` },
  ];
}

async function watchMemory(page: Page, cdp: CDPSession, longMs: number): Promise<void> {
  const seen: Memory[] = [];
  const minutes = Math.round(longMs / MINUTE_MS);
  for (let minute = 1; minute <= minutes; minute++) {
    await sleep(MINUTE_MS);
    const now = await memoryOf(cdp);
    await takeProbed(page);
    seen.push(now);
    console.log(`${minute} of ${minutes} minutes: heap ${now.heapMb.toFixed(1)} MB, ${now.nodes} nodes`);
  }
  // The least of some: rows that were just replaced may still be there.
  const least = (some: readonly Memory[], of: (memory: Memory) => number) => Math.min(...some.map(of));
  const times = (what: string, of: (memory: Memory) => number): Line => {
    const grown = least(seen.slice(-SEEN), of) / least(seen.slice(0, SEEN), of);
    return { what, measured: `${grown.toFixed(2)} times`, wanted: `<= ${HEAP_TIMES_MAX} times`, met: grown <= HEAP_TIMES_MAX };
  };
  printLines(`memory at the end of ${minutes} minutes / at the beginning`, [
    times('JavaScript heap', ({ heapMb }) => heapMb),
    times('nodes of the document', ({ nodes }) => nodes),
  ]);
}
