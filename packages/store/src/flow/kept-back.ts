/** Deliveries that a pause or a breaker keeps back: let go oldest first, a bounded number at a time, and tried one by one as probes. */
import type pg from 'pg';
import { amongThem } from '../hot/sweep.ts';

/** The predicate of `delivery_governed_idx`, word for word. What a paused replay keeps back names it in `blocked_by` and stays. */
export const GOVERNED = `d.state = 'held' AND d.held_by IN ('breaker', 'pause', 'governor') AND d.blocked_by IS NULL`;

/** More than this of one spoke are not let go before some were sent: a pause must find little on its way. */
const UNSENT_MAX = 1_000;

/** A lock on the spoke's row, so that a pause at the same moment waits and then finds what was let go. */
const OPEN = `shut AS MATERIALIZED (SELECT paused OR NOT enabled AS is FROM spoke WHERE name = $1 FOR SHARE), tripped AS MATERIALIZED (
  SELECT 1 FROM spoke_flow WHERE spoke = $1 AND breaker <> 'closed' FOR SHARE)`;
const IS_OPEN = 'NOT EXISTS (SELECT 1 FROM shut WHERE shut.is) AND NOT EXISTS (SELECT 1 FROM tripped)';

/** One range of the index for each reason, each in the order of time. */
const oldestOf = (reasons: string, limit: string) => `
  SELECT x.id FROM unnest(ARRAY[${reasons}]::held_by[]) AS h(reason) CROSS JOIN LATERAL (
    SELECT d.id, d.created_at FROM delivery d WHERE d.spoke = $1 AND d.held_by = h.reason AND ${GOVERNED}
    ORDER BY d.created_at, d.id LIMIT ${limit} FOR UPDATE SKIP LOCKED
  ) AS x WHERE ${IS_OPEN} ORDER BY x.created_at, x.id LIMIT ${limit}`;

/** A retry whose time has not come while it was kept back goes on waiting for it. */
export const LET_GO = `state = (CASE WHEN next_attempt_at > now() THEN 'retrying' ELSE 'pending' END)::delivery_state, held_by = NULL, blocked_by = NULL,
  next_attempt_at = CASE WHEN next_attempt_at > now() THEN next_attempt_at END,
  due_at = CASE WHEN next_attempt_at > now() THEN next_attempt_at ELSE now() + interval '5 seconds' END`;

const RELEASE_SQL = `
WITH ${OPEN}, unsent AS MATERIALIZED (
  SELECT count(*) AS n FROM (
    SELECT 1 FROM delivery d WHERE d.spoke = $1 AND d.due_at <= now() + interval '15 seconds' AND d.state = 'pending' LIMIT ${UNSENT_MAX}
  ) AS counted
), oldest AS MATERIALIZED (${oldestOf(`'breaker', 'pause', 'governor'`, `least($2, ${UNSENT_MAX} - (SELECT n FROM unsent))`)})
UPDATE delivery d SET ${LET_GO}
WHERE ${amongThem('oldest')} RETURNING d.id, d.state = 'pending' AS due`;

const RELABEL_SQL = `
WITH ${OPEN}, oldest AS MATERIALIZED (${oldestOf(`'breaker', 'pause'`, '$2')})
UPDATE delivery d SET held_by = 'governor' WHERE ${amongThem('oldest')}`;

const LEFT_SQL = `
SELECT EXISTS (SELECT 1 FROM unnest(ARRAY['breaker', 'pause', 'governor']::held_by[]) AS h(reason) CROSS JOIN LATERAL (
  SELECT 1 FROM delivery d WHERE d.spoke = $1 AND d.held_by = h.reason AND ${GOVERNED} ORDER BY d.created_at LIMIT 1) AS x) AS left`;

/** The spokes with anything kept back, found by hopping over the index; those that are open and that nobody drains. */
const UNDRAINED_SQL = `
WITH RECURSIVE keeping AS (
  (SELECT d.spoke FROM delivery d WHERE ${GOVERNED} ORDER BY d.spoke, d.held_by, d.created_at LIMIT 1)
  UNION ALL
  SELECT (SELECT d.spoke FROM delivery d WHERE ${GOVERNED} AND d.spoke > keeping.spoke ORDER BY d.spoke, d.held_by, d.created_at LIMIT 1) FROM keeping WHERE keeping.spoke IS NOT NULL
)
SELECT k.spoke FROM keeping k LEFT JOIN spoke s ON s.name = k.spoke LEFT JOIN spoke_flow f ON f.spoke = k.spoke
WHERE k.spoke IS NOT NULL AND coalesce(NOT s.paused AND s.enabled, true) AND coalesce(f.breaker = 'closed' AND f.drain_started_at IS NULL, true)`;

/** Asking what became of a delivery is a probe too; for a spoke that only has such ones it is the only one. */
const TO_LOOK_UP = `d.state = 'unknown' AND d.due_at IS NOT NULL AND (d.next_attempt_at IS NULL OR d.next_attempt_at <= now())`;

const CANDIDATES_SQL = `
SELECT x.id, x.operation FROM (
  SELECT y.* FROM unnest(ARRAY['breaker', 'pause', 'governor']::held_by[]) AS h(reason) CROSS JOIN LATERAL (
    SELECT d.id, d.operation, d.created_at FROM delivery d WHERE d.spoke = $1 AND d.held_by = h.reason AND ${GOVERNED} ORDER BY d.created_at, d.id LIMIT $2
  ) AS y
  UNION ALL
  SELECT * FROM (
    SELECT d.id, d.operation, d.created_at FROM delivery d WHERE d.spoke = $1 AND d.due_at IS NOT NULL AND (d.state IN ('pending', 'retrying') OR ${TO_LOOK_UP}) ORDER BY d.due_at LIMIT $2
  ) AS waiting
) AS x ORDER BY x.created_at, x.id LIMIT $2`;

const MAKE_DUE_SQL = `
UPDATE delivery d SET state = CASE WHEN d.state = 'unknown' THEN d.state ELSE 'pending' END, held_by = NULL, next_attempt_at = NULL,
  due_at = now() + interval '5 seconds'
WHERE d.id = $1 AND (${GOVERNED} OR d.state IN ('pending', 'retrying') OR ${TO_LOOK_UP})`;

export async function release(pool: pg.Pool, spoke: string, limit: number): Promise<{ ids: string[]; left: boolean }> {
  const { rows } = await pool.query<{ id: string; due: boolean }>({ name: 'release', text: RELEASE_SQL, values: [spoke, limit] });
  const left = await pool.query<{ left: boolean }>({ name: 'kept-back', text: LEFT_SQL, values: [spoke] });
  return { ids: rows.flatMap(({ id, due }) => (due ? [id] : [])).sort(), left: left.rows[0]?.left === true };
}

export async function relabel(pool: pg.Pool, spoke: string, limit: number): Promise<number> {
  return (await pool.query({ name: 'relabel', text: RELABEL_SQL, values: [spoke, limit] })).rowCount ?? 0;
}

export async function undrained(pool: pg.Pool): Promise<string[]> {
  return (await pool.query<{ spoke: string }>({ name: 'undrained', text: UNDRAINED_SQL })).rows.map(({ spoke }) => spoke);
}

export async function probeCandidates(pool: pg.Pool, spoke: string, limit: number): Promise<{ id: string; operation: string }[]> {
  return (await pool.query<{ id: string; operation: string }>({ name: 'probe-candidates', text: CANDIDATES_SQL, values: [spoke, limit] }))
    .rows;
}

export async function makeDue(pool: pg.Pool, id: string): Promise<boolean> {
  return ((await pool.query({ name: 'make-due', text: MAKE_DUE_SQL, values: [id] })).rowCount ?? 0) > 0;
}
