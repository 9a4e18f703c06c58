import { seedMessage } from '@nave/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AdminFixture, adminFixture } from '../admin-fixture.ts';

let hub: AdminFixture;
let viewer: string;
beforeAll(async () => {
  hub = await adminFixture();
  viewer = await hub.keyFor('viewer');
  const key = await hub.deps.sealer.keyFor('spoke:shop', hub.deps.clock.now());
  const attempts = [{ outcome: 'rejected' as const, status: 422, detail: 'answered 422; VAT number missing' }];
  const deliveries = [{}, { state: 'dead' as const, reason: 'rejected', attempts }];
  await seedMessage(hub.db.hot, { atMs: hub.deps.clock.now() - 10_000, deliveries }, key.seal);
});
afterAll(() => hub.close());

const get = (url: string) => hub.call('GET', url, { key: viewer });

describe('GET /stats/series', () => {
  it('answers whole steps up to now, with what happened where it happened', async () => {
    const { status, body } = await get('stats/series?window=5m');
    expect(status).toBe(200);
    expect(body).toMatchObject({ window: '5m', stepSeconds: 5, exact: true, asOf: new Date(hub.deps.clock.now()).toISOString() });
    expect(body.points).toHaveLength(61);
    const busy = body.points.filter((point: { received: number }) => point.received > 0);
    expect(busy).toMatchObject([{ received: 1, total: 2, succeeded: 1, dead: 1, open: 0, latencyMs: { p50: 20, p95: 20, p99: 20 } }]);
    const idle = body.points.filter((point: { total: number }) => point.total === 0);
    expect(idle).toHaveLength(60);
    expect(idle[0]).toMatchObject({ received: 0, succeeded: 0, latencyMs: { p50: null, p95: null, p99: null } });
  });

  it('takes spoke, route and step', async () => {
    const { body } = await get('stats/series?window=1h&step=1m&spoke=crm&route=invoices');
    expect([body.stepSeconds, body.points.length]).toEqual([60, 61]);
    expect(body.points.every((point: { received: number; total: number }) => point.received + point.total === 0)).toBe(true);
  });

  it.each(['window=1m', 'window=8d', 'window=x', 'step=1ms', 'step=2h', 'spoke=NO', 'route=a,b', 'unknown=1'])(
    'refuses %s with 400',
    async (query) => {
      const { status, body } = await get(`stats/series?${query}`);
      expect([status, body.errors[0].path]).toEqual([400, `/query/${query.slice(0, query.indexOf('='))}`]);
    },
  );
});

describe('the text of an error', () => {
  it.each(['messages', 'deliveries'])('finds %s, to the letter but not the case', async (list) => {
    expect((await get(`${list}?error=vat%20NUMBER`)).body.items).toHaveLength(1);
    expect((await get(`${list}?error=vat%20NUMBER&route=invoices&from=2026-01-01T00:00:00Z`)).body.items).toHaveLength(1);
    expect((await get(`${list}?error=vat%25`)).body).toEqual({ items: [], nextCursor: null });
    for (const broken of ['', '%00', 'x'.repeat(300)]) expect((await get(`${list}?error=${broken}`)).status).toBe(400);
  });
});
