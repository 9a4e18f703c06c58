import { once } from 'node:events';
import http from 'node:http';
import type { FlowEvent } from '@nave/core';
import { createFlowStore } from '@nave/store';
import { seedMessage } from '@nave/testkit';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ADMIN_KEY, type AdminFixture, adminFixture } from '../admin-fixture.ts';
import { createChangeFeed, type FeedEvent } from './change-feed.ts';
import { batchOf, framesOf, positionOf } from './event-frame.ts';

let hub: AdminFixture;

beforeAll(async () => {
  hub = await adminFixture();
  await hub.app.listen({ port: 0, host: '127.0.0.1' });
});

afterAll(() => hub.close());

async function seed(state: 'pending' | 'succeeded' = 'pending', atMs = hub.deps.clock.now()) {
  const key = await hub.deps.sealer.keyFor('spoke:shop', atMs);
  return seedMessage(hub.db.hot, { atMs, body: '{"secret":"body"}', deliveries: [{ state }] }, key.seal);
}

const named = (events: readonly FeedEvent[], name: FeedEvent['event']) =>
  events.filter(({ event }) => event === name).map(({ data }) => data);

describe('the change feed', () => {
  it('tells each message once and each change of a delivery, whoever made it', async () => {
    const feed = createChangeFeed(hub.deps);
    await seed();
    const told: FeedEvent[] = [];
    const unwatch = await feed.watch((events) => told.push(...events), null);
    const { id, deliveryIds } = await seed();
    await feed.poll();
    await feed.poll();
    expect(named(told, 'message').map((data) => data.id)).toEqual([id]);
    expect(named(told, 'delivery')).toMatchObject([{ id: deliveryIds[0], state: 'pending', messageId: id }]);
    await hub.db.hot.query(`UPDATE delivery SET state = 'succeeded', due_at = NULL, finished_at = now() WHERE id = $1`, [deliveryIds[0]]);
    await feed.poll();
    expect(named(told, 'delivery').at(-1)).toMatchObject({ id: deliveryIds[0], state: 'succeeded' });
    hub.pass(3_000);
    await feed.poll();
    expect(named(told, 'queue')).toMatchObject([{ id: 'erp', depth: { pending: 1 }, breaker: 'closed' }]);
    const failed: FlowEvent = { kind: 'observed', reset: false, failures: 5, threshold: 5, cooldownMs: 60_000 };
    await createFlowStore(hub.db.hot).change([['erp', failed]]);
    hub.pass(3_000);
    await feed.poll();
    expect(named(told, 'queue').at(-1)).toMatchObject({ id: 'erp', breaker: 'open' });
    unwatch();
    feed.close();
  });

  it('tells that an alert opened, and that it resolved, once each', async () => {
    const feed = createChangeFeed(hub.deps);
    const told: FeedEvent[] = [];
    const unwatch = await feed.watch((events) => told.push(...events), null);
    const id = hub.deps.ids.next(hub.deps.clock.now());
    const alert = { id, rule: 'dead', subject: 'spoke:erp', groupKey: 'g', severity: 'warning', summary: 's', detail: {} };
    await hub.deps.alerts.store.apply({ opens: [alert], updates: [], resolves: [] }, hub.deps.clock.now());
    for (let n = 0; n < 2; n++) {
      hub.pass(2_500);
      await feed.poll();
    }
    await hub.deps.alerts.store.apply({ opens: [], updates: [], resolves: [id] }, hub.deps.clock.now());
    hub.pass(2_500);
    await feed.poll();
    expect(named(told, 'alert')).toMatchObject([
      { id, state: 'firing', spoke: 'erp' },
      { id, state: 'resolved' },
    ]);
    unwatch();
  });

  it('sees the end of a delivery that is older than everything it looks at', async () => {
    const feed = createChangeFeed(hub.deps);
    const { deliveryIds } = await seed('pending', hub.deps.clock.now() - 600_000);
    const told: FeedEvent[] = [];
    const unwatch = await feed.watch((events) => told.push(...events), null);
    await hub.db.hot.query(`UPDATE delivery SET state = 'dead', due_at = NULL, finished_at = now() WHERE id = $1`, [deliveryIds[0]]);
    await feed.poll();
    expect(named(told, 'delivery')).toMatchObject([{ id: deliveryIds[0], state: 'dead' }]);
    unwatch();
  });

  it('tells a watcher that comes back what it missed', async () => {
    const feed = createChangeFeed(hub.deps);
    const since = hub.deps.clock.now();
    hub.pass(20_000);
    const { id, deliveryIds } = await seed('succeeded');
    const told: FeedEvent[] = [];
    const unwatch = await feed.watch((events) => told.push(...events), since);
    expect(named(told, 'message').map((data) => data.id)).toContain(id);
    expect(named(told, 'delivery').map((data) => data.id)).toContain(deliveryIds[0]);
    unwatch();
  });
});

describe('frames', () => {
  it('are what the HTML standard reads', () => {
    const frame = framesOf([{ event: 'message', data: { id: 'i', at: 'a', source: 's', type: 'x\ny', unrouted: false } }], 17);
    expect(frame).toBe('id: 17\nevent: message\ndata: {"id":"i","at":"a","source":"s","type":"x\\ny","unrouted":false}\n\n');
  });

  it('are one for all that is told at once, where that is asked for', () => {
    const told: FeedEvent[] = [
      { event: 'message', data: { id: 'i', at: 'a', source: 's', type: 'x', unrouted: false } },
      { event: 'message', data: { id: 'j', at: 'a', source: 's', type: 'y\ny', unrouted: true } },
    ];
    const [id, event, data = '', ...rest] = batchOf(told, 17).split('\n');
    expect([id, event, ...rest]).toEqual(['id: 17', 'event: batch', '', '']);
    expect(JSON.parse(data.replace(/^data: /, ''))).toEqual(told);
    expect(batchOf([], 17)).toBe('');
  });

  it('take back their position, bounded, and nothing else', () => {
    expect(positionOf('17000000', 17_000_500)).toBe(17_000_000);
    expect(positionOf('1', 17_000_000)).toBe(16_400_000);
    expect(positionOf('99999999999', 17_000_000)).toBe(17_000_000);
    for (const text of [undefined, '', 'x', '-1', '1e9', '1'.repeat(40)]) expect(positionOf(text, 17_000_000)).toBeNull();
  });
});

describe('GET /stream', () => {
  function open(headers: Record<string, string | undefined> = {}): Promise<http.IncomingMessage> {
    const address = hub.app.server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const all = Object.entries({ authorization: `Bearer ${ADMIN_KEY}`, ...headers });
    const sent = Object.fromEntries(all.filter((entry): entry is [string, string] => entry[1] !== undefined));
    return new Promise((done, fail) => {
      http.get({ port, host: '127.0.0.1', path: '/api/v1/stream', headers: sent }, done).on('error', fail);
    });
  }

  async function until(response: http.IncomingMessage, pattern: RegExp): Promise<string> {
    let text = '';
    for await (const chunk of response) {
      text += String(chunk);
      if (pattern.test(text)) return text;
    }
    throw new Error(`ended without ${pattern}: ${text}`);
  }

  it('ends soon after the key is deleted or the one who watches signs out, and not for others', async () => {
    const key = await hub.keyFor('viewer');
    const signedIn = await hub.call('POST', 'session', { key: null, body: { key: ADMIN_KEY } });
    const cookie = (signedIn.headers['set-cookie'] ?? '').split(';')[0] ?? '';
    // Only what repeats is in the hands of the test.
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      const byKey = await open({ authorization: `Bearer ${key}` });
      const byCookie = await open({ authorization: undefined, cookie });
      const other = await open();
      expect([byKey.statusCode, byCookie.statusCode]).toEqual([200, 200]);
      expect(byCookie.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cross-origin-resource-policy': 'same-origin' });
      const ends = [byKey, byCookie].map((each) => once(each.resume(), 'end'));
      const { body } = await hub.call('GET', 'keys');
      await hub.call('DELETE', `keys/${body.items.find(({ name }: { name: string }) => name === 'viewer key').id}`);
      await hub.call('DELETE', 'session', { key: null, headers: { cookie, origin: 'http://127.0.0.1:7070' } });
      vi.advanceTimersByTime(15_000);
      await Promise.all(ends);
      expect(other.readableEnded || other.destroyed).toBe(false);
      other.destroy();
    } finally {
      vi.useRealTimers();
    }
  });

  it('sends events without payloads, refuses strangers, and ends when the server stops', async () => {
    expect((await open({ authorization: 'Bearer wrong-key-wrong-key' })).statusCode).toBe(401);
    const watcher = await open();
    expect([watcher.statusCode, watcher.headers['content-type'], watcher.headers['cache-control']]).toEqual([
      200,
      'text/event-stream',
      'no-store',
    ]);
    const { id } = await seed();
    const text = await until(watcher, new RegExp(`event: delivery\\ndata: .*${id}`));
    expect(text).toContain(`event: message\ndata: {"id":"${id}"`);
    expect(text).not.toContain('secret');
    const position = /id: (\d+)\nevent: message/.exec(text)?.[1] ?? '';
    watcher.destroy();
    const back = await open({ 'last-event-id': position });
    expect(await until(back, new RegExp(id))).toContain(id);
    const last = await open();
    last.resume();
    const ended = once(last, 'end');
    await hub.app.close();
    await ended;
  });
});
