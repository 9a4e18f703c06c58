/** Lanes on PostgreSQL where several act at once: nothing is lost between joining and moving on, nobody deadlocks, and persons' changes release a lane. */
import { type MessageStore, type NewMessage, type SweepStore, uuidV7 } from '@nave/core';
import { buildDelivery, buildMessage, buildRecord, type DisposableDatabase, disposableDatabase } from '@nave/testkit';
import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../database.ts';
import { createInterventionStore, type DeliveryChange } from '../query/interventions.ts';
import { retryDead } from '../replay/dead-deliveries.ts';
import { insertRuns } from '../replay/insert-runs.ts';
import { createMessageStore } from './message-store.ts';

let disposable: DisposableDatabase;
let dbs: Database[] = [];
let store: MessageStore & SweepStore;
let other: MessageStore & SweepStore;
let count = 0;

beforeAll(async () => {
  disposable = await disposableDatabase();
  dbs = [1, 2].map(() => openDatabase({ url: disposable.url, applicationName: 'test', hotConnections: 6, queryConnections: 4 }));
  [store, other] = [createMessageStore(db(0).hot), createMessageStore(db(1).hot)];
});
afterAll(async () => {
  await Promise.all(dbs.map((each) => each.close()));
  await disposable.drop();
});
beforeEach(() => db(0).hot.query('DELETE FROM message; DELETE FROM delivery; DELETE FROM attempt; DELETE FROM lane'));

function db(n: number): Database {
  const found = dbs[n];
  if (found === undefined) throw new Error('no database');
  return found;
}

async function query<R extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<R[]> {
  return (await db(0).hot.query<R>(text, values)).rows;
}

function message(key: string, spoke = 'erp'): NewMessage {
  count += 1;
  const entropy = Buffer.alloc(10);
  entropy.writeUInt32BE(count, 6);
  const id = uuidV7(Date.now(), entropy);
  return buildMessage(id, { deliveries: [buildDelivery(id, { spoke, laneKey: key })] });
}

const idOf = (of: NewMessage) => of.deliveries[0]?.id ?? '';
const LANE = { spoke: 'erp', key: 'k' };

async function queued(n: number, key = 'k'): Promise<string[]> {
  const batch = Array.from({ length: n }, () => message(key));
  await store.accept(batch, Date.now());
  return batch.map(idOf);
}

async function end(id: string, state: 'succeeded' | 'dead' | 'unknown', key = 'k'): Promise<void> {
  const [row] = await store.claim([id], 'me', 30_000);
  if (row === undefined) throw new Error('not claimed');
  await store.record([buildRecord(row, { state, lane: { spoke: 'erp', key } })]);
}

async function states(ids: readonly string[]): Promise<(string | undefined)[]> {
  const rows = await query<{ id: string; state: string }>('SELECT id, state::text FROM delivery');
  const known = new Map(rows.map(({ id, state }) => [id, state]));
  return ids.map((id) => known.get(id));
}

const act = (id: string, change: DeliveryChange) =>
  createInterventionStore(db(1)).change(id, change, Date.now(), {
    atMs: Date.now(),
    actor: 'key:test',
    action: 'delivery.test',
    subject: id,
    detail: {},
  });
const RETRY: DeliveryChange = { from: ['dead'], to: 'pending', reason: null, freshPolicy: true };
const SKIP: DeliveryChange = { from: ['dead'], to: 'skipped', reason: 'operator.skipped' };
const CANCEL: DeliveryChange = { from: ['pending', 'retrying', 'held', 'unknown', 'dead'], to: 'cancelled', reason: 'operator.cancelled' };

describe('joining and moving on at the same moment', () => {
  it('never leaves a delivery behind: it leads the lane or is found', async () => {
    for (let round = 0; round < 60; round++) {
      const key = `round-${round}`;
      const [head = ''] = await queued(1, key);
      await end(head, 'succeeded', key);
      const next = message(key);
      await Promise.all([
        other.accept([next], Date.now()),
        store.advanceLanes([{ spoke: 'erp', key }]),
        other.advanceLanes([{ spoke: 'erp', key }]),
      ]);
      expect([round, ...(await states([idOf(next)]))]).toEqual([round, 'pending']);
      expect(await query('SELECT head FROM lane WHERE key = $1', [key])).toEqual([{ head: idOf(next) }]);
    }
  });

  it('numbers the deliveries of a lane in the order of the commits, over two accepting processes', async () => {
    for (let round = 0; round < 20; round++) {
      const first = message('k');
      await store.accept([first, message('k')], Date.now());
      const second = message('k');
      await other.accept([second, message('k')], Date.now());
      const rows = await query<{ id: string }>('SELECT id FROM delivery WHERE id = ANY($1) ORDER BY lane_seq', [
        [idOf(first), idOf(second)],
      ]);
      expect(rows.map(({ id }) => id)).toEqual([idOf(first), idOf(second)]);
    }
    const rows = await query<{ n: number; heads: number }>(
      `SELECT count(DISTINCT lane_seq)::int AS n, (count(*) FILTER (WHERE state = 'pending'))::int AS heads FROM delivery`,
    );
    expect(rows).toEqual([{ n: 80, heads: 1 }]);
  });

  it('never deadlocks when accepting, recording and advancing take the same lanes in any order', async () => {
    const keys = Array.from({ length: 10 }, (_, n) => `k${n}`);
    const lanes = keys.map((key) => ({ spoke: 'erp', key }));
    for (let round = 0; round < 15; round++) {
      await Promise.all([
        store.accept(
          keys.map((key) => message(key)),
          Date.now(),
        ),
        other.accept(
          [...keys].reverse().map((key) => message(key)),
          Date.now(),
        ),
        finishAll(store),
        finishAll(other),
        store.advanceLanes(lanes),
        other.advanceLanes([...lanes].reverse()),
        other.mendLanes(100),
      ]);
    }
    for (let n = 0; n < 400; n++) {
      await store.advanceLanes(lanes);
      if ((await finishAll(store)) === 0) break;
    }
    expect(await query(`SELECT state::text, count(*)::int AS n FROM delivery GROUP BY 1`)).toEqual([{ state: 'succeeded', n: 300 }]);
    expect(await query('SELECT * FROM lane')).toEqual([]);
  });

  /** Finishes what can be claimed. */
  async function finishAll(by: MessageStore): Promise<number> {
    const rows = await by.claimDue('erp', 100, 'me', 30_000);
    await by.record(rows.map((row) => buildRecord(row, { lane: { spoke: 'erp', key: row.laneKey ?? '' } })));
    return rows.length;
  }
});

describe('a parked lane', () => {
  it('is marked with its time while its head is dead, and goes on when it is skipped', async () => {
    const [head = '', next = '', last = ''] = await queued(3);
    await end(head, 'dead');
    await store.advanceLanes([LANE]);
    expect(await query('SELECT head, parked_at IS NOT NULL AS parked FROM lane')).toEqual([{ head, parked: true }]);
    expect(await act(head, SKIP)).toEqual({ due: [{ spoke: 'erp', deliveryId: next }] });
    expect(await states([head, next, last])).toEqual(['skipped', 'pending', 'held']);
    expect(await query('SELECT head, parked_at FROM lane')).toEqual([{ head: next, parked_at: null }]);
  });

  it('sends its head again, before the others, when it is retried', async () => {
    const [head = '', next = ''] = await queued(2);
    await end(head, 'dead');
    await store.advanceLanes([LANE]);
    expect(await act(head, RETRY)).toEqual({ due: [{ spoke: 'erp', deliveryId: head }] });
    expect(await states([head, next])).toEqual(['pending', 'held']);
    expect(await query('SELECT parked_at FROM lane')).toEqual([{ parked_at: null }]);
  });

  it('passes over what is cancelled while it waits', async () => {
    const [head = '', next = '', last = ''] = await queued(3);
    expect(await act(next, CANCEL)).toEqual({ due: [] });
    expect(await states([head, next, last])).toEqual(['pending', 'cancelled', 'held']);
    expect(await act(head, CANCEL)).toEqual({ due: [{ spoke: 'erp', deliveryId: last }] });
  });

  it('is not parked by what waits for a lookup, only by what waits for a person', async () => {
    const [head = ''] = await queued(2);
    const [row] = await store.claim([head], 'me', 30_000);
    if (row === undefined) throw new Error('not claimed');
    await store.record([buildRecord(row, { state: 'unknown', delayMs: 60_000, lane: LANE })]);
    await store.advanceLanes([LANE]);
    expect(await query('SELECT parked_at FROM lane')).toEqual([{ parked_at: null }]);
    await query('UPDATE delivery SET due_at = NULL WHERE id = $1', [head]);
    expect(await store.mendLanes(10)).toEqual([]);
    expect(await query('SELECT parked_at IS NOT NULL AS parked FROM lane')).toEqual([{ parked: true }]);
  });

  it('gives a dead delivery that lost its place the place of its number', async () => {
    const dead = { ...message('k') };
    const [refused] = dead.deliveries;
    if (refused === undefined) throw new Error('no delivery');
    await store.accept([{ ...dead, deliveries: [{ ...refused, state: 'dead', reason: 'when failed' }] }], Date.now());
    const [head = '', next = ''] = await queued(2);
    // The lane has a head: the retried one waits, and goes before what came after it.
    expect(await act(refused.id, RETRY)).toEqual({ due: [] });
    expect(await states([refused.id, head, next])).toEqual(['held', 'pending', 'held']);
    await end(head, 'succeeded');
    expect(await store.advanceLanes([LANE])).toEqual([{ spoke: 'erp', deliveryId: refused.id }]);
  });

  it('goes on when its head is gone', async () => {
    const [head = '', next = ''] = await queued(2);
    await query('DELETE FROM delivery WHERE id = $1', [head]);
    expect(await store.mendLanes(10)).toEqual([{ spoke: 'erp', deliveryId: next }]);
  });
});

describe('many at once', () => {
  it('retries the dead of many lanes: heads go, others wait at the place they had', async () => {
    const heads: string[] = [];
    for (const key of ['a', 'b']) {
      const [head = ''] = await queued(2, key);
      await end(head, 'dead', key);
      heads.push(head);
    }
    const early = message('a');
    const [refused] = early.deliveries;
    if (refused === undefined) throw new Error('no delivery');
    await store.accept([{ ...early, deliveries: [{ ...refused, state: 'dead', reason: 'when failed' }] }], Date.now());
    const rows = await db(0).prisma.$transaction((tx) => retryDead(tx, [...heads, refused.id], Date.now()));
    expect(new Map(rows.map(({ id, due }) => [id, due]))).toEqual(
      new Map([
        [heads[0], true],
        [heads[1], true],
        [refused.id, false],
      ]),
    );
    expect(await states([...heads, refused.id])).toEqual(['pending', 'pending', 'held']);
    expect(await query(`SELECT due_at FROM delivery WHERE id = $1`, [refused.id])).toEqual([{ due_at: null }]);
  });

  it('puts the deliveries of a replay behind what is there, in the order of their messages', async () => {
    const [head = '', behind = ''] = await queued(2);
    const batch = Array.from({ length: 3 }, () => message('k'));
    await store.accept(
      batch.map((each) => ({ ...each, deliveries: [] })),
      Date.now(),
    );
    const runs = batch.flatMap(({ id, deliveries }) => deliveries.map((delivery) => ({ messageId: id, source: 'shop', delivery })));
    const { due, lanes } = await db(0).prisma.$transaction((tx) => insertRuns(tx, batch[0]?.id ?? '', runs, Date.now()));
    expect([due, lanes]).toEqual([[], [LANE, LANE, LANE]]);
    const order: string[] = [];
    for (let id: string | undefined = head; id !== undefined; ) {
      order.push(id);
      await end(id, 'succeeded');
      [{ deliveryId: id } = { deliveryId: undefined }] = await store.advanceLanes([LANE]);
    }
    expect(order).toEqual([head, behind, ...batch.map(idOf)]);
  });
});

describe('moving on beside others', () => {
  it('leaves a candidate alone that somebody is changing, without waiting, and takes the next once that is cancelled', async () => {
    const [head = '', next = '', last = ''] = await queued(3);
    await end(head, 'succeeded');
    const person = await db(1).hot.connect();
    try {
      await person.query('BEGIN');
      await person.query(`UPDATE delivery SET state = 'cancelled', held_by = NULL WHERE id = $1`, [next]);
      expect(await store.advanceLanes([LANE])).toEqual([]);
      await person.query('COMMIT');
    } finally {
      person.release();
    }
    expect(await store.advanceLanes([LANE])).toEqual([{ spoke: 'erp', deliveryId: last }]);
  });

  it('walks over all lanes in stretches and begins again', async () => {
    const heads: string[] = [];
    for (let n = 0; n < 7; n++) {
      const [head = ''] = await queued(2, `k${n}`);
      heads.push(head);
    }
    for (const [n, head] of heads.entries()) await end(head, 'succeeded', `k${n}`);
    const mended: number[] = [];
    for (let turn = 0; turn < 4; turn++) mended.push((await store.mendLanes(3)).length);
    expect(mended).toEqual([3, 3, 1, 0]);
  });

  it('cares for no lane that has no row', async () => {
    expect(await store.advanceLanes([LANE, { spoke: '', key: '' }])).toEqual([]);
    expect(await store.advanceLanes([])).toEqual([]);
  });
});
