import { type SeedDelivery, seedMessage } from '@nave/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AdminFixture, adminFixture } from '../admin-fixture.ts';
import { titleOf } from './issue-view.ts';

let hub: AdminFixture;
let viewer: string;
let operator: string;
let seeded = 0;

beforeAll(async () => {
  hub = await adminFixture();
  viewer = await hub.keyFor('viewer');
  operator = await hub.keyFor('operator');
  for (let n = 0; n < 5; n++) await failed(`answered 422; customer ${n} is locked`);
  for (let n = 0; n < 2; n++)
    await failed('answered 500', {
      route: 'orders',
      attempts: [{ outcome: 'fault', status: 500, detail: 'answered 500' }],
      reason: 'retries.exhausted',
    });
  await failed('', { state: 'unknown', reason: 'unanswered', attempts: [{ outcome: 'timeout', detail: 'no answer within 30000 ms' }] });
});
afterAll(() => hub.close());

async function failed(detail: string, delivery: SeedDelivery = {}): Promise<void> {
  seeded += 1;
  const key = await hub.deps.sealer.keyFor('spoke:shop', hub.deps.clock.now());
  const base = { state: 'dead' as const, reason: 'rejected', attempts: [{ outcome: 'rejected' as const, status: 422, detail }] };
  await seedMessage(hub.db.hot, { atMs: hub.deps.clock.now() - 60_000 + seeded, deliveries: [{ ...base, ...delivery }] }, key.seal);
}

const get = (path = '', key = viewer) => hub.call('GET', `issues${path}`, { key });
const post = (body: unknown, key = operator) => hub.call('POST', 'replays', { body, key });

describe('/issues', () => {
  it('shows a group for each cause, with a title that reads, a sample and counts', async () => {
    const { status, body } = await get();
    expect([status, body.nextCursor]).toEqual([200, null]);
    expect(body.items.map(({ title, count, state }: { title: string; count: number; state: string }) => [title, count, state])).toEqual([
      ['timeout: no answer within # ms', 1, 'unknown'],
      ['fault 500', 2, 'dead'],
      ['rejected 422: customer # is locked', 5, 'dead'],
    ]);
    expect(body.items[2]).toEqual({
      ...{ id: expect.stringMatching(/^[0-9a-f-]{36}$/), spoke: 'erp', operation: 'send', state: 'dead', outcome: 'rejected', status: 422 },
      ...{ reason: 'rejected', title: expect.any(String), detail: 'answered 422; customer 4 is locked', count: 5, messages: 5 },
      ...{ firstSeen: expect.any(String), lastSeen: expect.any(String), routes: [{ route: 'invoices', count: 5 }] },
      sample: { deliveryId: expect.any(String), messageId: expect.any(String) },
      ...{ parkedLanes: 0, waiting: 0, exact: true },
    });
    expect((await get('/summary')).body).toEqual({ issues: 3, dead: 7, unknown: 1, parkedLanes: 0, exact: true });
  });

  it('pages and filters, and refuses a cursor of another filter and what is no value', async () => {
    const first = (await get('?limit=2')).body;
    const second = (await get(`?limit=2&cursor=${first.nextCursor}`)).body;
    expect([first.items.length, second.items.length, second.nextCursor]).toEqual([2, 1, null]);
    expect(new Set([...first.items, ...second.items].map(({ id }) => id)).size).toBe(3);
    const counts = async (query: string) => (await get(`?${query}`)).body.items.map(({ count }: { count: number }) => count);
    expect(await counts('state=unknown')).toEqual([1]);
    expect(await counts('route=orders,none')).toEqual([2]);
    expect(await counts('spoke=crm')).toEqual([]);
    expect(await counts('from=2099-01-01T00:00:00Z')).toEqual([]);
    expect((await get(`?state=dead&cursor=${first.nextCursor}`)).body.code).toBe('request.cursor');
    for (const bad of ['state=held', 'from=yesterday', 'limit=0', 'more=1', 'spoke='])
      expect([bad, (await get(`?${bad}`)).status]).toEqual([bad, 400]);
    expect((await get('/nonsense')).status).toBe(400);
  });

  it('shows the deliveries of one group page by page, and 404 when there are none', async () => {
    const { id } = (await get('?state=dead')).body.items[1];
    const first = (await get(`/${id}?limit=3`)).body;
    expect([first.id, first.count, first.deliveries.items.length]).toEqual([id, 5, 3]);
    const second = (await get(`/${id}?limit=3&cursor=${first.deliveries.nextCursor}`)).body;
    expect([second.deliveries.items.length, second.deliveries.nextCursor]).toEqual([2, null]);
    const all = [...first.deliveries.items, ...second.deliveries.items];
    expect(all[0]).toMatchObject({ id: first.sample.deliveryId, state: 'dead', attempts: [{ outcome: 'rejected', status: 422 }] });
    expect(all.map((delivery) => delivery.id)).toEqual(
      all
        .map((delivery) => delivery.id)
        .sort()
        .reverse(),
    );
    expect((await get('/00000000-0000-7000-8000-000000000000')).body.code).toBe('resource.not-found');
    const other = (await get('?state=unknown')).body.items[0].id;
    expect((await get(`/${other}?cursor=${first.deliveries.nextCursor}`)).body.code).toBe('request.cursor');
  });

  it('lets a bulk retry, skip or cancel name one group: counted before, told in the audit, refused where it makes no sense', async () => {
    const { id } = (await get('?state=dead')).body.items[1];
    const unknown = (await get('?state=unknown')).body.items[0].id;
    for (const mode of ['retry', 'skip', 'cancel']) {
      const { status, body } = await post({ mode, filter: { issue: id }, dryRun: true });
      expect([mode, status, body.count, body.exact]).toEqual([mode, 200, 5, true]);
    }
    const refusals: [unknown, RegExp][] = [
      [{ filter: { issue: id } }, /mode retry/],
      [{ mode: 'retry', filter: { issue: unknown } }, /one by one/],
      [{ mode: 'cancel', filter: { issue: unknown }, dryRun: true }, /one by one/],
      [{ mode: 'retry', filter: { issue: '00000000-0000-7000-8000-000000000000' } }, /no delivery/],
    ];
    for (const [body, message] of refusals) {
      const refused = await post(body);
      expect([refused.status, refused.body.errors[0].path]).toEqual([422, '/filter/issue']);
      expect(refused.body.errors[0].message).toMatch(message);
    }
    expect((await post({ mode: 'retry', filter: { issue: 'x' } })).status).toBe(422);
    expect((await post({ mode: 'skip', filter: { issue: id }, routeVersion: 1 })).status).toBe(422);
    expect((await post({ mode: 'retry', filter: { issue: id } }, viewer)).status).toBe(403);
    const made = await post({ mode: 'skip', filter: { issue: id } });
    expect([made.status, made.body]).toEqual([
      202,
      expect.objectContaining({ mode: 'skip', total: 5, filter: { issue: id, state: ['dead'] } }),
    ]);
    const audit = await hub.call('GET', `audit?subject=replay:${made.body.id}`);
    expect(audit.body.items[0].detail).toMatchObject({ mode: 'skip', total: 5, filter: { issue: id } });
  });
});

describe('the title of an issue', () => {
  const base = { outcome: null, status: null, reason: null, line: '', state: 'dead' as const };
  it('says what is known and no more', () => {
    expect(titleOf({ ...base, reason: 'worker.lost' })).toBe('worker.lost');
    expect(titleOf({ ...base, reason: 'when expression.evaluate', line: '… is no number' })).toBe(
      'when expression.evaluate: … is no number',
    );
    expect(titleOf({ ...base, outcome: 'timeout', reason: 'at-most-once', line: 'no answer' })).toBe('timeout (at-most-once): no answer');
    expect(titleOf({ ...base, outcome: 'fault', status: 503, reason: 'retries.exhausted' })).toBe('fault 503');
    expect(titleOf({ ...base, state: 'unknown' })).toBe('unknown');
  });
});
