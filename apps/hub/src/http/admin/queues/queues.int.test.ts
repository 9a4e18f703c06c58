import { seedMessage } from '@nave/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AdminFixture, adminFixture } from '../admin-fixture.ts';

let hub: AdminFixture;

beforeAll(async () => {
  hub = await adminFixture();
  const now = hub.deps.clock.now();
  const key = await hub.deps.sealer.keyFor('spoke:shop', now);
  await hub.call('PUT', 'spokes/erp', { body: { kind: 'webhook', config: { url: 'http://127.0.0.1:1/' } } });
  for (const state of ['pending', 'held', 'dead', 'succeeded'] as const) {
    await seedMessage(hub.db.hot, { atMs: now - 1_000, deliveries: [{ state, spoke: 'erp' }] }, key.seal);
  }
});

afterAll(() => hub.close());

describe('/queues', () => {
  it('answers the figures of the contract', async () => {
    const { status, body } = await hub.call('GET', 'queues');
    expect(status).toBe(200);
    const erp = {
      ...{ spoke: 'erp', depth: { pending: 1, active: 0, retrying: 0, held: 1, unknown: 0, dead: 1 }, oldestSeconds: 1 },
      ...{ ratePerSecond: expect.any(Number), latencyMs: { p50: 20, p95: 20, p99: 20 }, paused: false, breaker: 'closed' },
    };
    expect(body).toEqual({ items: [erp], nextCursor: null });
    expect((await hub.call('GET', 'queues/erp')).body).toEqual(erp);
    expect((await hub.call('GET', 'queues/nobody')).status).toBe(404);
    expect((await hub.call('GET', 'queues/NO')).status).toBe(400);
  });

  it('pauses and resumes the spoke', async () => {
    const operator = await hub.keyFor('operator');
    expect((await hub.call('POST', 'queues/erp/pause', { key: operator })).body.paused).toBe(true);
    expect((await hub.call('GET', 'spokes/erp')).body.paused).toBe(true);
    expect((await hub.call('POST', 'queues/erp/resume', { key: operator })).body.paused).toBe(false);
    expect((await hub.call('POST', 'queues/nobody/pause', { key: operator })).status).toBe(404);
    expect((await hub.call('POST', 'queues/erp/pause', { key: await hub.keyFor('viewer') })).status).toBe(403);
  });
});

describe('/stats', () => {
  it('answers totals, rates, latencies and error shares of a window', async () => {
    const { status, body } = await hub.call('GET', 'stats?window=5m');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      window: '5m',
      exact: true,
      messages: { received: 4, unrouted: 0 },
      deliveries: { total: 4, succeeded: 1, dead: 1, open: 2, errorShare: 0.5 },
    });
    expect(body.spokes[0]).toMatchObject({ spoke: 'erp', total: 4, latencyMs: { p50: 20 } });
    expect(body.routes[0]).toMatchObject({ route: 'invoices', errorShare: 0.5 });
    expect(body.sources).toEqual([{ spoke: 'shop', received: 4, unrouted: 0, ratePerSecond: 0.013 }]);
    for (const window of ['1s', '31d', 'x', '']) expect((await hub.call('GET', `stats?window=${window}`)).status).toBe(400);
  });
});
