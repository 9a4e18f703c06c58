/** What a page of the dashboard counts about itself while a benchmark watches it. */
import type { Page } from 'playwright-core';
import { isRecord } from './is-record.ts';

export interface Probed {
  /** Milliseconds since the navigation began, of the first frame in which nothing was being read any more; null = not yet. */
  shownAt: number | null;
  /** Start and duration in milliseconds of everything that kept the main thread for 50 ms or more (W3C Long Tasks). */
  longTasks: [number, number][];
  /** When the document was changed, once a frame. */
  updates: number[];
  /** Events of the hub's stream, by kind. */
  events: Record<string, number>;
}

/** Runs before any script of the page. The first answer is there when a heading is, and no place is held for anything (rows, for a list). */
const SCRIPT = `(() => {
  const fresh = () => ({ longTasks: [], updates: [], events: {} });
  let probed = fresh();
  let shownAt = null;
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) probed.longTasks.push([startTime, duration]);
  }).observe({ type: 'longtask', buffered: true });
  let frame = false;
  const isShown = () =>
    document.querySelector('h1') !== null &&
    document.querySelector('[class*="skeleton"], [aria-busy="true"]') === null &&
    (location.pathname !== '/messages' || document.querySelector('[role="row"][data-index]') !== null);
  new MutationObserver(() => {
    if (frame) return;
    frame = true;
    probed.updates.push(performance.now());
    requestAnimationFrame(() => {
      frame = false;
      if (shownAt === null && isShown()) shownAt = performance.now();
    });
  }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
  const Native = window.EventSource;
  window.EventSource = class extends Native {
    constructor(...given) {
      super(...given);
      this.addEventListener('batch', ({ data }) => {
        for (const { event } of JSON.parse(data)) probed.events[event] = (probed.events[event] ?? 0) + 1;
      });
    }
  };
  window.takeProbed = () => {
    const taken = { ...probed, shownAt };
    probed = fresh();
    return taken;
  };
})()`;

export async function putProbe(page: Page): Promise<void> {
  await page.addInitScript({ content: SCRIPT });
}

/** What was counted since it was last taken. */
export async function takeProbed(page: Page): Promise<Probed> {
  const taken: unknown = await page.evaluate('takeProbed()');
  if (!isProbed(taken)) throw new Error('the page counted nothing');
  return taken;
}

function isProbed(value: unknown): value is Probed {
  return isRecord(value) && Array.isArray(value['longTasks']) && Array.isArray(value['updates']) && isRecord(value['events']);
}
