/** The list of messages as people ask for it. */
import type { BenchHub } from './hub.ts';
import { type Percentiles, percentiles } from './percentiles.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const ago = (ms: number) => new Date(Date.now() - ms).toISOString();

/** By what is asked: the query. `key` is the idempotency key of some message. */
export const LISTS = {
  'first page': () => '',
  'by spoke, type and state': () => 'spoke=shop&type=order.created&state=completed',
  'of the last hour by state': () => `from=${ago(HOUR_MS)}&state=completed`,
  'of a day three days ago': () => `from=${ago(4 * DAY_MS)}&to=${ago(3 * DAY_MS)}`,
  'failed ones': () => 'state=failed',
  'by route': () => 'route=to-sink',
  'by idempotency key': (key: string) => `q=${encodeURIComponent(key)}`,
  'by a key that nobody has': () => 'q=no-such-key',
} as const satisfies Record<string, (key: string) => string>;
export type ListName = keyof typeof LISTS;
export const LIST_NAMES: readonly ListName[] = [
  ...(['first page', 'by spoke, type and state', 'of the last hour by state', 'of a day three days ago'] as const),
  ...(['failed ones', 'by route', 'by idempotency key', 'by a key that nobody has'] as const),
];

/** Lists whose page is the same with and without old messages. */
const SAME: readonly ListName[] = ['first page', 'by spoke, type and state', 'of the last hour by state', 'by route', 'by idempotency key'];

/** How many times as long a page takes on one hub as on another, in the middle of so many calls: asked in turns, so that both see the same machine. */
export async function compareLists(hub: BenchHub, base: BenchHub, calls: number): Promise<Map<ListName, number>> {
  const times = new Map<ListName, number>();
  const sides = await Promise.all([hub, base].map(async (side) => ({ side, key: await keyOn(side), latencies: [] as number[] })));
  for (const name of SAME) {
    for (const one of sides) one.latencies.length = 0;
    for (let call = 0; call < calls; call++) {
      for (const { side, key, latencies } of call % 2 === 0 ? sides : sides.toReversed()) latencies.push(await timeOf(side, name, key));
    }
    const [ofHub = Number.NaN, ofBase = Number.NaN] = sides.map(({ latencies }) => percentiles(latencies).p50);
    times.set(name, ofHub / ofBase);
  }
  return times;
}

/** Milliseconds of so many calls, one after the other, by list. */
export async function timeLists(hub: BenchHub, calls: number): Promise<Map<ListName, Percentiles>> {
  const timed = new Map<ListName, Percentiles>();
  const key = await keyOn(hub);
  for (const name of LIST_NAMES) {
    const latencies: number[] = [];
    for (let call = 0; call < calls; call++) latencies.push(await timeOf(hub, name, key));
    timed.set(name, percentiles(latencies));
  }
  return timed;
}

async function timeOf(hub: BenchHub, name: ListName, key: string): Promise<number> {
  const startedAt = performance.now();
  await hub.api('GET', `/api/v1/messages?${LISTS[name](key)}`);
  return performance.now() - startedAt;
}

const keyOn = async (hub: BenchHub) => someKey(await hub.api('GET', '/api/v1/messages?spoke=shop&limit=1'));

function someKey(page: unknown): string {
  if (typeof page !== 'object' || page === null || !('items' in page) || !Array.isArray(page.items)) throw new Error('no page of messages');
  const [first]: unknown[] = page.items;
  const key: unknown = typeof first === 'object' && first !== null ? Reflect.get(first, 'idempotencyKey') : undefined;
  if (typeof key !== 'string') throw new Error('no message with an idempotency key');
  return key;
}
