/** How long the answers take that the screens of the dashboard begin with. */
import type { BenchHub } from '../hub.ts';
import { percentiles } from '../percentiles.ts';
import { spreadOf } from '../spread.ts';
import { atMost, type Line, printLines } from '../table.ts';

const ANSWER_P95_MS = 150;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const ago = (ms: number) => new Date(Date.now() - ms).toISOString();

/** As apps/dashboard asks: the first page of a list is 100 rows, what it asks again while live is 200. */
const ASKED: Readonly<Record<string, () => string>> = {
  'messages, first page': () => '/messages?limit=100',
  'messages, the newest while live': () => '/messages?limit=200',
  'messages: failed': () => '/messages?limit=100&state=failed',
  'messages: open': () => '/messages?limit=100&state=accepted',
  'messages: by spoke': () => '/messages?limit=100&spoke=shop',
  'messages: by an old spoke': () => '/messages?limit=100&spoke=old-7',
  'messages: by type': () => '/messages?limit=100&type=order.*',
  'messages: by route': () => '/messages?limit=100&route=to-sink',
  'messages: by a key': () => '/messages?limit=100&q=no-such-key',
  'messages: by error': () => '/messages?limit=100&error=timeout',
  'messages: the last hour': () => `/messages?limit=100&from=${ago(HOUR_MS)}`,
  'messages: a day three days ago': () => `/messages?limit=100&from=${ago(4 * DAY_MS)}&to=${ago(3 * DAY_MS)}`,
  issues: () => '/issues?limit=100',
  'issues, counted': () => '/issues/summary',
  queues: () => '/queues',
  'figures of an hour': () => '/stats?window=1h',
  'figures of a day': () => '/stats?window=24h',
  audit: () => '/audit?limit=100',
};

/** @param calls of each, one after the other */
export async function listTimes(hub: BenchHub, calls: number, title: string): Promise<void> {
  const lines: Line[] = [];
  for (const [what, path] of Object.entries(ASKED)) {
    const times: number[] = [];
    for (let call = 0; call < calls; call++) {
      const startedAt = performance.now();
      await hub.api('GET', `/api/v1${path()}`);
      times.push(performance.now() - startedAt);
    }
    lines.push(atMost(`${what}: p95`, spreadOf([percentiles(times).p95]), ANSWER_P95_MS, ' ms'));
  }
  printLines(title, lines);
}
