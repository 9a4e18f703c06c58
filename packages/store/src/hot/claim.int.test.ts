import { type MessageStore, type NewMessage, type SweepStore, uuidV7 } from '@nave/core';
import { buildDelivery, buildMessage, buildRecord, type DisposableDatabase, disposableDatabase } from '@nave/testkit';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../database.ts';
import { createMessageStore } from './message-store.ts';
import { abandonLeases } from './sweep.ts';

let disposable: DisposableDatabase;
let db: Database;
let store: MessageStore & SweepStore;
let count = 0;

beforeAll(async () => {
  disposable = await disposableDatabase();
  db = openDatabase({ url: disposable.url, applicationName: 'test', hotConnections: 10, queryConnections: 1 });
  store = createMessageStore(db.hot);
  await db.hot.query(
    `INSERT INTO spoke (name, kind, title, enabled, version, spec, created_at, updated_at) VALUES ('erp', 'rest', '', true, 1, '{}', now(), now())`,
  );
});
afterAll(async () => {
  await db.close();
  await disposable.drop();
});
beforeEach(() => db.hot.query('DELETE FROM message; DELETE FROM delivery; DELETE FROM attempt; UPDATE spoke SET paused = false'));

async function accepted(n: number): Promise<string[]> {
  const batch: NewMessage[] = Array.from({ length: n }, () => {
    count += 1;
    const entropy = Buffer.alloc(10);
    entropy.writeUInt32BE(count, 6);
    const id = uuidV7(Date.now(), entropy);
    return buildMessage(id, { deliveries: [buildDelivery(id)] });
  });
  await store.accept(batch, Date.now());
  return batch.flatMap(({ deliveries }) => deliveries.map(({ id }) => id));
}

describe('claiming on PostgreSQL', () => {
  it('gives every delivery to exactly one of many claimers at once', async () => {
    const ids = await accepted(300);
    const claimers = Array.from({ length: 10 }, (_, n) =>
      n % 2 === 0 ? store.claim(n % 4 === 0 ? ids : [...ids].reverse(), `w${n}`, 30_000) : store.claimDue('erp', 60, `w${n}`, 30_000),
    );
    const claimed = (await Promise.all(claimers)).flat().map(({ id }) => id);
    expect(new Set(claimed).size).toBe(claimed.length);
    // Who skips rows that another one is just looking at comes back for them.
    for (let round = 0; round < 5; round++) claimed.push(...(await store.claimDue('erp', 300, 'last', 30_000)).map(({ id }) => id));
    expect(claimed).toHaveLength(300);
  });

  it('takes back what a dead process had leased, at once, and nothing else', async () => {
    const [leased = '', idle = ''] = await accepted(2);
    const [claimed] = await store.claim([leased], 'dead', 30_000);
    expect(await store.expireLeases()).toEqual([]);
    expect(await abandonLeases(db.hot)).toBe(1);
    expect(await store.expireLeases()).toEqual([{ spoke: 'erp', deliveryId: leased, state: 'pending', gaveUp: false }]);
    expect((await store.claim([leased, idle], 'me', 30_000)).map(({ id }) => id).sort()).toEqual([leased, idle].sort());
    expect(claimed === undefined ? null : await store.record([buildRecord(claimed)])).toEqual([]);
  });

  it('records each result once when two processes record the same deliveries at once, in opposite orders', async () => {
    const ids = await accepted(100);
    const claimed = await store.claim(ids, 'me', 30_000);
    const records = claimed.map((each) => buildRecord(each));
    const changed = await Promise.all([store.record(records), store.record([...records].reverse()), store.record(records)]);
    expect(changed.flat()).toHaveLength(100);
    const { rows } = await db.hot.query('SELECT count(*)::int AS n, count(DISTINCT delivery_id)::int AS d FROM attempt');
    expect(rows).toEqual([{ n: 100, d: 100 }]);
  });

  it('never rings for a row that is being claimed, and loses none', async () => {
    const ids = await accepted(200);
    await db.hot.query(`UPDATE delivery SET due_at = now() - interval '1 second'`);
    const [rung, claimed] = await Promise.all([store.ringDue(1_000, 5_000), store.claim(ids, 'me', 30_000)]);
    const late = await store.claim(
      rung.map(({ deliveryId }) => deliveryId),
      'me',
      30_000,
    );
    const rest = await store.ringDue(1_000, 5_000);
    expect(new Set([...claimed, ...late].map(({ id }) => id)).size + rest.length).toBe(200);
  });
});

describe('a pause that comes and goes', () => {
  it('never leaves deliveries held when a resume comes at the same moment', async () => {
    const pauser = new pg.Client({ connectionString: disposable.url });
    await pauser.connect();
    try {
      await accepted(20);
      await db.hot.query('UPDATE spoke SET paused = true');
      // The resume is under way but not committed: holding has to wait for it, and then finds nothing to hold.
      await pauser.query('BEGIN');
      await pauser.query('UPDATE spoke SET paused = false');
      const holding = store.holdPaused();
      await expect
        .poll(
          async () =>
            (
              await db.hot.query(
                `SELECT count(*)::int AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
              )
            ).rows[0]?.n,
          { timeout: 60_000, interval: 5 },
        )
        .toBe(1);
      await pauser.query('COMMIT');
      expect(await holding).toBe(0);
      expect((await db.hot.query(`SELECT count(*)::int AS n FROM delivery WHERE state = 'pending'`)).rows).toEqual([{ n: 20 }]);
    } finally {
      await pauser.end();
    }
  });

  it('makes a resume wait for the holding that is under way, so that the release after it finds everything', async () => {
    const holder = new pg.Client({ connectionString: disposable.url });
    await holder.connect();
    try {
      await accepted(20);
      await db.hot.query('UPDATE spoke SET paused = true');
      await holder.query('BEGIN');
      await holder.query(`SELECT name FROM spoke WHERE paused FOR SHARE`);
      let resumed = false;
      const resuming = db.hot.query('UPDATE spoke SET paused = false').then(() => {
        resumed = true;
      });
      expect(await store.holdPaused()).toBe(20);
      expect(resumed).toBe(false);
      await holder.query('COMMIT');
      await resuming;
      expect((await db.hot.query(`SELECT count(*)::int AS n FROM delivery WHERE state = 'held'`)).rows).toEqual([{ n: 20 }]);
    } finally {
      await holder.end();
    }
  });

  it('leaves alone what is being claimed at that moment', async () => {
    const ids = await accepted(50);
    await db.hot.query('UPDATE spoke SET paused = true');
    const [held, claimed] = await Promise.all([store.holdPaused(), store.claim(ids, 'me', 30_000)]);
    expect(held + claimed.length).toBe(50);
  });
});
