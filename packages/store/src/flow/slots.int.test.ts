import { type DisposableDatabase, disposableDatabase } from '@nave/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../database.ts';
import { createSlotStore, type SlotStore } from './slots.ts';

let disposable: DisposableDatabase;
let db: Database;
let store: SlotStore;
let count = 0;

beforeAll(async () => {
  disposable = await disposableDatabase();
  db = openDatabase({ url: disposable.url, applicationName: 'test', hotConnections: 4, queryConnections: 1 });
  store = createSlotStore(db.hot);
});
afterAll(async () => {
  await db.close();
  await disposable.drop();
});

const LEASE = 10_000;
const take = (owner: string, spoke: string, limit: number, want: number, keep = 0) =>
  store.take(owner, LEASE, [{ spoke, limit, want, keep }]);
const sumOf = async (spoke: string) => {
  const { rows } = await db.hot.query<{ n: number }>('SELECT coalesce(sum(slots), 0)::int AS n FROM spoke_slot WHERE spoke = $1', [spoke]);
  return rows[0]?.n ?? 0;
};

describe('slots of a spoke', () => {
  it('are never leased beyond the limit, and nobody loses what it keeps', async () => {
    const step = fc.record({ owner: fc.nat(2), want: fc.nat(12), starts: fc.nat(12), ends: fc.nat(12) });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 9 }), fc.array(step, { maxLength: 25 }), async (limit, steps) => {
        count += 1;
        const spoke = `p${count}`;
        const owners = [0, 1, 2].map((n) => ({ name: `${spoke}-${n}`, allowed: 0, active: 0 }));
        for (const { owner, want, starts, ends } of steps) {
          const own = owners[owner];
          if (own === undefined) continue;
          own.active = Math.max(0, own.active - ends);
          const { grants } = await take(own.name, spoke, limit, Math.max(want, own.active), own.active);
          expect(grants[0]?.slots).toBeGreaterThanOrEqual(own.active);
          own.allowed = grants[0]?.target ?? 0;
          own.active += Math.min(starts, Math.max(0, own.allowed - own.active));
          expect(owners.reduce((sum, { active }) => sum + active, 0)).toBeLessThanOrEqual(limit);
          expect(await sumOf(spoke)).toBeLessThanOrEqual(limit);
        }
        // Once the others have given everything back, one gets all.
        for (const { name } of owners) await take(name, spoke, limit, 0);
        expect(await sumOf(spoke)).toBe(0);
        expect((await take('last', spoke, limit, 100)).grants[0]?.slots).toBe(limit);
      }),
      { numRuns: 40 },
    );
  });

  it('are not leased twice to processes that ask at the same moment, for many spokes in any order', async () => {
    const spokes = Array.from({ length: 20 }, (_, n) => `both${n}`);
    const ask = (owner: string, names: readonly string[]) =>
      store.take(
        owner,
        LEASE,
        names.map((spoke) => ({ spoke, limit: 3, want: 3, keep: 0 })),
      );
    await Promise.all([ask('a', spokes), ask('b', spokes.toReversed()), ask('c', spokes), ask('d', spokes.toReversed())]);
    for (const spoke of spokes) expect(await sumOf(spoke)).toBeLessThanOrEqual(3);
  });

  it('come down to a fair share when others wait, and only as work ends', async () => {
    expect((await take('one', 'fair', 10, 10)).grants).toEqual([{ spoke: 'fair', slots: 10, target: 10, contended: false }]);
    expect((await take('two', 'fair', 10, 10)).grants[0]).toMatchObject({ slots: 0 });
    expect((await take('one', 'fair', 10, 10, 10)).grants[0]).toMatchObject({ slots: 10, target: 5, contended: true });
    expect((await take('one', 'fair', 10, 10, 7)).grants[0]).toMatchObject({ slots: 7, target: 5 });
    expect((await take('two', 'fair', 10, 10)).grants[0]).toMatchObject({ slots: 3, target: 3 });
  });

  it('go to the one that has waited longest where there are too few', async () => {
    await take('has', 'turn', 1, 1);
    await take('first', 'turn', 1, 1);
    // Waiting is told apart by the millisecond.
    await db.hot.query('SELECT pg_sleep(0.01)');
    await take('second', 'turn', 1, 1);
    await take('has', 'turn', 1, 0);
    expect((await take('second', 'turn', 1, 1)).grants[0]?.slots).toBe(0);
    expect((await take('first', 'turn', 1, 1)).grants[0]?.slots).toBe(1);
  });

  it('of an owner whose lease is over are free; a lease from a clock that was ahead is over', async () => {
    await take('gone', 'over', 4, 4);
    await db.hot.query(`UPDATE spoke_slot SET until = now() - interval '1 second' WHERE owner = 'gone'`);
    expect((await take('next', 'over', 4, 4)).grants[0]?.slots).toBe(4);
    await take('ahead', 'clock', 4, 4);
    await db.hot.query(`UPDATE spoke_slot SET until = now() + interval '1 hour' WHERE owner = 'ahead'`);
    expect((await take('next', 'clock', 4, 4)).grants[0]?.slots).toBe(4);
  });

  it('follow a limit that was lowered, without taking what is under way', async () => {
    await take('one', 'less', 10, 10);
    expect((await take('one', 'less', 2, 10, 6)).grants[0]).toMatchObject({ slots: 6, target: 2 });
  });

  it('tell who else is there, also without asking for any', async () => {
    await db.hot.query('DELETE FROM spoke_slot');
    expect(await store.take('me', LEASE, [])).toEqual({ grants: [], peers: 0 });
    expect(await store.take('you', LEASE, [])).toEqual({ grants: [], peers: 1 });
  });
});
