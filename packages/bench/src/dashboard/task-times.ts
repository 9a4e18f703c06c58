/** How long the tasks of a page's main thread compute, without the time in which the machine let others run: Chromium's own trace. */
import type { Browser, Page } from 'playwright-core';
import { isRecord } from './is-record.ts';

/** What a browser on a machine of its own is busy with; in milliseconds. */
export interface TaskTimes {
  start(): Promise<void>;
  /** CPU time of every task since. */
  stop(): Promise<number[]>;
}

/** Trace Event Format: `ph` X is a complete event, M tells names of threads; `tdur` is CPU time in microseconds. */
export function taskTimes(browser: Browser, page: Page): TaskTimes {
  return {
    start: () => browser.startTracing(page, { categories: ['toplevel'] }),
    async stop() {
      const trace: unknown = JSON.parse((await browser.stopTracing()).toString('utf8'));
      const events = isRecord(trace) && Array.isArray(trace['traceEvents']) ? trace['traceEvents'].filter(isRecord) : [];
      const thread = ({ pid, tid }: Record<string, unknown>) => `${pid} ${tid}`;
      const mains = new Set(
        events
          .filter(({ ph, name, args }) => ph === 'M' && name === 'thread_name' && isRecord(args) && args['name'] === 'CrRendererMain')
          .map(thread),
      );
      return events.flatMap((event) => {
        const { ph, name, tdur } = event;
        return ph === 'X' && String(name).endsWith('RunTask') && typeof tdur === 'number' && mains.has(thread(event)) ? [tdur / 1_000] : [];
      });
    },
  };
}
