import type { DeliveryEvent, MessageEvent, MessageList } from '@nave/api-schema';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { message } from './message-fixture.ts';
import { createMessageList, type ListOptions, type ListQuery, ROWS_MAX, SETTLE_MS } from './message-list.ts';

const BASE = Date.parse('2026-11-21T18:00:00.000Z');
const idOf = (n: number) => `m${String(n).padStart(6, '0')}`;
const timeOf = (n: number) => new Date(BASE + n).toISOString();
const { deliveries: _deliveries, timeline: _timeline, keys: _keys, ...item } = message([]);
type Item = MessageList['items'][number];
const itemOf = (n: number, state: Item['state'] = 'completed'): Item => ({ ...item, id: idOf(n), receivedAt: timeOf(n), state });
const event = (n: number): MessageEvent => ({ id: idOf(n), at: timeOf(n), source: 'shop', type: 'order.created', unrouted: false });
const told = (n: number, state: DeliveryEvent['state']): DeliveryEvent => ({
  ...{ id: `d${n}`, messageId: idOf(n), state, at: timeOf(n), route: 'r', spoke: 'erp', reason: null, attemptCount: 1 },
});
const batch = (messages: MessageEvent[], deliveries: DeliveryEvent[] = [], dropped = 0) => ({ messages, deliveries, dropped });

/** A hub with messages 1 to n, newest first, that pages as the real one does. */
function hubWith(count: number) {
  const items = Array.from({ length: count }, (_, n) => itemOf(count - n));
  const asked: ListQuery[] = [];
  const read = async (query: ListQuery): Promise<MessageList> => {
    asked.push(query);
    const found = items.filter(
      ({ id, receivedAt }) => (query.cursor === undefined || id < query.cursor) && (query.to === undefined || receivedAt < query.to),
    );
    const page = found.slice(0, query.limit ?? 50);
    return { items: page, nextCursor: found.length > page.length ? (page.at(-1)?.id ?? null) : null };
  };
  return { items, asked, read };
}

function listOn(hub: Pick<ReturnType<typeof hubWith>, 'read'>, options: Partial<ListOptions> = {}) {
  const list = createMessageList({
    ...{ filter: {}, live: 'events', read: hub.read, now: () => BASE + 1_000_000 },
    later: (run, ms) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
    ...options,
  });
  list.start();
  return list;
}

const settled = () => vi.advanceTimersByTimeAsync(SETTLE_MS);
const flush = () => vi.advanceTimersByTimeAsync(0);
const ids = (list: ReturnType<typeof listOn>) => list.snapshot().rows.map(({ id }) => id);

vi.useFakeTimers();
afterEach(() => vi.clearAllTimers());

describe('the list of messages', () => {
  it('reads page after page, and knows its end', async () => {
    const list = listOn(hubWith(150));
    expect(list.snapshot().loading).toBe(true);
    await flush();
    expect([list.snapshot().rows.length, list.snapshot().hasMore]).toEqual([100, true]);
    list.more();
    list.more();
    await flush();
    expect([list.snapshot().rows.length, list.snapshot().hasMore]).toEqual([150, false]);
    expect(new Set(ids(list)).size).toBe(150);
  });

  it('keeps what is shown when a page cannot be read, and tries again', async () => {
    const hub = hubWith(150);
    let broken = true;
    const list = listOn({
      read: async (query) => (query.cursor !== undefined && broken ? Promise.reject(new Error('gone')) : hub.read(query)),
    });
    await flush();
    list.more();
    await flush();
    expect([list.snapshot().rows.length, list.snapshot().moreError?.message]).toEqual([100, 'gone']);
    broken = false;
    list.more();
    await flush();
    expect([list.snapshot().rows.length, list.snapshot().moreError]).toEqual([150, null]);
  });

  it('holds new messages back until the reader is at the top', async () => {
    const hub = hubWith(10);
    const list = listOn(hub);
    await flush();
    list.take(batch([event(11), event(12), event(10)]));
    expect([list.snapshot().held, list.snapshot().rows.length]).toEqual([2, 10]);
    list.showHeld();
    expect([list.snapshot().held, ids(list).slice(0, 3)]).toEqual([0, [idOf(12), idOf(11), idOf(10)]]);
  });

  it('shows new messages at once to a reader who is at the top, with all that is known of them in one change', async () => {
    const hub = hubWith(10);
    const list = listOn(hub);
    await flush();
    list.atTop(true);
    let changes = 0;
    list.subscribe(() => {
      changes += 1;
    });
    list.take(batch([event(11), event(12)], [told(10, 'dead'), told(11, 'succeeded')]));
    expect([changes, list.snapshot().held, ids(list).slice(0, 3)]).toEqual([1, 0, [idOf(12), idOf(11), idOf(10)]]);
    expect(list.snapshot().rows[1]).toMatchObject({ state: 'completed' });
    hub.items.unshift(itemOf(13), itemOf(12), itemOf(11));
    await settled();
    expect([changes, list.snapshot().held, ids(list)[0]]).toEqual([2, 0, idOf(13)]);
    list.atTop(false);
    list.take(batch([event(14)]));
    expect([list.snapshot().held, ids(list)[0]]).toEqual([1, idOf(13)]);
  });

  it('asks the hub for what events do not tell, at most once in a second', async () => {
    const hub = hubWith(10);
    const list = listOn(hub);
    await flush();
    hub.items.unshift(itemOf(11, 'failed'));
    for (let n = 0; n < 20; n++) list.take(batch([event(11)], [told(11, 'succeeded')]));
    list.showHeld();
    expect(list.snapshot().rows[0]).toMatchObject({ state: 'completed', size: null });
    await settled();
    expect(list.snapshot().rows[0]).toMatchObject({ state: 'failed', size: item.size, loose: false });
    expect(hub.asked).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(10 * SETTLE_MS);
    expect(hub.asked).toHaveLength(2);
  });

  it('stays bounded, and reads again what left at its end', async () => {
    const hub = hubWith(100);
    const list = listOn(hub);
    await flush();
    for (let n = 0; n < 3_000; n += 50) {
      const arrived = Array.from({ length: 50 }, (_, k) => 101 + n + k);
      hub.items.unshift(...arrived.map((each) => itemOf(each)).reverse());
      list.take(batch(arrived.map(event)));
      list.showHeld();
    }
    expect([list.snapshot().rows.length, list.snapshot().hasMore, ids(list)[0]]).toEqual([ROWS_MAX, true, idOf(3_100)]);
    list.more();
    await flush();
    expect(ids(list).slice(ROWS_MAX - 1, ROWS_MAX + 2)).toEqual([idOf(1_101), idOf(1_100), idOf(1_099)]);
    expect(new Set(ids(list)).size).toBe(list.snapshot().rows.length);
  });

  it('counts all that came while the reader was away, keeps a part, and then begins anew', async () => {
    const hub = hubWith(10);
    const list = listOn(hub);
    await flush();
    for (let n = 0; n < 3_000; n += 100) list.take(batch(Array.from({ length: 100 }, (_, k) => event(11 + n + k))));
    expect([list.snapshot().held, list.snapshot().rows.length]).toEqual([3_000, 10]);
    hub.items.unshift(...Array.from({ length: 3_000 }, (_, n) => itemOf(3_010 - n)));
    list.showHeld();
    await flush();
    expect([list.snapshot().held, ids(list)[0], list.snapshot().rows.length]).toEqual([0, idOf(3_010), 100]);
  });

  it('asks for what was missed after the connection came back', async () => {
    const hub = hubWith(10);
    const list = listOn(hub);
    await flush();
    hub.items.unshift(itemOf(12), itemOf(11));
    list.catchUp();
    await settled();
    expect(list.snapshot().held).toBe(2);
    list.showHeld();
    expect(ids(list)[0]).toBe(idOf(12));
  });

  it('asks anew, with each event, where only the hub knows what belongs', async () => {
    const hub = hubWith(3);
    const list = listOn(hub, { live: 'asked', filter: { state: 'failed' } });
    await flush();
    hub.items.splice(1, 1);
    hub.items.unshift(itemOf(4));
    list.take(batch([], [told(9, 'dead')]));
    await settled();
    expect([list.snapshot().held, ids(list)]).toEqual([1, [idOf(3), idOf(1)]]);
  });

  it('fills an empty list at once', async () => {
    const hub = hubWith(0);
    const list = listOn(hub, { live: 'asked', filter: { state: 'failed' } });
    await flush();
    hub.items.unshift(itemOf(1));
    list.take(batch([], [told(1, 'dead')]));
    await settled();
    expect(ids(list)).toEqual([idOf(1)]);
  });

  it('says why it cannot be read, and takes no late answer after it was left', async () => {
    const list = listOn({ read: () => Promise.reject(new Error('no')) });
    await flush();
    expect([list.snapshot().error?.message, list.snapshot().loading]).toEqual(['no', false]);
    const left = listOn(hubWith(3));
    left.stop();
    await flush();
    expect(left.snapshot().rows).toEqual([]);
  });
});
