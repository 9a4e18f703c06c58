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
      flow: { openedAt: null, probeAt: null, throttledUntil: null, draining: null, retryBudgetExhaustedAt: null },
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
    for (const action of ['pause', 'resume', 'breaker/reset'])
      expect((await hub.call('POST', `queues/nobody/${action}`, { key: operator })).status).toBe(404);
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

describe('resuming', () => {
  const actions = async () => (await hub.call('GET', 'audit?subject=spoke:erp')).body.items.map((item: { action: string }) => item.action);
  beforeAll(async () => {
    await hub.call('PUT', 'spokes/crm', { body: { kind: 'webhook', config: { url: 'http://127.0.0.1:1/' }, policy: { concurrency: 4 } } });
    const key = await hub.deps.sealer.keyFor('spoke:shop', hub.deps.clock.now());
    for (const heldBy of ['pause', 'breaker', 'governor', 'lane', 'approval'] as const)
      for (let n = 0; n < 10; n++)
        await seedMessage(
          hub.db.hot,
          { atMs: hub.deps.clock.now() - 60_000 + n, deliveries: [{ state: 'held', heldBy, spoke: 'crm' }] },
          key.seal,
        );
    await seedMessage(hub.db.hot, { deliveries: [{ state: 'retrying', spoke: 'crm' }] }, key.seal);
  });

  it('shows how much would be let go and how long that takes, and changes nothing', async () => {
    await hub.call('POST', 'queues/crm/pause');
    for (const [path, body, seconds] of [
      ['queues/crm', { dryRun: true }, 3],
      ['spokes/crm', { dryRun: true, rate: 2 }, 16],
    ] as const) {
      const { status, body: preview } = await hub.call('POST', `${path}/resume`, { body });
      expect([status, preview]).toEqual([
        200,
        { count: 31, oldest: expect.any(String), newest: expect.any(String), estimatedSeconds: seconds, exact: true },
      ]);
      expect(Date.parse(preview.oldest)).toBeLessThan(Date.parse(preview.newest));
    }
    expect((await hub.call('GET', 'queues/crm')).body).toMatchObject({ paused: true, flow: { draining: null } });
  });

  it('starts a drain at the rate, which another call changes and a pause ends', async () => {
    const resumed = await hub.call('POST', 'queues/crm/resume', { body: { rate: 7 } });
    expect(resumed.body).toMatchObject({ paused: false, flow: { draining: { rate: 7, left: 30 } } });
    expect((await hub.call('POST', 'spokes/crm/resume', { body: { rate: 9 } })).body.paused).toBe(false);
    const changed = await hub.call('GET', 'queues/crm');
    expect(changed.body.flow.draining).toEqual({ ...resumed.body.flow.draining, rate: 9 });
    expect((await hub.call('POST', 'queues/crm/resume', { headers: { 'content-type': 'application/json' }, body: '' })).status).toBe(200);
    expect((await hub.call('GET', 'queues/crm')).body.flow.draining.rate).toBe(9);
    expect((await hub.call('POST', 'queues/crm/pause')).body).toMatchObject({ paused: true, flow: { draining: null } });
    const { body } = await hub.call('GET', 'audit?subject=spoke:crm');
    expect(body.items.map((item: { action: string }) => item.action).slice(0, 4)).toEqual([
      'spoke.pause',
      'spoke.resume',
      'spoke.resume',
      'spoke.pause',
    ]);
    expect(body.items[1].detail).toEqual({ rate: 9 });
  });

  it('refuses what makes no sense', async () => {
    for (const body of [{ rate: 0 }, { rate: 100_001 }, { rate: 1.5 }, { rate: 'x' }, { dryRun: 1 }, { more: 1 }, []])
      for (const path of ['queues/crm', 'spokes/crm'])
        expect([body, (await hub.call('POST', `${path}/resume`, { body })).status]).toEqual([body, 422]);
    expect((await hub.call('POST', 'spokes/nobody/resume', { body: { dryRun: true } })).status).toBe(404);
  });

  it('shows the breaker, and a person may close it', async () => {
    await hub.db.hot.query(`DELETE FROM spoke_flow WHERE spoke = 'erp'`);
    await hub.db.hot.query(
      `INSERT INTO spoke_flow (spoke, breaker, failures, opened_at, probe_at, throttled_until) VALUES ('erp', 'open', 5, now(), now() + interval '30 seconds', now())`,
    );
    const { body } = await hub.call('GET', 'queues/erp');
    expect(body).toMatchObject({ breaker: 'open', flow: { openedAt: expect.any(String), probeAt: expect.any(String) } });
    const operator = await hub.keyFor('operator');
    const reset = await hub.call('POST', 'queues/erp/breaker/reset', { key: operator });
    expect(reset.body).toMatchObject({ breaker: 'closed', flow: { openedAt: null, draining: { rate: null } } });
    expect((await hub.call('POST', 'queues/erp/breaker/reset', { key: operator })).status).toBe(200);
    expect((await actions()).filter((action: string) => action === 'breaker.reset')).toHaveLength(1);
    await hub.call('DELETE', 'spokes/erp?force=true');
    expect((await hub.db.hot.query(`SELECT 1 FROM spoke_flow WHERE spoke = 'erp'`)).rows).toEqual([]);
  });
});
