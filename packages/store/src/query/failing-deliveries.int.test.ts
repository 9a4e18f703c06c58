import { type DisposableDatabase, disposableDatabase, plainSeal, type SeedDelivery, seedHistory, seedMessage } from '@nave/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../database.ts';
import type { Prisma } from '../generated/client.ts';
import { type DeliveryFilter, listDeliveries } from './delivery-rows.ts';
import { FAILING_MAX, type FailingQuery, failingSql, failingWith, lastDetailSql } from './failing-deliveries.ts';
import { createMessageReader, editsSql } from './message-reader.ts';

const HOUR = 3_600_000;
const ALL: FailingQuery = { text: 'x', low: null, high: null, sources: [], spokes: [], routes: [], states: [] };
const EVERY: DeliveryFilter = { states: [], spokes: [], routes: [], messageId: null, fromMs: null, toMs: null };

let server: DisposableDatabase;
let db: Database;
let now: number;
const ids: Record<string, { id: string; deliveryIds: string[] }> = {};

const failed = (detail: string, change: SeedDelivery = {}): SeedDelivery => ({
  state: 'dead',
  reason: 'rejected',
  attempts: [
    { outcome: 'fault', detail: 'first down' },
    { outcome: 'rejected', detail },
  ],
  ...change,
});

beforeAll(async () => {
  server = await disposableDatabase();
  db = openDatabase({ url: server.url, applicationName: 'test', hotConnections: 2, queryConnections: 3 });
  now = Date.now();
  await db.hot.query(`SELECT nave_make_partitions((now() AT TIME ZONE 'UTC')::date - d) FROM generate_series(1, 5) AS d`);
  // As much of today as of any day: what began a minute ago would be so small that it is read whole.
  const midnight = Math.floor(now / (24 * HOUR)) * 24 * HOUR;
  await seedHistory(db.hot, { count: 40_000, fromMs: midnight - 5 * 24 * HOUR, toMs: midnight });
  await seedHistory(db.hot, { count: 10_000, fromMs: midnight, toMs: Math.max(midnight + 1, now - 60_000) });
  const seed = async (name: string, ageMs: number, message: Parameters<typeof seedMessage>[1]) => {
    ids[name] = await seedMessage(db.hot, { atMs: now - ageMs, ...message }, plainSeal);
  };
  await seed('old', 30 * HOUR, { deliveries: [failed('No such VAT number')] });
  await seed('two', 3_000, { deliveries: [failed('VAT missing'), failed('vat missing', { route: 'crm', spoke: 'crm' })] });
  await seed('mapping', 2_500, { deliveries: [{ state: 'dead', reason: 'input expression.evaluate: T2001 (vat)' }] });
  await seed('retrying', 2_000, { spoke: 'bank', deliveries: [failed('100% of_the VAT', { state: 'retrying', reason: null })] });
  await seed('held', 1_500, { deliveries: [failed('vat', { state: 'held', heldBy: 'breaker', reason: null })] });
  await seed('waits', 1_400, { deliveries: [{ state: 'held', heldBy: 'lane', reason: 'vat' }] });
  await seed('succeeded', 1_000, { deliveries: [failed('vat', { state: 'succeeded', reason: null })] });
  await db.hot.query('ANALYZE');
}, 60_000);

afterAll(async () => {
  await db.close();
  await server.drop();
});

const namesOf = (found: readonly string[]) => found.map((id) => Object.entries(ids).find(([, seeded]) => seeded.id === id)?.[0] ?? id);

async function messages(text: string, filter: Partial<Parameters<ReturnType<typeof createMessageReader>['idsFailedWith']>[1]> = {}) {
  return namesOf(await createMessageReader(db).idsFailedWith(text, { spokes: [], routes: [], fromMs: null, toMs: null, ...filter }));
}

describe('messages by the text of an error', () => {
  it('are those with a delivery that failed so last and is not over, newest first', async () => {
    expect(await messages('vat')).toEqual(['held', 'retrying', 'mapping', 'two', 'old']);
    expect(await messages('VAT MISSING')).toEqual(['two']);
    expect(await messages('first down')).toEqual([]);
    expect(await messages('rejected')).toEqual(['two', 'old']);
  });

  it('takes the text as it is', async () => {
    expect(await messages('100% of_the')).toEqual(['retrying']);
    for (const text of ['%', '_at', '.*', "' OR 1=1 --", '\\']) expect(await messages(`no ${text}`)).toEqual([]);
  });

  it('keeps to the spoke, route and time that are asked for', async () => {
    expect(await messages('vat', { spokes: ['bank'] })).toEqual(['retrying']);
    expect(await messages('vat', { routes: ['crm'] })).toEqual(['two']);
    expect(await messages('vat', { fromMs: now - 2_000 })).toEqual(['held', 'retrying']);
    expect(await messages('vat', { toMs: now - HOUR })).toEqual(['old']);
  });
});

describe('deliveries by the text of an error', () => {
  it('page without gaps, and keep to the other filters', async () => {
    const found: string[] = [];
    for (let before: string | null = null, page = 0; page < 20; page++) {
      const { items, next } = await listDeliveries(db.prisma, { ...EVERY, error: 'vat' }, before, 2);
      found.push(...items.map(({ messageId }) => messageId));
      if (next === null) break;
      before = next;
    }
    expect(namesOf(found)).toEqual(['held', 'retrying', 'mapping', 'two', 'two', 'old']);
    const { items } = await listDeliveries(db.prisma, { ...EVERY, error: 'vat', states: ['retrying', 'succeeded'] }, null, 50);
    expect(items.map(({ state }) => state)).toEqual(['retrying']);
    const crm = await listDeliveries(db.prisma, { ...EVERY, error: 'vat', spokes: ['crm'] }, null, 50);
    expect(crm.items.map(({ route }) => route)).toEqual(['crm']);
  });

  it('of one message', async () => {
    const messageId = ids['two']?.id ?? '';
    const first = await listDeliveries(db.prisma, { ...EVERY, messageId, error: 'missing' }, null, 1);
    const second = await listDeliveries(db.prisma, { ...EVERY, messageId, error: 'MISSING' }, first.next, 1);
    expect([...first.items, ...second.items].map(({ id }) => id).sort()).toEqual([...(ids['two']?.deliveryIds ?? [])].sort());
    expect(second.next).toBeNull();
    expect((await listDeliveries(db.prisma, { ...EVERY, messageId, error: 'first' }, null, 9)).items).toEqual([]);
  });
});

describe('the look', () => {
  it('reads the newest failing deliveries by their own index and attempts by theirs, whatever lies behind', async () => {
    const scan = await planOf(failingSql({ ...ALL, spokes: ['erp'], states: ['dead'] }));
    expect(scan).toMatch(/Index (Only )?Scan Backward using delivery_\S*_id_idx/);
    expect(scan).not.toMatch(/Seq Scan on delivery/);
    const deliveryIds = Object.values(ids).flatMap((seeded) => seeded.deliveryIds);
    expect(await planOf(lastDetailSql(deliveryIds, 'x'))).not.toMatch(/Seq Scan on attempt/);
  });

  it('finds what was made from a message by its own index', async () => {
    const plan = await planOf(editsSql(ids['old']?.id ?? ''));
    expect(plan).toMatch(/causation_id_id_idx/);
    expect(plan).not.toMatch(/Seq Scan on message/);
  });

  it('ends after a bounded number and tells where', async () => {
    await db.hot.query(
      `INSERT INTO delivery (id, message_id, source, route, route_version, step, step_name, spoke, operation, state, reason, created_at, finished_at)
       SELECT overlay(nave_uuid_at(now() + n * interval '1 millisecond')::text placing '7' from 15)::uuid, gen_random_uuid(), 's', 'r', 1, 0, 'x', 'many', 'send', 'dead',
         'rejected', now(), now() FROM generate_series(1, $1::int) AS n`,
      [FAILING_MAX + 10],
    );
    const { found, edge } = await failingWith(db.prisma, { ...ALL, text: 'REJECTED' });
    expect([found.length, found.at(-1)?.id]).toEqual([FAILING_MAX, edge]);
    const rest = await failingWith(db.prisma, { ...ALL, text: 'rejected', high: edge });
    expect([rest.found.length, rest.edge]).toEqual([13, null]);
  });
});

async function planOf(sql: Prisma.Sql): Promise<string> {
  const { rows } = await db.hot.query<{ 'QUERY PLAN': string }>({ text: `EXPLAIN ${sql.text}`, values: sql.values });
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}
