/**
 * The promise of lanes under everything that happens to them at once, on PostgreSQL: two processes that accept, two workers, failures, deaths, workers lost in
 * the middle, results that come too late, persons who retry, skip and cancel, and calls that should have moved a lane on but never came.
 */
import { type ClaimedDelivery, isHubError, type MessageStore, type NewMessage, type SweepStore, uuidV7 } from '@nave/core';
import { buildDelivery, buildMessage, buildRecord, type DisposableDatabase, disposableDatabase } from '@nave/testkit';
import fc from 'fast-check';
import type pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Database, openDatabase } from '../database.ts';
import { createInterventionStore, type DeliveryChange, type InterventionStore } from '../query/interventions.ts';
import { createMessageStore } from './message-store.ts';

const LEASE_MS = 30_000;
const PERSON: readonly DeliveryChange[] = [
  { from: ['dead'], to: 'pending', reason: null, freshPolicy: true },
  { from: ['dead'], to: 'skipped', reason: 'operator.skipped' },
  { from: ['pending', 'retrying', 'held', 'unknown', 'dead'], to: 'cancelled', reason: 'operator.cancelled' },
  { from: ['unknown'], to: 'succeeded', reason: 'operator.resolved' },
  { from: ['unknown'], to: 'pending', reason: null },
];

type Op =
  | { op: 'accept'; by: 0 | 1; keys: readonly number[] }
  | { op: 'claim'; by: 0 | 1; limit: number }
  | { op: 'finish'; nth: number; state: 'succeeded' | 'retrying' | 'dead' | 'unknown'; advance: boolean }
  | { op: 'crash'; nth: number }
  | { op: 'late'; nth: number }
  | { op: 'expire' }
  | { op: 'person'; nth: number; change: number }
  | { op: 'mend' };

const by = fc.constantFrom(0 as const, 1 as const);
const nth = fc.nat(20);
const anOp: fc.Arbitrary<Op> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ op: fc.constant('accept' as const), by, keys: fc.array(fc.nat(3), { minLength: 1, maxLength: 5 }) }),
  },
  { weight: 5, arbitrary: fc.record({ op: fc.constant('claim' as const), by, limit: fc.integer({ min: 1, max: 5 }) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      op: fc.constant('finish' as const),
      nth,
      state: fc.constantFrom('succeeded' as const, 'succeeded' as const, 'retrying' as const, 'dead' as const, 'unknown' as const),
      advance: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('crash' as const), nth }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('late' as const), nth }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('expire' as const) }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('person' as const), nth, change: fc.nat(PERSON.length - 1) }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('mend' as const) }) },
);
/** What is in one group happens at the same moment. */
const story = fc.array(fc.array(anOp, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 25 });

/** What lost two workers is claimed by id only. */
const LOST_TWICE: Op[][] = [
  [{ op: 'accept', by: 0, keys: [0] }],
  ...[1, 2].flatMap((): Op[][] => [[{ op: 'claim', by: 0, limit: 1 }], [{ op: 'crash', nth: 0 }], [{ op: 'expire' }]]),
];

let disposable: DisposableDatabase;
let dbs: Database[] = [];
let stores: (MessageStore & SweepStore)[] = [];
let persons: InterventionStore;
let count = 0;

beforeAll(async () => {
  disposable = await disposableDatabase();
  dbs = [1, 2].map(() => openDatabase({ url: disposable.url, applicationName: 'test', hotConnections: 6, queryConnections: 6 }));
  stores = dbs.map(({ hot }) => createMessageStore(hot));
  persons = createInterventionStore(at(dbs, 0));
});
afterAll(async () => {
  await Promise.all(dbs.map((db) => db.close()));
  await disposable.drop();
});

function at<T>(items: readonly T[], n: number): T {
  const found = items[n % items.length];
  if (found === undefined) throw new Error('none');
  return found;
}

async function query<R extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<R[]> {
  return (await at(dbs, 0).hot.query<R>(text, values)).rows;
}

function message(key: number): NewMessage {
  count += 1;
  const entropy = Buffer.alloc(10);
  entropy.writeUInt32BE(count, 6);
  const id = uuidV7(Date.now(), entropy);
  return buildMessage(id, { deliveries: [buildDelivery(id, { laneKey: key === 3 ? null : `k${key}` })] });
}

/** One run of a story: what was accepted, what is under way, and what was sent last in each lane. */
class World {
  readonly ids: string[] = [];
  underWay: ClaimedDelivery[] = [];
  readonly lost: ClaimedDelivery[] = [];
  readonly sent = new Map<string, number>();
  readonly sends = new Set<string>();

  async run(op: Op): Promise<void> {
    switch (op.op) {
      case 'accept': {
        const batch = op.keys.map(message);
        await again(() => at(stores, op.by).accept(batch, Date.now()));
        this.ids.push(...batch.flatMap(({ deliveries }) => deliveries.map(({ id }) => id)));
        return;
      }
      case 'claim':
        return this.send(await at(stores, op.by).claimDue('erp', op.limit, `w${op.by}`, LEASE_MS));
      case 'finish': {
        const row = this.take(op.nth);
        return row === null ? undefined : this.finish(row, op.state, op.advance);
      }
      case 'crash': {
        const row = this.take(op.nth);
        if (row === null) return;
        this.lost.push(row);
        await query(`UPDATE delivery SET due_at = now() - interval '1 second' WHERE id = $1 AND fence = $2 AND state = 'active'`, [
          row.id,
          row.fence,
        ]);
        return;
      }
      case 'late': {
        // The worker wakes up and believes that it still holds the lease.
        const row = this.lost.splice(op.nth % Math.max(1, this.lost.length), 1)[0];
        return row === undefined ? undefined : this.finish(row, 'succeeded', true);
      }
      case 'expire':
        await at(stores, 0).expireLeases();
        return;
      case 'person': {
        if (this.ids.length === 0) return;
        const id = at(this.ids, op.nth);
        await persons.change(id, at(PERSON, op.change), Date.now(), {
          atMs: Date.now(),
          actor: 'key:x',
          action: 'x',
          subject: id,
          detail: {},
        });
        return;
      }
      case 'mend':
        await at(stores, 1).mendLanes(100);
    }
  }

  take(n: number): ClaimedDelivery | null {
    return this.underWay.splice(n % Math.max(1, this.underWay.length), 1)[0] ?? null;
  }

  async send(rows: readonly ClaimedDelivery[]): Promise<void> {
    this.underWay.push(...rows);
    for (const { id, laneKey } of rows) {
      this.sends.add(id);
      if (laneKey === null) continue;
      const [row] = await query<{ seq: string }>('SELECT lane_seq AS seq FROM delivery WHERE id = $1', [id]);
      const seq = Number(row?.seq);
      // Sent anew is only what was sent last: what came before it is over.
      expect(seq).toBeGreaterThanOrEqual(this.sent.get(laneKey) ?? 0);
      this.sent.set(laneKey, seq);
    }
  }

  async finish(row: ClaimedDelivery, state: 'succeeded' | 'retrying' | 'dead' | 'unknown', advance: boolean): Promise<void> {
    const store = at(stores, row.fence);
    const lane = row.laneKey === null ? null : { spoke: row.spoke, key: row.laneKey };
    await again(() => store.record([buildRecord(row, { state, delayMs: state === 'retrying' ? 0 : null, lane })]));
    if (advance && lane !== null) await again(() => store.advanceLanes([lane]));
  }

  /** Everything comes to its end: leases run out, persons skip what is dead, the sweep mends. */
  async drain(): Promise<void> {
    for (let round = 0; round < 500; round++) {
      for (const row of this.underWay.splice(0)) await this.finish(row, 'succeeded', false);
      await query(`UPDATE delivery SET due_at = now() - interval '1 second' WHERE state = 'active'`);
      await at(stores, 0).expireLeases();
      const stuck = await query<{ id: string; state: string }>(`SELECT id, state::text FROM delivery WHERE state IN ('dead', 'unknown')`);
      for (const { id, state } of stuck) {
        const change = at(PERSON, state === 'dead' ? 1 : 3);
        await persons.change(id, change, Date.now(), { atMs: Date.now(), actor: 'key:x', action: 'x', subject: id, detail: {} });
      }
      await at(stores, 0).mendLanes(100);
      await this.send(await at(stores, 0).claimDue('erp', 50, 'w0', LEASE_MS));
      // As the sweep rings for them: what lost worker after worker is only claimed so.
      await this.send(await at(stores, 0).claim(this.ids, 'w0', LEASE_MS));
      const [open] = await query<{ n: number }>(
        `SELECT count(*)::int AS n FROM delivery WHERE state NOT IN ('succeeded', 'skipped', 'cancelled')`,
      );
      if (open?.n === 0) return;
    }
    expect.fail('some delivery never came to its end');
  }
}

async function again<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (tries > 5 || !isHubError(error) || error.code !== 'store.conflict') throw error;
    }
  }
}

it('sends the deliveries of a lane one at a time and in order, whatever happens, and loses none', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(story, async (groups) => {
      await query('DELETE FROM message; DELETE FROM delivery; DELETE FROM attempt; DELETE FROM lane; DELETE FROM audit');
      const world = new World();
      for (const group of groups) {
        await Promise.all(group.map((op) => world.run(op)));
        const twice = await query(
          `SELECT lane_key FROM delivery WHERE state = 'active' AND lane_key IS NOT NULL GROUP BY lane_key HAVING count(*) > 1`,
        );
        expect(twice).toEqual([]);
      }
      await world.drain();
      const ends = await query<{ id: string; state: string }>('SELECT id, state::text FROM delivery');
      expect(ends.map(({ id }) => id).sort()).toEqual([...world.ids].sort());
      // What a person said was done aside, nothing has succeeded that was not sent.
      for (const { id, state } of ends) if (state === 'succeeded') expect(world.sends.has(id)).toBe(true);
      await at(stores, 0).mendLanes(100);
      expect(await query('SELECT * FROM lane')).toEqual([]);
    }),
    { numRuns: 40, examples: [[LOST_TWICE]] },
  );
});
