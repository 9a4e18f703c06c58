import { type MessageStore, type SweepStore, uuidV7 } from '@nave/core';
import { buildDelivery, buildMessage, buildRecord, type DisposableDatabase, disposableDatabase, recordingLogger } from '@nave/testkit';
import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../database.ts';
import { createClockMender, extendLeases, mendImpossible, mendLeapBack } from './mend-clock.ts';
import { createMessageStore } from './message-store.ts';

const HOUR = 3_600_000;
const LEASE = 20_000;

let disposable: DisposableDatabase;
let db: Database;
let store: MessageStore & SweepStore;
let count = 0;

beforeAll(async () => {
  disposable = await disposableDatabase();
  db = openDatabase({ url: disposable.url, applicationName: 'test', hotConnections: 4, queryConnections: 1 });
  store = createMessageStore(db.hot);
});
afterAll(async () => {
  await db.close();
  await disposable.drop();
});
beforeEach(() => db.hot.query('DELETE FROM message; DELETE FROM delivery; DELETE FROM attempt'));

async function accepted(n: number): Promise<string[]> {
  const batch = Array.from({ length: n }, () => {
    count += 1;
    const entropy = Buffer.alloc(10);
    entropy.writeUInt32BE(count, 6);
    const id = uuidV7(Date.now(), entropy);
    return buildMessage(id, { deliveries: [buildDelivery(id)] });
  });
  await store.accept(batch, Date.now());
  return batch.flatMap(({ deliveries }) => deliveries.map(({ id }) => id));
}

/** The server's clock cannot be moved here: all that is stored moves the other way. */
async function clockLeaps(ms: number): Promise<void> {
  await db.hot.query(
    `UPDATE delivery SET due_at = due_at - $1 * interval '1 ms', next_attempt_at = next_attempt_at - $1 * interval '1 ms'`,
    [ms],
  );
}

/** A mender that reads the database's clock and its own from here. */
function mender(clocks: { databaseMs: number; monotonicMs: number }) {
  const pool = new Proxy(db.hot, {
    get(target, name) {
      if (name !== 'query') return Reflect.get(target, name);
      return (config: pg.QueryConfig) =>
        config.name === 'database-clock' ? Promise.resolve({ rows: [{ ms: clocks.databaseMs }] }) : target.query(config);
    },
  });
  return createClockMender(pool, { leaseMs: LEASE, monotonicMs: () => clocks.monotonicMs, logger: recordingLogger() });
}

function pass(clocks: { databaseMs: number; monotonicMs: number }, databaseMs: number, monotonicMs: number): void {
  clocks.databaseMs += databaseMs;
  clocks.monotonicMs += monotonicMs;
}

/** Seconds from now until each is due, in the order given. */
async function dueIn(ids: readonly string[]): Promise<number[]> {
  const { rows } = await db.hot.query<{ id: string; s: number }>(
    'SELECT id, extract(epoch FROM due_at - now())::float8 AS s FROM delivery WHERE id = ANY($1)',
    [ids],
  );
  // Plus 0: without a minus before it.
  return ids.map((id) => Math.round(rows.find((row) => row.id === id)?.s ?? Number.NaN) + 0);
}

describe('a leap back of the clock of the database', () => {
  it('moves retries, rings and leases back with it, and nothing that is not due', async () => {
    const [idle = '', retried = '', leased = '', done = ''] = await accepted(4);
    const claimed = await store.claim([retried, leased, done], 'me', LEASE);
    const results = claimed.map((each) =>
      each.id === retried ? buildRecord(each, { state: 'retrying', delayMs: 60_000 }) : buildRecord(each),
    );
    await store.record(results.filter(({ id }) => id !== leased));
    await clockLeaps(-HOUR);
    expect(await dueIn([idle, retried, leased])).toEqual([3_605, 3_660, 3_620]);
    expect(await mendLeapBack(db.hot, HOUR, LEASE)).toBe(3);
    expect(await dueIn([idle, retried, leased])).toEqual([5, 60, 20]);
    const { rows } = await db.hot.query(`SELECT next_attempt_at = due_at AS same FROM delivery WHERE id = $1`, [retried]);
    expect(rows).toEqual([{ same: true }]);
    expect(await dueIn([done])).toEqual([Number.NaN]);
  });

  it('moves each row once, however many are due at the same moment', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 24; n++) ids.push(...(await accepted(500)));
    await db.hot.query(
      `UPDATE delivery SET due_at = now() + interval '2 hours', next_attempt_at = now() + interval '2 hours', state = 'retrying'`,
    );
    expect(await mendLeapBack(db.hot, HOUR, LEASE)).toBe(ids.length);
    const { rows } = await db.hot.query<{ n: number; s: number }>(
      'SELECT count(DISTINCT due_at)::int AS n, round(extract(epoch FROM min(due_at) - now()) / 60)::int AS s FROM delivery',
    );
    expect(rows).toEqual([{ n: 1, s: 60 }]);
  });

  it('moves what keeps a spoke back: a breaker probes, back-off and rates end when they would have', async () => {
    await db.hot.query(
      `INSERT INTO spoke_flow (spoke, breaker, opened_at, probe_at, throttled_until) VALUES ('erp', 'open', now(), now() + interval '30 s', now() + interval '60 s')`,
    );
    await db.hot.query(`INSERT INTO rate_window (key, points, until) VALUES ('spoke:erp', 1, now() + interval '10 s')`);
    await mendLeapBack(db.hot, 5_000, LEASE);
    const { rows } = await db.hot.query(
      `SELECT round(extract(epoch FROM opened_at - now()))::int AS opened, round(extract(epoch FROM probe_at - now()))::int AS probe,
         round(extract(epoch FROM throttled_until - now()))::int AS throttled, (SELECT round(extract(epoch FROM until - now()))::int FROM rate_window) AS rate
       FROM spoke_flow`,
    );
    expect(rows).toEqual([{ opened: -5, probe: 25, throttled: 55, rate: 5 }]);
  });

  it('is noticed by who sweeps, and once', async () => {
    const [id = ''] = await accepted(1);
    let monotonic = 0;
    const logger = recordingLogger();
    const mend = createClockMender(db.hot, { leaseMs: LEASE, monotonicMs: () => monotonic, logger });
    await mend();
    await clockLeaps(-HOUR);
    // Seen from the database, an hour more passed for everybody else.
    monotonic += HOUR;
    await mend();
    expect(await dueIn([id])).toEqual([5]);
    await mend();
    expect(await dueIn([id])).toEqual([5]);
    expect(logger.lines).toHaveLength(1);
  });

  it('that nobody watched leaves no lease and no ring further ahead than they can be', async () => {
    const [idle = '', leased = '', retried = ''] = await accepted(3);
    const claimed = await store.claim([leased, retried], 'dead', LEASE);
    await store.record(claimed.filter(({ id }) => id === retried).map((each) => buildRecord(each, { state: 'retrying', delayMs: HOUR })));
    await clockLeaps(-HOUR);
    expect(await mendImpossible(db.hot, LEASE)).toBe(2);
    // How long a retry was to wait is not known any more.
    expect(await dueIn([idle, leased, retried])).toEqual([0, 20, 7_200]);
  });
});

describe('a leap forward of the clock of the database', () => {
  it('ends no lease: whoever lives has one lease to renew', async () => {
    const [leased = ''] = await accepted(1);
    await store.claim([leased], 'me', LEASE);
    await clockLeaps(HOUR);
    expect(await extendLeases(db.hot, LEASE)).toBe(1);
    expect(await store.expireLeases()).toEqual([]);
    expect(await dueIn([leased])).toEqual([20]);
  });

  it('is noticed by who sweeps, before leases are taken back', async () => {
    const [leased = ''] = await accepted(1);
    await store.claim([leased], 'me', LEASE);
    const clocks = { databaseMs: 0, monotonicMs: 0 };
    const mend = mender(clocks);
    await mend();
    await clockLeaps(HOUR);
    pass(clocks, HOUR + 1_000, 1_000);
    await mend();
    expect(await dueIn([leased])).toEqual([20]);
  });

  it('has the effect of a database that was away: nobody could renew. But leases never grow twice in a row', async () => {
    const [leased = ''] = await accepted(1);
    await store.claim([leased], 'me', LEASE);
    const clocks = { databaseMs: 0, monotonicMs: 0 };
    const mend = mender(clocks);
    await mend();
    for (const expected of [20, -1]) {
      await clockLeaps(LEASE + 1_000);
      pass(clocks, LEASE + 1_000, LEASE + 1_000);
      await mend();
      expect(await dueIn([leased])).toEqual([expected]);
    }
  });

  it('is not mistaken for the time that passes', async () => {
    const [leased = ''] = await accepted(1);
    await store.claim([leased], 'dead', LEASE);
    const logger = recordingLogger();
    const mend = createClockMender(db.hot, { leaseMs: LEASE, monotonicMs: () => performance.now(), logger });
    for (let turn = 0; turn < 5; turn++) await mend();
    await clockLeaps(LEASE + 1_000);
    await mend();
    expect(logger.lines).toEqual([]);
    expect(await store.expireLeases()).toHaveLength(1);
  });
});
