import { createHash } from 'node:crypto';
import { type AcceptResult, isHubError, type MessageStore, type NewMessage, uuidV7 } from '@nave/core';
import { buildDelivery, buildMessage, type DisposableDatabase, disposableDatabase } from '@nave/testkit';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../database.ts';
import { createMessageStore } from './message-store.ts';

let disposable: DisposableDatabase;
let dbs: Database[] = [];
let stores: MessageStore[] = [];
let count = 0;

beforeAll(async () => {
  disposable = await disposableDatabase();
  // Two pools, as two hub processes have.
  dbs = [1, 2].map(() => openDatabase({ url: disposable.url, applicationName: 'test', hotConnections: 4, queryConnections: 1 }));
  stores = dbs.map(({ hot }) => createMessageStore(hot));
});
afterAll(async () => {
  await Promise.all(dbs.map((db) => db.close()));
  await disposable.drop();
});
beforeEach(() =>
  query('DELETE FROM message; DELETE FROM delivery; DELETE FROM idempotency; DELETE FROM accepted_count; DELETE FROM message_key'),
);

async function query<R extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<R[]> {
  const result = await dbs[0]?.hot.query<R>(text, values);
  return result?.rows ?? [];
}

function message(changes: Partial<NewMessage> = {}): NewMessage {
  count += 1;
  const entropy = Buffer.alloc(10);
  entropy.writeUInt32BE(count, 6);
  const id = uuidV7(Date.now(), entropy);
  return buildMessage(id, { deliveries: [buildDelivery(id)], ...changes });
}

const store = (n: number): MessageStore => {
  const found = stores[n % stores.length];
  if (found === undefined) throw new Error('no store');
  return found;
};

/** As the accepter does it: a lost race is run again. */
async function accept(n: number, batch: readonly NewMessage[]): Promise<AcceptResult[]> {
  for (let tries = 1; ; tries++) {
    try {
      return await store(n).accept(batch, Date.now());
    } catch (error) {
      if (tries > 20 || !isHubError(error) || error.code !== 'store.conflict') throw error;
    }
  }
}

describe('accepting on PostgreSQL', () => {
  it('lets exactly one of many at once win a key, and answers all with its id', async () => {
    for (let round = 0; round < 10; round++) {
      const rivals = Array.from({ length: 8 }, () => message({ idempotencyKeys: [`race-${round}`] }));
      const answers = await Promise.all(rivals.map((rival, n) => accept(n, [rival])));
      const winners = rivals.filter((_, n) => answers[n]?.[0]?.duplicateOf === null);
      expect(winners).toHaveLength(1);
      for (const [n, [answer]] of answers.entries()) expect(answer?.duplicateOf ?? rivals[n]?.id).toBe(winners[0]?.id);
    }
    expect(await query('SELECT count(*)::int AS n FROM message')).toEqual([{ n: 10 }]);
    expect(await query('SELECT count(*)::int AS n FROM delivery')).toEqual([{ n: 10 }]);
  });

  it('never deadlocks over batches whose keys overlap in any order', async () => {
    const keys = Array.from({ length: 12 }, (_, n) => `k${n}`);
    for (let round = 0; round < 8; round++) {
      const batchOf = (order: readonly string[]) => order.map((key) => message({ idempotencyKeys: [`${round}-${key}`] }));
      const batches = [keys, [...keys].reverse(), [...keys.slice(6), ...keys.slice(0, 6)], keys.filter((_, n) => n % 2 === 0)].map(batchOf);
      const answers = await Promise.all(batches.map((batch, n) => accept(n, batch)));
      expect(answers.flat().filter(({ duplicateOf }) => duplicateOf === null)).toHaveLength(keys.length);
    }
  });

  it('refuses two messages of one key in one batch as a whole: the caller keeps them apart', async () => {
    const batch = [message({ idempotencyKeys: ['same'] }), message({ idempotencyKeys: ['same'] })];
    await expect(store(0).accept(batch, Date.now())).rejects.toMatchObject({ code: 'hub.internal' });
    expect(await query('SELECT count(*)::int AS n FROM message')).toEqual([{ n: 0 }]);
  });

  it.each(['type', 'contentType', 'correlationId', 'orderingKey'] as const)(
    'leaves nothing behind of a batch with NUL in %s',
    async (field) => {
      const batch = [message({ idempotencyKeys: ['a'] }), message({ [field]: 'a\u0000b' })];
      await expect(store(0).accept(batch, Date.now())).rejects.toMatchObject({ code: 'hub.internal' });
      for (const table of ['message', 'delivery', 'idempotency', 'accepted_count'])
        expect(await query(`SELECT count(*)::int AS n FROM ${table}`), table).toEqual([{ n: 0 }]);
    },
  );

  it('counts what it accepted, with a digest of the ids, in the same transaction', async () => {
    const first = message({ idempotencyKeys: ['k'] });
    const batch = [first, message({ unrouted: true, deliveries: [] }), message()];
    await store(0).accept(batch, Date.now());
    await store(0).accept([message({ idempotencyKeys: ['k'] })], Date.now());
    const rows = await query<{ messages: number; digest: Buffer; runs: Record<string, number> }>(
      'SELECT messages, digest, runs FROM accepted_count',
    );
    const ids = batch.map(({ id }) => id).sort();
    const digest = createHash('sha256')
      .update(Buffer.from(ids.join('').replaceAll('-', ''), 'hex'))
      .digest();
    const minute = new Date(first.receivedAtMs).toISOString().slice(0, 16);
    // A batch of repeats alone accepts nothing and counts nothing.
    expect(rows).toEqual([{ messages: 3, digest, runs: { [`invoices@${minute}`]: 2, [`@${minute}`]: 3 } }]);
  });

  it('keeps business keys, and none of a repeat', async () => {
    const hash = Buffer.alloc(32, 1);
    const first = message({ idempotencyKeys: ['k'], businessKeys: [{ name: 'order', hash }] });
    await store(0).accept([first], Date.now());
    await store(0).accept([message({ idempotencyKeys: ['k'], businessKeys: [{ name: 'order', hash }] })], Date.now());
    expect(await query('SELECT message_id AS id, name, hash FROM message_key')).toEqual([{ id: first.id, name: 'order', hash }]);
  });

  it('keeps every byte and character it is given', async () => {
    const content = Buffer.from(Array.from({ length: 256 }, (_, n) => n));
    const one = message({ content, type: '\\"{},\'ž😀', correlationId: 'NULL', idempotencyKeys: ['{"\\'], orderingKey: ' ' });
    await store(0).accept([one], Date.now());
    expect(await query('SELECT content, type, correlation_id AS c, ordering_key AS o, traceparent AS t FROM message')).toEqual([
      { content, type: one.type, c: 'NULL', o: ' ', t: null },
    ]);
    expect(await query('SELECT key FROM idempotency')).toEqual([{ key: '{"\\' }]);
  });

  it('is unavailable, not broken, when the database cannot be reached', async () => {
    const away = new pg.Pool({ connectionString: 'postgres://x:y@127.0.0.1:1/z' });
    await expect(createMessageStore(away).accept([message()], Date.now())).rejects.toMatchObject({
      code: 'store.unavailable',
      retryAfterSeconds: 2,
    });
    await away.end();
  });
});
