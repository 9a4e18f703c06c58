import { DELIVERY_STATES, type DeliveryState, INTERVENTIONS } from '@nave/core';
import { type DisposableDatabase, disposableDatabase, plainSeal, seedMessage } from '@nave/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../database.ts';
import { type DeliveryFilter, type DeliveryPage, findDelivery, listDeliveries } from './delivery-rows.ts';
import { createInterventionStore } from './interventions.ts';

const ALL: DeliveryFilter = { states: [], spokes: [], routes: [], messageId: null, fromMs: null, toMs: null };
const NOW = Date.UTC(2026, 10, 21, 12);
const AUDIT = { atMs: NOW, actor: 'key:test', action: 'delivery.test', subject: 'delivery:1', detail: {} };

let server: DisposableDatabase;
let db: Database;

beforeAll(async () => {
  server = await disposableDatabase();
  db = openDatabase({ url: server.url, applicationName: 'test', hotConnections: 2, queryConnections: 2 });
  for (const [index, state] of DELIVERY_STATES.entries()) {
    const spoke = index % 2 === 0 ? 'erp' : 'crm';
    const attempts = [
      { outcome: 'fault' as const, status: 500, detail: 'down' },
      { outcome: 'ok' as const, status: 200 },
    ];
    await seedMessage(
      db.hot,
      {
        atMs: NOW + index * 1_000,
        deliveries: [
          { state, spoke, attempts },
          { state, route: 'other', spoke },
        ],
      },
      plainSeal,
    );
  }
});

afterAll(async () => {
  await db.close();
  await server.drop();
});

async function states(filter: Partial<DeliveryFilter>, limit = 3): Promise<DeliveryState[]> {
  const found: DeliveryState[] = [];
  const seen = new Set<string>();
  let before: string | null = null;
  for (let page = 0; page < 50; page++) {
    const result: DeliveryPage = await listDeliveries(db.prisma, { ...ALL, ...filter }, before, limit);
    for (const { id, state } of result.items) {
      expect(seen.has(id)).toBe(false);
      seen.add(id);
      found.push(state);
    }
    if (result.next === null) return found;
    before = result.next;
  }
  throw new Error('the list never ends');
}

describe('listing deliveries', () => {
  it('gives every delivery once, newest first, with its attempts in order', async () => {
    expect(await states({})).toEqual([...DELIVERY_STATES].reverse().flatMap((state) => [state, state]));
    const { items } = await listDeliveries(db.prisma, { ...ALL, routes: ['invoices'] }, null, 1);
    expect(items[0]?.attempts.map(({ number, outcome }) => [number, outcome])).toEqual([
      [1, 'fault'],
      [2, 'ok'],
    ]);
  });

  it('finds states that wait or are due over their indexes and all others by walking', async () => {
    for (const state of DELIVERY_STATES) expect(await states({ states: [state] })).toEqual([state, state]);
    expect(await states({ states: ['dead', 'pending', 'held'] })).toEqual(['dead', 'dead', 'held', 'held', 'pending', 'pending']);
    expect(await states({ states: ['dead', 'succeeded'], routes: ['other'] })).toEqual(['dead', 'succeeded']);
    expect(await states({ states: ['dead'], spokes: ['crm'] })).toEqual([]);
    expect(await states({ states: ['dead'], spokes: ['erp'] })).toEqual(['dead', 'dead']);
  });

  it('filters by time and by message', async () => {
    expect(await states({ fromMs: NOW + 1_000, toMs: NOW + 2_000 })).toEqual(['active', 'active']);
    const { items } = await listDeliveries(db.prisma, { ...ALL, states: ['unknown'] }, null, 1);
    expect(await states({ messageId: items[0]?.messageId ?? '' }, 1)).toEqual(['unknown', 'unknown']);
    expect(await states({ messageId: items[0]?.messageId ?? '', states: ['dead'] })).toEqual([]);
  });
});

describe('intervening', () => {
  const store = () => createInterventionStore(db);
  const one = async (state: DeliveryState, heldBy: 'approval' | 'pause' | null = null) => {
    const attempts = [{ outcome: 'fault' as const, status: 500 }];
    const seeded = await seedMessage(
      db.hot,
      { atMs: NOW, deliveries: [{ state, heldBy, attempts, reason: 'retries.exhausted' }] },
      plainSeal,
    );
    return seeded.deliveryIds[0] ?? '';
  };
  const entries = () => db.prisma.audit.count();

  it('changes a delivery only in the states that allow it, and audits only what it changed', async () => {
    for (const [name, { from, to }] of Object.entries(INTERVENTIONS)) {
      for (const state of DELIVERY_STATES) {
        const id = await one(state);
        const before = await entries();
        const changed = await store().change(id, { from, to, reason: `operator.${name}` }, NOW + 5, AUDIT);
        const allowed = (from as readonly DeliveryState[]).includes(state);
        expect([name, state, changed !== null]).toEqual([name, state, allowed]);
        expect((await findDelivery(db.prisma, id))?.state).toBe(allowed ? to : state);
        expect((await entries()) - before).toBe(allowed ? 1 : 0);
      }
    }
  });

  it('gives a retried delivery a whole run of its policy while attempts go on counting, and makes it due at once', async () => {
    const id = await one('dead');
    expect(await store().change(id, { ...INTERVENTIONS.retry, reason: null, freshPolicy: true }, NOW + 5, AUDIT)).toEqual({
      due: [{ spoke: 'erp', deliveryId: id }],
    });
    const row = await db.prisma.delivery.findUniqueOrThrow({ where: { id } });
    expect(row).toMatchObject({
      state: 'pending',
      attemptCount: 1,
      attemptBase: 1,
      finishedAt: null,
      reason: null,
      fence: 1,
      dueAt: new Date(NOW + 5),
    });
  });

  it('lets only one of two people retry', async () => {
    const id = await one('dead');
    const retry = () => store().change(id, { ...INTERVENTIONS.retry, reason: null }, NOW, AUDIT);
    expect((await Promise.all([retry(), retry()])).filter((changed) => changed !== null)).toHaveLength(1);
  });

  it('approves only what is held for an approval', async () => {
    const approve = { from: ['held'], heldForApproval: true, to: 'pending', reason: null } as const;
    expect(await store().change(await one('held', 'pause'), approve, NOW, AUDIT)).toBeNull();
    expect(await store().change(await one('held', 'approval'), approve, NOW, AUDIT)).not.toBeNull();
  });
});
