/** How long the dashboard takes to be there for somebody who opens it, and how much JavaScript that needs. */
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { Browser, BrowserContext, Response } from 'playwright-core';
import type { BenchHub } from '../hub.ts';
import { spreadOf } from '../spread.ts';
import { atMost, type Line, printLines } from '../table.ts';
import { newPage, signIn } from './browser.ts';
import { takeProbed } from './page-probe.ts';

const SCREENS = ['/', '/messages'] as const;
const SCRIPT_KB = 250;
const INTERACTIVE_MS = 1_000;
/** The main thread is quiet when nothing long begins for this time. */
const QUIET_MS = 500;
const LOOK_MS = 50;
const SHOWN_MS = 60_000;

interface Load {
  scriptKb: number;
  interactiveMs: number;
}

/** @param rounds loads of each screen, with an empty cache and with a full one */
export async function firstLoad(browser: Browser, hub: BenchHub, rounds: number): Promise<void> {
  const lines: Line[] = [];
  for (const path of SCREENS) {
    const cold: Load[] = [];
    const warm: Load[] = [];
    for (let round = 0; round < rounds; round++) {
      const context = await signIn(browser, hub);
      cold.push(await load(context, path));
      warm.push(await load(context, path));
      await context.close();
    }
    const interactive = (loads: readonly Load[]) => spreadOf(loads.map(({ interactiveMs }) => interactiveMs));
    lines.push(
      atMost(`${path}: JavaScript, gzip`, spreadOf(cold.map(({ scriptKb }) => scriptKb)), SCRIPT_KB, ' KB', 0),
      atMost(`${path}: interactive, empty cache`, interactive(cold), INTERACTIVE_MS, ' ms', 0),
      atMost(`${path}: interactive, full cache`, interactive(warm), INTERACTIVE_MS, ' ms', 0),
    );
  }
  printLines('first load, signed in', lines);
}

async function load(context: BrowserContext, path: string): Promise<Load> {
  const { page } = await newPage(context);
  const scripts: Response[] = [];
  page.on('response', (response) => {
    if (response.request().resourceType() === 'script') scripts.push(response);
  });
  await page.goto(path, { waitUntil: 'commit' });
  const longTasks: [number, number][] = [];
  const deadline = performance.now() + SHOWN_MS;
  let shownAt: number | null = null;
  while (shownAt === null) {
    if (performance.now() > deadline) throw new Error(`${path} showed nothing`);
    await sleep(LOOK_MS);
    const probed = await takeProbed(page);
    longTasks.push(...probed.longTasks);
    shownAt = probed.shownAt;
  }
  await sleep(2 * QUIET_MS);
  longTasks.push(...(await takeProbed(page)).longTasks);
  let interactiveMs = shownAt;
  for (const [start, duration] of longTasks.sort(([a], [b]) => a - b))
    if (start < interactiveMs + QUIET_MS) interactiveMs = Math.max(interactiveMs, start + duration);
  const sizes = await Promise.all(scripts.map(async (script) => gzipSync(await script.body(), { level: 9 }).length));
  await page.close();
  return { scriptKb: sizes.reduce((sum, size) => sum + size, 0) / 1_000, interactiveMs };
}
