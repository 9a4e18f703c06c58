/** Ordered delivery over a running hub with two workers: an ordering key of a spoke and of a route, a head that fails, and what a person does about it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@nave/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type HubUnderTest, hubUnderTest } from './contract/hub-under-test.ts';
import { endHub, type HubProcess, startHub } from './harness/hub-process.ts';
import { at, listAt, textAt } from './harness/json.ts';
import type { Arrival } from './harness/sink.ts';
import { waitFor } from './harness/wait-for.ts';

const PATIENCE_MS = 60_000;
let test: HubUnderTest;
let second: HubProcess;
let dir: string;

beforeAll(async () => {
  test = await hubUnderTest();
  const { hub, sink } = test;
  dir = mkdtempSync(join(tmpdir(), 'nave-lanes-'));
  const env = { DATABASE_URL: test.databaseUrl, NAVE_SECRET_KEY: Buffer.alloc(32, 5).toString('base64'), NAVE_EGRESS: '127.0.0.1' };
  second = await startHub({ dataDir: dir, port: await freePort(), env });
  await hub.api('PUT', '/api/v1/spokes/shop', {
    kind: 'source',
    inbound: { verify: { scheme: 'none' }, type: 'type', orderingKey: 'customer' },
  });
  await hub.api('PUT', '/api/v1/spokes/erp', {
    kind: 'rest',
    config: { baseUrl: sink.url, operations: { take: { method: 'POST', path: '/take' } } },
    policy: { concurrency: 20, retry: { attempts: 3, base: '10ms', max: '10ms', factor: 1 } },
  });
  await hub.api('PUT', '/api/v1/routes/ordered', {
    from: { spoke: 'shop', type: 'order' },
    steps: [{ name: 'only', to: 'erp', operation: 'take' }],
  });
  await hub.api('PUT', '/api/v1/routes/by-number', {
    ...{ from: { spoke: 'shop', type: 'numbered' }, orderingKey: 'data.number' },
    ...{ steps: [{ name: 'only', to: 'erp', operation: 'take' }] },
  });
}, 90_000);
afterAll(async () => {
  await endHub(second);
  await test.close();
  rmSync(dir, { recursive: true, force: true });
});
beforeEach(() => {
  test.sink.behave('answer');
  test.sink.watch(() => undefined);
});

async function send(type: string, data: Record<string, unknown>): Promise<string> {
  const answer = await test.post('/hooks/shop', JSON.stringify({ type, ...data }), { 'content-type': 'application/json' });
  expect(answer.status).toBe(202);
  return textAt(answer.body, 'messageId');
}

const bodyOf = (arrival: Arrival): unknown => JSON.parse(arrival.body.toString('utf8'));
const act = (deliveryId: string, action: string) => test.hub.api('POST', `/api/v1/deliveries/${deliveryId}/${action}`);

async function deliveryOf(messageId: string): Promise<unknown> {
  return listAt(await test.hub.api('GET', `/api/v1/messages/${messageId}`), 'deliveries')[0];
}

describe('a spoke with an ordering key', () => {
  it('gets the messages of each key in order and one at a time, over two workers, with failures and delays', {
    timeout: 90_000,
  }, async () => {
    const underWay = new Map<string, number>();
    const overlaps: string[] = [];
    test.sink.watch((arrival) => {
      const customer = textAt(bodyOf(arrival), 'customer');
      // Whoever is answered at once was under way for nothing; the slow ones show an overlap.
      if (underWay.has(customer) && (underWay.get(customer) ?? 0) > performance.now()) overlaps.push(customer);
      const chance = (arrival.body.length * 7 + test.sink.arrivals.length) % 6;
      underWay.set(customer, chance === 1 ? performance.now() + 10 : 0);
      test.sink.behave(chance === 0 && arrival.attempt < 3 ? { fail: 500 } : chance === 1 ? { afterMs: 15 } : 'answer');
    });
    const customers = Array.from({ length: 12 }, (_, n) => `c${n}`);
    const sent: string[] = [];
    // Every sender waits for its 202 before the next message of its customer.
    await Promise.all(
      customers.map(async (customer) => {
        for (let n = 0; n < 12; n++) sent.push(await send('order', { customer, n }));
      }),
    );
    for (const id of sent) await test.messageIn(id, 'completed');
    expect(overlaps).toEqual([]);
    for (const customer of customers) {
      const seen = test.sink.arrivals.map(bodyOf).filter((body) => at(body, 'customer') === customer);
      const first = [...new Set(seen.map((body) => at(body, 'n')))];
      expect([customer, ...first]).toEqual([customer, ...Array.from({ length: 12 }, (_, n) => n)]);
      // A message that was tried again was tried again before the next one.
      const numbers = seen.map((body) => Number(at(body, 'n')));
      expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    }
    await waitFor('no lane is left', PATIENCE_MS, async () => listAt(await test.hub.api('GET', '/api/v1/lanes'), 'items').length === 0);
  });

  it('parks only the lane of a dead delivery; others flow, and a skip lets the lane go on', { timeout: 60_000 }, async () => {
    test.sink.watch((arrival) => test.sink.behave(at(bodyOf(arrival), 'bad') === true ? { fail: 400 } : 'answer'));
    const bad = await send('order', { customer: 'parked', bad: true });
    const waiting = [await send('order', { customer: 'parked', n: 1 }), await send('order', { customer: 'parked', n: 2 })];
    const other = await send('order', { customer: 'other' });
    const keyless = await send('order', {});
    await test.messageIn(other, 'completed');
    await test.messageIn(keyless, 'completed');
    const head = textAt(await test.deliveryIn(bad, 'dead'), 'id');
    const [lane] = await waitFor('the lane is parked', PATIENCE_MS, async () => {
      const items = listAt(await test.hub.api('GET', '/api/v1/lanes?state=parked'), 'items');
      return items.length > 0 ? items : null;
    });
    expect(lane).toMatchObject({ spoke: 'erp', key: 'parked', blockedBy: head, waiting: 2, state: 'dead', reason: 'rejected' });
    for (const id of waiting)
      expect(await deliveryOf(id)).toMatchObject({ state: 'held', heldBy: 'lane', blockedBy: head, attemptCount: 0 });
    await act(head, 'skip');
    for (const id of waiting) await test.messageIn(id, 'completed');
    const order = test.sink.arrivals.filter(({ messageId }) => waiting.includes(messageId)).map(({ messageId }) => messageId);
    expect(order).toEqual(waiting);
  });

  it('sends a retried head before those behind it, and passes over one that was cancelled', { timeout: 60_000 }, async () => {
    let broken = true;
    test.sink.watch((arrival) => test.sink.behave(broken && at(bodyOf(arrival), 'customer') === 'again' ? { fail: 400 } : 'answer'));
    const [head, dropped, last] = [
      await send('order', { customer: 'again', n: 1 }),
      await send('order', { customer: 'again', n: 2 }),
      await send('order', { customer: 'again', n: 3 }),
    ];
    const dead = textAt(await test.deliveryIn(head, 'dead'), 'id');
    await act(textAt(await deliveryOf(dropped), 'id'), 'cancel');
    broken = false;
    await act(dead, 'retry');
    await test.messageIn(last, 'completed');
    const seen = test.sink.arrivals.map(bodyOf).filter((body) => at(body, 'customer') === 'again');
    expect(seen.map((body) => at(body, 'n'))).toEqual([1, 1, 3]);
  });
});

describe('a route with an ordering key of its own', () => {
  it('shares no lane with the key of the spoke', { timeout: 60_000 }, async () => {
    test.sink.watch((arrival) => test.sink.behave(at(bodyOf(arrival), 'bad') === true ? { fail: 400 } : 'answer'));
    const bad = await send('numbered', { customer: 'same', number: 'a', bad: true });
    await test.deliveryIn(bad, 'dead');
    await test.messageIn(await send('numbered', { customer: 'same', number: 'b' }), 'completed');
    const behind = await send('numbered', { customer: 'else', number: 'a' });
    expect(await deliveryOf(behind)).toMatchObject({ state: 'held', heldBy: 'lane' });
    // A replay of the dead one joins the same lane, behind everything: it waits for a person too.
    await test.hub.api('POST', `/api/v1/messages/${bad}/replay`);
    const replayed = listAt(await test.hub.api('GET', `/api/v1/messages/${bad}`), 'deliveries');
    expect(replayed.map((delivery) => textAt(delivery, 'state')).sort()).toEqual(['dead', 'held']);
    await act(textAt(await test.deliveryIn(bad, 'dead'), 'id'), 'cancel');
    await test.messageIn(behind, 'completed');
  });
});
