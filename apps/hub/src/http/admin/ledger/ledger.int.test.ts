import { createMessageStore } from '@nave/store';
import { buildDelivery, buildMessage, seedMessage } from '@nave/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AdminFixture, adminFixture } from '../admin-fixture.ts';

let hub: AdminFixture;
beforeAll(async () => {
  hub = await adminFixture();
});
afterAll(() => hub.close());

const MINUTE = 60_000;

async function accept(route: string, atMs: number): Promise<string> {
  const id = hub.deps.ids.next(atMs);
  await createMessageStore(hub.db.hot).accept([buildMessage(id, { deliveries: [buildDelivery(id, { route })] })], atMs);
  return id;
}

describe('the ledger', () => {
  it('adds up per route and minute, and says what is missing as soon as somebody looks', async () => {
    const at = Math.floor((hub.deps.clock.now() - 10 * MINUTE) / MINUTE) * MINUTE;
    await accept('invoices', at);
    const lost = await accept('invoices', at);
    const whole = await hub.call('GET', 'ledger?window=30m');
    expect(whole).toMatchObject({
      status: 200,
      body: {
        ok: true,
        checkedUntil: null,
        totals: { accepted: 2, waiting: 2, difference: 0, unchecked: 0 },
        messages: { accepted: 2, found: 2, difference: 0 },
        items: [{ route: 'invoices', minute: new Date(at).toISOString(), accepted: 2, waiting: 2 }],
        differences: [],
        blockedDays: [],
      },
    });
    expect((await hub.call('GET', 'ledger/verify')).body).toMatchObject({ ok: true, next: null, runs: { accepted: 2, found: 2 } });
    await hub.db.hot.query('DELETE FROM delivery WHERE message_id = $1', [lost]);
    const missing = { kind: 'runs', route: 'invoices', accepted: 2, found: 1, missing: 1 };
    expect((await hub.call('GET', 'ledger?window=30m')).body).toMatchObject({
      ok: false,
      totals: { difference: 1 },
      differences: [missing],
    });
    expect((await hub.call('GET', 'ledger?window=7d')).body).toMatchObject({ ok: false, items: [{ minute: null, difference: 1 }] });
    const from = new Date(at).toISOString();
    expect((await hub.call('GET', `ledger/verify?from=${from}`)).body).toMatchObject({
      ok: false,
      from,
      differences: [{ ...missing, messageIds: [lost] }],
    });
    const later = new Date(at + MINUTE).toISOString();
    expect((await hub.call('GET', `ledger/verify?from=${later}`)).body).toMatchObject({ ok: true, from: later, runs: { accepted: 0 } });
  });

  it('refuses windows it cannot answer', async () => {
    for (const window of ['1s', '4000d', 'x'])
      expect((await hub.call('GET', `ledger?window=${window}`)).status).toBeGreaterThanOrEqual(400);
    expect((await hub.call('GET', 'ledger/verify?from=yesterday')).status).toBe(400);
    expect(await hub.call('GET', 'ledger/verify?from=2026-11-22T00:00:00Z&to=2026-11-21T00:00:00Z')).toMatchObject({
      status: 400,
      body: { errors: [{ path: '/query/to' }] },
    });
  });
});

describe('a payload whose key was destroyed', () => {
  it('is gone, while its message can still be read', async () => {
    const key = await hub.deps.sealer.keyFor('spoke:shop', Date.now() - 86_400_000);
    const { id } = await seedMessage(hub.db.hot, { deliveries: [{}] }, (plain, context) => key.seal(plain, context));
    expect((await hub.call('GET', `messages/${id}/payload`)).status).toBe(200);
    const { rows } = await hub.db.hot.query<{ id: number }>('DELETE FROM data_key RETURNING id');
    const { forget } = Object(hub.deps.sealer);
    for (const row of rows) forget(row.id);
    expect(await hub.call('GET', `messages/${id}/payload`)).toMatchObject({ status: 410, body: { code: 'seal.destroyed' } });
    expect((await hub.call('GET', `messages/${id}`)).status).toBe(200);
  });
});
