import { sealOnce } from '@nave/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AdminFixture, adminFixture } from '../admin-fixture.ts';

let hub: AdminFixture;

beforeAll(async () => {
  hub = await adminFixture();
  for (let n = 0; n < 5; n++) await hub.keyFor('viewer');
});

afterAll(() => hub.close());

const seal = () => sealOnce({ db: hub.db, clock: hub.deps.clock, signer: hub.deps.checkpointSigner });

describe('/audit', () => {
  it('lists entries newest first, filtered and in pages', async () => {
    const first = await hub.call('GET', 'audit?action=key.*&limit=3');
    const second = await hub.call('GET', `audit?action=key.*&limit=3&cursor=${first.body.nextCursor}`);
    const ids = [first, second].flatMap(({ body }) => body.items.map((item: { id: string }) => Number(item.id)));
    expect(ids.length).toBeGreaterThanOrEqual(5);
    expect(ids).toEqual([...ids].sort((a, b) => b - a));
    expect((await hub.call('GET', 'audit?actor=nobody')).body.items).toEqual([]);
    expect((await hub.call('GET', 'audit?from=2000-01-01T00:00:00Z&to=2001-01-01T00:00:00Z')).body.items).toEqual([]);
    for (const query of ['limit=x', 'from=x', 'actor=%00', 'cursor=abc', 'verify=1'])
      expect((await hub.call('GET', `audit?${query}`)).status).toBe(400);
  });

  it('verifies the chain with the real key, and names a row changed in SQL', async () => {
    const before = await hub.call('GET', 'audit/verify');
    expect([before.status, before.body.ok, before.body.unsealed > 0]).toEqual([200, true, true]);
    await seal();
    const whole = await hub.call('GET', 'audit/verify');
    expect(whole.body).toMatchObject({ ok: true, unsealed: 0, head: { seq: whole.body.entries } });
    await hub.db.hot.query(`UPDATE audit SET detail = '{"nothing":"happened"}' WHERE seq = 3`);
    const { status, body } = await hub.call('GET', 'audit/verify');
    expect([status, body.ok, body.firstBroken]).toEqual([200, false, 3]);
    expect((await hub.call('GET', 'audit/verify?from=3')).body.firstBroken).toBe(3);
    for (const from of ['0', '-1', 'yesterday']) expect((await hub.call('GET', `audit/verify?from=${from}`)).status).toBe(400);
  });
});
