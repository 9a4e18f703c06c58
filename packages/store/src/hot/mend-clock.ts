/**
 * Mending what a leap of the database's clock does to due times: they are moments of that clock, so a leap back would put retries, rings and leases off by
 * its size, and a leap forward would end the leases of workers that live. The same holds for leases after the database was away for longer than they last.
 */
import type { Logger } from '@nave/core';
import type pg from 'pg';
import { amongThem, BUSY } from './sweep.ts';

export interface ClockMenderOptions {
  leaseMs: number;
  /** Milliseconds of a clock that never leaps. */
  monotonicMs: () => number;
  logger: Logger;
}

/** Milliseconds between the database's clock and time that really passed from which on we mend: adjustments by NTP and a busy event loop stay below. */
const LEAP_MIN_MS = 10_000;
/** A reading that took longer says too little about when it was made. */
const READING_MS_MAX = 2_000;
/** Nobody swept for so long, or for half a lease if that is longer: the database was away and leases could not be renewed. */
const SILENCE_MIN_MS = 4_000;
const BATCH_MAX = 5_000;
/** Batches per spoke at most: five million rows. */
const BATCHES_MAX = 1_000;
/** How far ahead a row may be due that is not retried: a ring buys seconds. */
const RING_MS_MAX = 60_000;

const NOW_SQL = `SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS ms`;
const BUSY_SQL = `${BUSY} SELECT spoke FROM busy WHERE spoke IS NOT NULL`;

/**
 * What is due later than now moves back by the leap, in the order of its due times, each row once: where it lands is behind the cursor. A lease lasts at most
 * one lease from now. What somebody holds locked is being given a new due time.
 */
const BACK_SQL = `
WITH late AS MATERIALIZED (
  SELECT id, due_at FROM delivery
  WHERE spoke = $1 AND due_at IS NOT NULL AND due_at > now() AND (due_at, id) > (to_timestamp($2::float8 / 1000), $3::uuid)
  ORDER BY due_at, id LIMIT ${BATCH_MAX} FOR UPDATE SKIP LOCKED
), mended AS (
  UPDATE delivery d SET
    due_at = CASE WHEN d.state = 'active' THEN least(d.due_at, now() + $5::float8 * interval '1 millisecond') ELSE d.due_at - $4::float8 * interval '1 millisecond' END,
    next_attempt_at = d.next_attempt_at - $4::float8 * interval '1 millisecond'
  WHERE ${amongThem('late')} RETURNING 1
)
SELECT (SELECT count(*)::int FROM mended) AS n, id, (extract(epoch FROM due_at) * 1000)::float8 AS ms FROM late ORDER BY due_at DESC, id DESC LIMIT 1`;

/** Breakers, back-off and drains are due at moments of the same clock, and so are the windows of rates. */
const FLOW_BACK_SQL = `
WITH windows AS (UPDATE rate_window SET until = until - $1::float8 * interval '1 millisecond' WHERE until > now())
UPDATE spoke_flow SET opened_at = opened_at - $1::float8 * interval '1 millisecond', probe_at = probe_at - $1::float8 * interval '1 millisecond',
  throttled_until = throttled_until - $1::float8 * interval '1 millisecond', drain_started_at = drain_started_at - $1::float8 * interval '1 millisecond',
  budget_exhausted_at = budget_exhausted_at - $1::float8 * interval '1 millisecond'`;

/** Leases that end sooner than one lease from now last that long: whoever lives renews, whoever is dead loses them one lease later. */
const EXTEND_SQL = `
${BUSY}, leased AS MATERIALIZED (
  SELECT x.id FROM busy CROSS JOIN LATERAL (
    SELECT d.id FROM delivery d
    WHERE d.spoke = busy.spoke AND d.due_at < now() + $1::float8 * interval '1 millisecond' AND d.state = 'active' LIMIT 10000 FOR UPDATE SKIP LOCKED
  ) AS x
  WHERE busy.spoke IS NOT NULL
)
UPDATE delivery d SET due_at = now() + $1::float8 * interval '1 millisecond' WHERE ${amongThem('leased')}`;

/** For a process that has seen nothing before: leases and rings that end later than they can. */
const IMPOSSIBLE_SQL = `
${BUSY}, late AS MATERIALIZED (
  SELECT x.id FROM busy CROSS JOIN LATERAL (
    SELECT d.id FROM delivery d
    WHERE d.spoke = busy.spoke AND d.due_at > now() + least($1::float8, $2::float8) * interval '1 millisecond'
      AND (d.state = 'active' AND d.due_at > now() + 2 * $1::float8 * interval '1 millisecond'
        OR d.state = 'pending' AND d.next_attempt_at IS NULL AND d.due_at > now() + $2::float8 * interval '1 millisecond')
    LIMIT 10000 FOR UPDATE SKIP LOCKED
  ) AS x
  WHERE busy.spoke IS NOT NULL
)
UPDATE delivery d SET due_at = now() + CASE WHEN d.state = 'active' THEN $1::float8 ELSE 0 END * interval '1 millisecond' WHERE ${amongThem('late')}`;

const LOWEST_ID = '00000000-0000-0000-0000-000000000000';

/** Moves the due times of everything that is due later than now back by `leapMs`. Answers how many. */
export async function mendLeapBack(pool: pg.Pool, leapMs: number, leaseMs: number): Promise<number> {
  await pool.query({ name: 'mend-flow-back', text: FLOW_BACK_SQL, values: [leapMs] });
  const { rows: spokes } = await pool.query<{ spoke: string }>({ name: 'busy-spokes', text: BUSY_SQL });
  let mended = 0;
  for (const { spoke } of spokes) {
    let after = { ms: 0, id: LOWEST_ID };
    for (let batch = 0; batch < BATCHES_MAX; batch++) {
      const values = [spoke, after.ms, after.id, leapMs, leaseMs];
      const { rows } = await pool.query<{ n: number; id: string; ms: number }>({ name: 'mend-back', text: BACK_SQL, values });
      const [last] = rows;
      if (last === undefined) break;
      mended += last.n;
      after = last;
    }
  }
  return mended;
}

/** Lets every lease last at least `leaseMs` from now. Answers how many are longer now. */
export async function extendLeases(pool: pg.Pool, leaseMs: number): Promise<number> {
  return (await pool.query({ name: 'extend-leases', text: EXTEND_SQL, values: [leaseMs] })).rowCount ?? 0;
}

/** Pulls back leases and rings that are further ahead than they can be. Answers how many. */
export async function mendImpossible(pool: pg.Pool, leaseMs: number): Promise<number> {
  return (await pool.query({ name: 'mend-impossible', text: IMPOSSIBLE_SQL, values: [leaseMs, RING_MS_MAX] })).rowCount ?? 0;
}

/**
 * To be called by the sweeping process before it takes leases back. Compares how far the database's clock went since the last call with how much time
 * passed, and mends when the difference is a leap.
 * @throws the driver's error as it is; the next call sees the same leap again
 */
export function createClockMender(pool: pg.Pool, { leaseMs, monotonicMs, logger }: ClockMenderOptions): () => Promise<void> {
  let last: { databaseMs: number; atMs: number } | null = null;
  // Never twice in a row: were every look slow, the leases of the dead would last for ever.
  let extendedBefore = false;
  return async () => {
    const before = monotonicMs();
    const { rows } = await pool.query<{ ms: number }>({ name: 'database-clock', text: NOW_SQL });
    const after = monotonicMs();
    const [row] = rows;
    if (row === undefined || after - before > READING_MS_MAX) return;
    const now = { databaseMs: row.ms, atMs: (before + after) / 2 };
    if (last === null) {
      const mended = await mendImpossible(pool, leaseMs);
      if (mended > 0) logger.warn({ mended }, 'due times were further ahead than they can be: the clock of the database was set back');
    } else {
      const passedMs = now.atMs - last.atMs;
      const leapMs = Math.round(now.databaseMs - last.databaseMs - passedMs);
      const leaptForward = leapMs >= LEAP_MIN_MS;
      const silent = passedMs > Math.max(leaseMs / 2, SILENCE_MIN_MS) && !extendedBefore;
      extendedBefore = false;
      if (leapMs <= -LEAP_MIN_MS) {
        const mended = await mendLeapBack(pool, -leapMs, leaseMs);
        logger.warn({ leapMs, mended }, 'the clock of the database went back: what is due moved with it');
      }
      if (leaptForward || silent) {
        const extended = await extendLeases(pool, leaseMs);
        extendedBefore = true;
        if (leaptForward || extended > 0)
          logger.warn({ leapMs, passedMs: Math.round(passedMs), extended }, 'leases last one lease from now');
      }
    }
    last = now;
  };
}
