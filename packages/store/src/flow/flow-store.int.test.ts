import type { FlowEvent } from '@nave/core';
import { ORDINARY_FLOW } from '@nave/core';
import { type DisposableDatabase, disposableDatabase, plainSeal, type SeedDelivery, seedMessage } from '@nave/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../database.ts';
import { createMessageStore } from '../hot/message-store.ts';
import { createFlowStore } from './flow-store.ts';

let disposable: DisposableDatabase;
let db: Database;
let other: Database;
let flows: ReturnType<typeof createFlowStore>;

beforeAll(async () => {
  disposable = await disposableDatabase();
  db = openDatabase({ url: disposable.url, applicationName: 'test', hotConnections: 4, queryConnections: 1 });
  other = openDatabase({ url: disposable.url, applicationName: 'other worker', hotConnections: 4, queryConnections: 1 });
  flows = createFlowStore(db.hot);
});
afterAll(async () => {
  await Promise.all([db.close(), other.close()]);
  await disposable.drop();
});
beforeEach(async () => {
  await db.hot.query('TRUNCATE spoke, spoke_flow, message, delivery CASCADE');
  await spoke('erp');
});

const FAILED: FlowEvent = { kind: 'observed', reset: false, failures: 1, threshold: 5, cooldownMs: 60_000 };
const WORKED: FlowEvent = { ...FAILED, reset: true, failures: 0 };

async function spoke(name: string, state: { paused?: boolean; enabled?: boolean } = {}): Promise<void> {
  await db.hot.query(
    `INSERT INTO spoke (name, kind, title, enabled, paused, version, spec, created_at, updated_at) VALUES ($1, 'rest', '', $2, $3, 1, '{}', now(), now())
     ON CONFLICT (name) DO UPDATE SET enabled = EXCLUDED.enabled, paused = EXCLUDED.paused`,
    [name, state.enabled ?? true, state.paused ?? false],
  );
}

async function seed(count: number, delivery: SeedDelivery): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < count; n++)
    ids.push(...(await seedMessage(db.hot, { atMs: Date.now() - 10_000 + n, deliveries: [delivery] }, plainSeal)).deliveryIds);
  return ids;
}

async function held(): Promise<Record<string, number>> {
  const { rows } = await db.hot.query<{ what: string; n: number }>(
    `SELECT coalesce(held_by::text, state::text) AS what, count(*)::int AS n FROM delivery GROUP BY 1`,
  );
  return Object.fromEntries(rows.map(({ what, n }) => [what, n]));
}

describe('shared flows', () => {
  it('are none for spokes in their ordinary state, and tell which spokes are shut', async () => {
    await spoke('paused', { paused: true });
    await spoke('disabled', { enabled: false });
    const { flows: rows, shut, nowMs } = await flows.read();
    expect([rows.size, [...shut].sort()]).toEqual([0, ['disabled', 'paused']]);
    expect(Math.abs(nowMs - Date.now())).toBeLessThan(5_000);
  });

  it('count the failures of two workers together: the breaker opens once', async () => {
    const second = createFlowStore(other.hot);
    await Promise.all([flows.change([['erp', FAILED]]), second.change([['erp', FAILED]]), flows.change([['erp', FAILED]])]);
    expect((await second.read()).flows.get('erp')).toMatchObject({ breaker: 'closed', failures: 3 });
    const answers = await Promise.all(Array.from({ length: 6 }, (_, n) => (n % 2 === 0 ? flows : second).change([['erp', FAILED]])));
    const opened = answers.flatMap(({ changes }) => changes).filter(({ before, after }) => before.breaker !== after.breaker);
    expect(opened).toHaveLength(1);
    const flow = (await second.read()).flows.get('erp');
    expect(flow).toMatchObject({ breaker: 'open', failures: 5 });
    expect((flow?.probeAtMs ?? 0) - (flow?.openedAtMs ?? 0)).toBeCloseTo(60_000, -1);
  });

  it('lose no event to the tidying of a row that said nothing', async () => {
    await flows.change([['erp', WORKED]]);
    const tidying = await other.hot.connect();
    try {
      await tidying.query('BEGIN');
      await tidying.query('DELETE FROM spoke_flow');
      const changed = flows.change([['erp', { kind: 'drain', rate: 7 }]]);
      await expect.poll(async () => (await other.hot.query('SELECT 1 FROM pg_locks WHERE NOT granted')).rowCount).toBeGreaterThan(0);
      await tidying.query('COMMIT');
      expect((await changed).changes).toMatchObject([{ spoke: 'erp', after: { drain: { rate: 7 } } }]);
    } finally {
      tidying.release();
    }
    expect((await flows.read()).flows.get('erp')).toMatchObject({ drain: { rate: 7 } });
  });

  it('are tidied without waiting for who changes them', async () => {
    await flows.change([['erp', WORKED]]);
    await db.hot.query("UPDATE spoke_flow SET updated_at = now() - interval '1 minute'");
    const changing = await other.hot.connect();
    try {
      await changing.query('BEGIN');
      await changing.query('SELECT 1 FROM spoke_flow FOR UPDATE');
      await flows.tidy();
      await changing.query('COMMIT');
    } finally {
      changing.release();
    }
    expect((await flows.read()).flows.size).toBe(1);
    await flows.tidy();
    expect((await flows.read()).flows.size).toBe(0);
  });

  it('apply events in order, several spokes at once and crosswise', async () => {
    const crosswise = Array.from({ length: 20 }, (_, n) =>
      flows.change(
        n % 2 === 0
          ? [
              ['a', FAILED],
              ['b', FAILED],
            ]
          : [
              ['b', WORKED],
              ['a', WORKED],
            ],
      ),
    );
    await Promise.all(crosswise);
    await flows.change([
      ['erp', FAILED],
      ['erp', WORKED],
      ['erp', { kind: 'throttled', forMs: 30_000 }],
      ['erp', { kind: 'drain', rate: 40 }],
      ['erp', { kind: 'budget-exhausted' }],
    ]);
    const { nowMs, flows: rows } = await flows.read();
    const flow = rows.get('erp');
    expect(flow).toMatchObject({ breaker: 'closed', failures: 0, drain: { rate: 40 } });
    expect((flow?.throttledUntilMs ?? 0) - nowMs).toBeGreaterThan(25_000);
    expect(flow?.budgetExhaustedAtMs).not.toBeNull();
  });

  it('let exactly one of many start a probe', async () => {
    await flows.change(Array.from({ length: 5 }, () => ['erp', { ...FAILED, cooldownMs: 0 }] as const));
    const answers = await Promise.all(Array.from({ length: 8 }, () => flows.change([['erp', { kind: 'probing', leaseMs: 60_000 }]])));
    const started = answers.flatMap(({ changes }) => changes).filter(({ before, after }) => before !== after);
    expect(started.map(({ after }) => after.breaker)).toEqual(['half-open']);
  });

  it('are forgotten when they say nothing any more, or their spoke is gone', async () => {
    await flows.change([
      ['erp', FAILED],
      ['erp', WORKED],
      ['gone', FAILED],
    ]);
    await flows.tidy();
    expect([...(await flows.read()).flows]).toEqual([['erp', ORDINARY_FLOW]]);
    await db.hot.query(`UPDATE spoke_flow SET updated_at = now() - interval '1 minute'`);
    await flows.tidy();
    expect((await flows.read()).flows.size).toBe(0);
  });
});

describe('what is kept back', () => {
  it('is held by an open breaker with its attempts, and not by a half-open one', async () => {
    await spoke('crm');
    await seed(3, { spoke: 'erp', state: 'retrying', attempts: [{ outcome: 'fault' }] });
    await seed(2, { spoke: 'crm', state: 'pending' });
    await flows.change(Array.from({ length: 5 }, () => ['erp', { ...FAILED, cooldownMs: 0 }] as const));
    const store = createMessageStore(db.hot);
    expect(await store.holdBroken()).toBe(3);
    expect(await store.holdBroken()).toBe(0);
    expect(await held()).toEqual({ breaker: 3, pending: 2 });
    expect((await db.hot.query('SELECT DISTINCT attempt_count AS n FROM delivery WHERE spoke = $1', ['erp'])).rows).toEqual([{ n: 1 }]);
    await flows.change([['erp', { kind: 'probing', leaseMs: 1_000 }]]);
    const [probe] = await flows.probeCandidates('erp', 5);
    expect(await flows.makeDue(probe?.id ?? '')).toBe(true);
    expect(await store.holdBroken()).toBe(0);
    expect(await held()).toEqual({ breaker: 2, pending: 3 });
  });

  it('is no retry whose time has not come: an opening breaker must not bring it forward', async () => {
    const ids = await seed(3, { spoke: 'erp', state: 'retrying', attempts: [{ outcome: 'fault' }] });
    const set = `UPDATE delivery SET next_attempt_at = $2::timestamptz, due_at = $2::timestamptz WHERE id = $1`;
    for (const [n, ms] of [-1_000, 10_000, 3_600_000].entries()) await db.hot.query(set, [ids[n], new Date(Date.now() + ms).toISOString()]);
    await flows.change(Array.from({ length: 5 }, () => ['erp', FAILED] as const));
    const store = createMessageStore(db.hot);
    expect(await store.holdBroken()).toBe(1);
    expect(await held()).toEqual({ breaker: 1, retrying: 2 });
    await db.hot.query(
      `UPDATE delivery SET next_attempt_at = now() - interval '1 second', due_at = now() - interval '1 second' WHERE id = $1`,
      [ids[1]],
    );
    expect(await store.holdBroken()).toBe(1);
  });

  it('is let go oldest first, whatever held it, and only while the spoke is open', async () => {
    const [first, second, third] = [
      ...(await seed(1, { state: 'held', heldBy: 'pause' })),
      ...(await seed(1, { state: 'held', heldBy: 'breaker' })),
      ...(await seed(1, { state: 'held', heldBy: 'governor' })),
    ];
    for (const heldBy of ['lane', 'approval', 'event'] as const) await seed(1, { state: 'held', heldBy });
    expect(await flows.undrained()).toEqual(['erp']);
    await spoke('erp', { paused: true });
    expect([await flows.undrained(), (await flows.release('erp', 10)).ids]).toEqual([[], []]);
    await spoke('erp', { enabled: false });
    expect((await flows.release('erp', 10)).ids).toEqual([]);
    await spoke('erp');
    expect(await flows.release('erp', 2)).toEqual({ ids: [first, second].sort(), left: true });
    expect(await flows.relabel('erp', 10)).toBe(0);
    expect(await flows.release('erp', 2)).toEqual({ ids: [third], left: false });
    expect(await held()).toEqual({ lane: 1, approval: 1, event: 1, pending: 3 });
  });

  it('keeps the time of a retry through a pause', async () => {
    const [early, late] = await seed(2, { state: 'retrying' });
    await db.hot.query(
      `UPDATE delivery SET due_at = now() - interval '1 second', next_attempt_at = now() - interval '1 second' WHERE id = $1`,
      [early],
    );
    await db.hot.query(
      `UPDATE delivery SET due_at = now() + interval '1 hour', next_attempt_at = now() + interval '1 hour' WHERE id = $1`,
      [late],
    );
    await spoke('erp', { paused: true });
    expect(await createMessageStore(db.hot).holdPaused()).toBe(2);
    await spoke('erp');
    expect((await flows.release('erp', 10)).ids).toEqual([early]);
    const { rows } = await db.hot.query('SELECT state::text, due_at = next_attempt_at AS waits FROM delivery WHERE id = $1', [late]);
    expect(rows).toEqual([{ state: 'retrying', waits: true }]);
  });

  it('is marked as waiting for the governor, a bounded number at a time', async () => {
    await seed(5, { state: 'held', heldBy: 'breaker' });
    expect(await flows.relabel('erp', 3)).toBe(3);
    expect(await held()).toEqual({ breaker: 2, governor: 3 });
    await flows.change(Array.from({ length: 5 }, () => ['erp', FAILED] as const));
    expect([await flows.relabel('erp', 3), (await flows.release('erp', 9)).ids, await flows.undrained()]).toEqual([0, [], []]);
  });

  it('is not let go faster than it is sent', async () => {
    await db.hot.query(
      `INSERT INTO delivery (id, message_id, source, route, route_version, step, step_name, spoke, operation, state, held_by, created_at, due_at)
       SELECT gen_random_uuid(), gen_random_uuid(), 'shop', 'r', 1, 0, 's', 'erp', 'o', 'held', 'pause', now(), NULL FROM generate_series(1, 1500)`,
    );
    expect((await flows.release('erp', 900)).ids).toHaveLength(900);
    expect((await flows.release('erp', 900)).ids).toHaveLength(100);
    expect((await flows.release('erp', 900)).ids).toHaveLength(0);
  });

  it('can be probed by a lookup that is due, and stays unknown until that says more', async () => {
    const [due = '', later = '', person = ''] = await seed(3, { state: 'unknown' });
    await db.hot.query(
      `UPDATE delivery SET due_at = now() - interval '1 second', next_attempt_at = now() - interval '1 second', sending = true WHERE id = $1`,
      [due],
    );
    await db.hot.query(
      `UPDATE delivery SET due_at = now() - interval '1 second', next_attempt_at = now() + interval '1 minute' WHERE id = $1`,
      [later],
    );
    expect((await flows.probeCandidates('erp', 10)).map(({ id }) => id)).toEqual([due]);
    expect([await flows.makeDue(due), await flows.makeDue(later), await flows.makeDue(person)]).toEqual([true, false, false]);
    const [claimed] = await createMessageStore(db.hot).claim([due], 'me', 30_000);
    expect(claimed).toMatchObject({ id: due, sending: true });
  });

  it('can be probed wherever it waits', async () => {
    const [old] = await seed(1, { state: 'held', heldBy: 'breaker', operation: 'charge' });
    const [young] = await seed(1, { state: 'pending', operation: 'find' });
    await seed(1, { state: 'held', heldBy: 'approval' });
    expect(await flows.probeCandidates('erp', 9)).toEqual([
      { id: old, operation: 'charge' },
      { id: young, operation: 'find' },
    ]);
    expect(await flows.makeDue(young ?? '')).toBe(true);
    await db.hot.query(`UPDATE delivery SET state = 'cancelled', held_by = NULL`);
    expect(await flows.makeDue(old ?? '')).toBe(false);
  });
});
