import type { SpokeGate } from '@nave/core';
import { createSlotStore, type Database, openDatabase, type SlotStore } from '@nave/store';
import { type DisposableDatabase, disposableDatabase, recordingLogger } from '@nave/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSlotGate } from './slot-gate.ts';

let disposable: DisposableDatabase;
let db: Database;
let store: SlotStore;
let count = 0;

beforeAll(async () => {
  disposable = await disposableDatabase();
  db = openDatabase({ url: disposable.url, applicationName: 'test', hotConnections: 6, queryConnections: 1 });
  store = createSlotStore(db.hot);
});
afterAll(async () => {
  await db.close();
  await disposable.drop();
});

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const SOON = { timeout: 30_000, interval: 5 };

/** Workers that start whatever the gate gives them; what is under way ends after a while. */
function world(limits: Record<string, number>, workers: number, options: { leaseMs?: number; store?: (n: number) => SlotStore } = {}) {
  const under = new Map<string, number>();
  const most = new Map<string, number>();
  const done = Array.from({ length: workers }, () => new Map<string, number>());
  /** Whose delivery ended last, and how often that changed. */
  const lastOf = new Map<string, number>();
  const turnsOf = new Map<string, number>();
  const gates = Array.from({ length: workers }, (_, n) => {
    count += 1;
    return createSlotGate({
      ...{ store: options.store?.(n) ?? store, owner: `w${count}`, limitOf: (spoke: string) => limits[spoke] ?? null, processMax: 256 },
      ...{ logger: recordingLogger(), ...(options.leaseMs === undefined ? {} : { leaseMs: options.leaseMs }) },
    });
  });
  const waiting = gates.map(() => new Map<string, number>());
  const active = gates.map(() => new Map<string, number>());
  const add = (map: Map<string, number> | undefined, key: string, by: number) => map?.set(key, (map.get(key) ?? 0) + by);

  function start(n: number, spoke: string, takesMs: number): void {
    const [gate, wanted] = [gates[n], waiting[n]?.get(spoke) ?? 0];
    if (gate === undefined || wanted === 0) return;
    const room = gate.room(spoke, wanted, active[n]?.get(spoke) ?? 0);
    if (room === 0) return;
    gate.started(spoke, room);
    add(waiting[n], spoke, -room);
    for (let i = 0; i < room; i++) {
      add(under, spoke, 1);
      add(active[n], spoke, 1);
      most.set(spoke, Math.max(most.get(spoke) ?? 0, under.get(spoke) ?? 0));
      setTimeout(() => {
        add(under, spoke, -1);
        add(active[n], spoke, -1);
        add(done[n], spoke, 1);
        if (lastOf.get(spoke) !== n) add(turnsOf, spoke, 1);
        lastOf.set(spoke, n);
        gate.ended(spoke, 1);
        start(n, spoke, takesMs);
      }, takesMs);
    }
  }

  const offer = (n: number, spoke: string, howMany: number, takesMs: number) => {
    add(waiting[n], spoke, howMany);
    gates[n]?.onRoom((which) => which === spoke && start(n, spoke, takesMs));
    start(n, spoke, takesMs);
  };
  const doneOf = (spoke: string) => done.map((each) => each.get(spoke) ?? 0);
  const close = () => Promise.all(gates.map((gate) => gate.close()));
  const turns = (spoke: string) => turnsOf.get(spoke) ?? 0;
  return { offer, most, doneOf, turns, gates, under, close };
}

const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);

async function rowsOf(spoke: string): Promise<number> {
  const { rows } = await db.hot.query<{ n: number }>('SELECT coalesce(sum(slots), 0)::int AS n FROM spoke_slot WHERE spoke = $1', [spoke]);
  return rows[0]?.n ?? 0;
}

describe('a concurrency shared by workers', () => {
  it('holds over all of them, whatever arrives where, and everything is done', async () => {
    const arrivals = fc.array(
      fc.record({
        worker: fc.nat(2),
        spoke: fc.constantFrom('a', 'b'),
        howMany: fc.integer({ min: 1, max: 30 }),
        takesMs: fc.integer({ min: 1, max: 25 }),
        afterMs: fc.nat(60),
      }),
      { minLength: 3, maxLength: 15 },
    );
    await fc.assert(
      fc.asyncProperty(arrivals, fc.integer({ min: 1, max: 7 }), async (all, limit) => {
        count += 1;
        const name = (spoke: string) => `${spoke}${count}`;
        const limits = { [name('a')]: limit, [name('b')]: 10_000 };
        const names = Object.keys(limits);
        const { offer, most, doneOf, close } = world(limits, 3);
        for (const { worker, spoke, howMany, takesMs, afterMs } of all) {
          offer(worker, names[spoke === 'a' ? 0 : 1] ?? '', howMany, takesMs);
          await pause(afterMs);
        }
        const total = sum(all.map(({ howMany }) => howMany));
        await expect.poll(() => sum(names.flatMap(doneOf)), { timeout: 60_000, interval: 5 }).toBe(total);
        expect(most.get(names[0] ?? '') ?? 0).toBeLessThanOrEqual(limit);
        await close();
        expect(await rowsOf(names[0] ?? '')).toBe(0);
      }),
      { numRuns: 8 },
    );
  }, 120_000);

  it('gives two workers that are always busy about the same', async () => {
    const { offer, most, doneOf, close } = world({ fair: 8 }, 2);
    offer(0, 'fair', 1_000_000, 10);
    await pause(300);
    offer(1, 'fair', 1_000_000, 10);
    // How soon they come to it is not said: in the end, of some hundred deliveries each has its part.
    const parts = async () => {
      const before = doneOf('fair');
      while (sum(doneOf('fair')) - sum(before) < 400) await pause(10);
      const [one = 0, two = 0] = doneOf('fair').map((n, i) => n - (before[i] ?? 0));
      return Math.min(one, two) / Math.max(one, two);
    };
    await expect.poll(parts, SOON).toBeGreaterThan(0.6);
    expect(most.get('fair')).toBeLessThanOrEqual(8);
    await close();
  });

  it('lets workers take turns of several deliveries where there are fewer slots than workers', async () => {
    const { offer, most, doneOf, turns, close } = world({ single: 1 }, 3);
    for (const n of [0, 1, 2]) offer(n, 'single', 1_000_000, 10);
    await expect.poll(() => Math.min(...doneOf('single')), { ...SOON, timeout: 60_000 }).toBeGreaterThan(10);
    // A turn costs a question to the database: it has to be worth it.
    expect(sum(doneOf('single')) / turns('single')).toBeGreaterThan(3);
    expect(most.get('single')).toBe(1);
    await close();
  });

  it('gives back what is not used, so that another worker has it soon', async () => {
    const { offer, doneOf, close } = world({ lent: 3 }, 2, { leaseMs: 600_000 });
    offer(1, 'other', 1, 1);
    offer(0, 'lent', 9, 5);
    await expect.poll(() => doneOf('lent')[0], SOON).toBe(9);
    // Long before the lease of the first is over.
    offer(1, 'lent', 3, 5);
    await expect.poll(() => doneOf('lent')[1], SOON).toBe(3);
    await close();
  });

  it('has the slots of a worker that died when its lease is over, and not before', async () => {
    let dead = false;
    const dying: SlotStore = { take: (...asked) => (dead ? new Promise(() => undefined) : store.take(...asked)) };
    const { offer, doneOf, most, close } = world({ left: 4 }, 2, { leaseMs: 900, store: (n) => (n === 0 ? dying : store) });
    offer(0, 'left', 4, 60_000);
    await expect.poll(() => most.get('left'), SOON).toBe(4);
    await expect.poll(() => rowsOf('left'), SOON).toBe(4);
    dead = true;
    const { rows } = await db.hot.query<{ until: string }>(`SELECT max(until)::text AS until FROM spoke_slot WHERE spoke = 'left'`);
    offer(1, 'left', 4, 1);
    await expect.poll(() => doneOf('left')[1], SOON).toBe(4);
    expect((await db.hot.query('SELECT now() > $1::timestamptz AS over', [rows[0]?.until])).rows).toEqual([{ over: true }]);
    await close();
  });

  it('forgets leases from before the clock of the server was put back', async () => {
    await db.hot.query(
      `INSERT INTO spoke_slot SELECT 'past', 'gone', 5, 5, now() + interval '1 hour', now() + interval '1 hour', now() + interval '1 hour 10 seconds'`,
    );
    const { offer, doneOf, close } = world({ past: 5 }, 1);
    offer(0, 'past', 5, 1);
    await expect.poll(() => doneOf('past')[0], SOON).toBe(5);
    await close();
  });

  it('starts nothing on a lease that ran out, goes on with what is under way, and asks again', async () => {
    let away = false;
    const failing: SlotStore = { take: (...asked) => (away ? Promise.reject(new Error('away')) : store.take(...asked)) };
    const { offer, gates, doneOf, under, close } = world({ gap: 5 }, 1, { leaseMs: 600, store: () => failing });
    offer(0, 'gap', 2, 4_000);
    await expect.poll(() => under.get('gap'), SOON).toBe(2);
    away = true;
    await pause(900);
    expect(gates[0]?.room('gap', 3, 2)).toBe(0);
    expect(under.get('gap')).toBe(2);
    away = false;
    offer(0, 'gap', 3, 1);
    await expect.poll(() => doneOf('gap')[0], SOON).toBe(5);
    await close();
  });

  it('costs a busy worker that is alone nothing but its renewals', async () => {
    let calls = 0;
    const counting: SlotStore = {
      take: (...asked) => {
        calls += 1;
        return store.take(...asked);
      },
    };
    await db.hot.query('DELETE FROM spoke_slot');
    const { offer, doneOf, close } = world({ quiet: 10 }, 1, { store: () => counting });
    const startedAt = performance.now();
    for (let n = 0; n < 10; n++) {
      offer(0, 'quiet', 20, 2);
      await pause(150);
    }
    await expect.poll(() => doneOf('quiet')[0], SOON).toBe(200);
    // One to begin with, and one each two seconds.
    expect(calls).toBeLessThanOrEqual(2 + Math.ceil((performance.now() - startedAt) / 2_000));
    await close();
  });

  it('does not share a spoke that nobody knows', () => {
    const gate: SpokeGate = createSlotGate({ store, owner: 'x', limitOf: () => null, processMax: 10, logger: recordingLogger() });
    expect(gate.room('gone', 3, 0)).toBe(3);
    return gate.close();
  });
});
