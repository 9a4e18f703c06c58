import type { DeliveryEvent, MessageEvent } from '@nave/api-schema';
import { describe, expect, it } from 'vitest';
import { eventRow, listedRow, withDeliveries, withListed, withNew } from './live-rows.ts';
import { message } from './message-fixture.ts';
import { eventsAnswer, filterOf, isLive, momentOf, takes } from './message-search.ts';

const event = (id: string): MessageEvent => ({
  id,
  at: '2026-11-21T18:00:00.000Z',
  source: 'shop',
  type: 'order.created',
  unrouted: false,
});
const told = (messageId: string, id: string, state: DeliveryEvent['state']): DeliveryEvent => ({
  ...{ id, messageId, state, at: '2026-11-21T18:00:00.000Z', route: 'r', spoke: 'erp', reason: null, attemptCount: 1 },
});
const { deliveries: _deliveries, timeline: _timeline, keys: _keys, ...item } = message([]);
const listed = (id: string, state: typeof item.state = 'accepted') => listedRow({ ...item, id, state });
const ids = (rows: readonly { id: string }[]) => rows.map(({ id }) => id);

describe('rows of a live list', () => {
  it('has each message once, newest first, however events arrive', () => {
    const rows = withNew([listed('b')], [eventRow(event('c')), eventRow(event('b')), eventRow(event('d')), eventRow(event('a'))]);
    expect(ids(rows)).toEqual(['d', 'c', 'b', 'a']);
    expect(withNew(rows, [eventRow(event('c'))])).toBe(rows);
  });

  it('leaves rows that are not concerned as they are, so that they are not drawn again', () => {
    const rows = [eventRow(event('b')), listed('a')];
    const after = withDeliveries(rows, [told('b', 'd1', 'succeeded')]);
    expect(after[0]?.state).toBe('completed');
    expect(after[1]).toBe(rows[1]);
    expect(withDeliveries(rows, [told('elsewhere', 'd1', 'dead')])).toBe(rows);
  });

  it('is done only when all deliveries are, and failed when one is dead', () => {
    const one = withDeliveries([eventRow(event('a'))], [told('a', 'd1', 'dead'), told('a', 'd2', 'active')]);
    expect(one[0]?.state).toBe('accepted');
    expect(withDeliveries(one, [told('a', 'd2', 'succeeded')])[0]?.state).toBe('failed');
    expect(withDeliveries(one, [told('a', 'd1', 'pending'), told('a', 'd2', 'succeeded')])[0]?.state).toBe('accepted');
  });

  it('does not guess about messages of which it knows only a part', () => {
    const [row] = withDeliveries([listed('a', 'accepted')], [told('a', 'd1', 'succeeded')]);
    expect(row).toMatchObject({ state: 'accepted', loose: true });
    expect(withDeliveries([listed('a', 'completed')], [told('a', 'd1', 'pending')])[0]).toMatchObject({ state: 'accepted' });
  });

  it('takes what the hub lists for the truth, and adds what events did not tell', () => {
    const rows = [eventRow(event('b')), listed('a', 'completed')];
    const after = withListed(rows, [
      { ...item, id: 'c' },
      { ...item, id: 'b', state: 'failed' },
      { ...item, id: 'a', state: 'completed' },
    ]);
    expect(after.map(({ id, state, loose }) => [id, state, loose])).toEqual([
      ['c', 'completed', false],
      ['b', 'failed', false],
      ['a', 'completed', false],
    ]);
    expect(after[2]).toBe(rows[1]);
    expect(withListed(after, [{ ...item, id: 'a', state: 'completed' }])).toBe(after);
  });
});

describe('the filter', () => {
  it('is live by itself where events can answer it, else when asked for, and never when it has an end', () => {
    expect(isLive({})).toBe(true);
    expect(isLive({ spoke: 'shop', type: 'order.*', from: '1h' })).toBe(true);
    expect(isLive({ state: 'failed' })).toBe(false);
    expect(isLive({ state: 'failed', live: '1' })).toBe(true);
    expect(isLive({ live: '0' })).toBe(false);
    expect(isLive({ live: '1', to: '2026-11-21T18:00:00Z' })).toBe(false);
    expect(eventsAnswer(filterOf({ q: ' ', view: 'x' }))).toBe(true);
  });

  it('matches types as routes do', () => {
    const matches = (type: string, of: string) => takes({ type })({ source: 'shop', type: of });
    expect(matches('order.*', 'order.created')).toBe(true);
    expect(matches('order.*', 'order.item.added')).toBe(false);
    expect(matches('order.**', 'order.item.added')).toBe(true);
    expect(matches('order.**', 'order')).toBe(true);
    expect(matches('**.created', 'order.created')).toBe(true);
    expect(matches('**', 'a.b')).toBe(true);
    expect(matches('a.created, order.created', 'order.created')).toBe(true);
    expect(matches('order.(', 'order.(')).toBe(true);
    expect(takes({ spoke: 'erp,shop' })({ source: 'shop', type: 'x' })).toBe(true);
    expect(takes({ spoke: 'erp' })({ source: 'shop', type: 'x' })).toBe(false);
  });

  it('counts spans from now and takes times as they are', () => {
    expect(momentOf('1h', Date.parse('2026-11-21T18:00:00Z'))).toBe('2026-11-21T17:00:00.000Z');
    expect(momentOf('2026-11-21T18:00:00Z', 0)).toBe('2026-11-21T18:00:00Z');
    expect(momentOf(undefined, 0)).toBeUndefined();
  });
});
