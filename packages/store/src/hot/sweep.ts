/** What the sweep finds: rows nobody was told of, leases that ran out, deliveries of paused spokes. Each statement is bounded. */
import { LOOKUP_SETTLE_MS, LOST_MAX, type LostLease, REASONS } from '@nave/core';
import type pg from 'pg';

/**
 * A list, and the range it spans, taken from rows that were just locked. Joined with them, the planner may read the whole table into a hash: it cannot know
 * how few they are. The range lets it leave out partitions.
 */
export function amongThem(cte: string): string {
  return `d.id = ANY(ARRAY(SELECT id FROM ${cte})) AND d.id >= (SELECT id FROM ${cte} ORDER BY id LIMIT 1) AND d.id <= (SELECT id FROM ${cte} ORDER BY id DESC LIMIT 1)`;
}

/** The spokes that have rows in the due index, found by hopping over it. */
export const BUSY = `WITH RECURSIVE busy AS (
  (SELECT spoke FROM delivery WHERE due_at IS NOT NULL ORDER BY spoke LIMIT 1)
  UNION ALL
  SELECT (SELECT d.spoke FROM delivery d WHERE d.due_at IS NOT NULL AND d.spoke > busy.spoke ORDER BY d.spoke LIMIT 1) FROM busy WHERE busy.spoke IS NOT NULL
)`;

/**
 * Due rows, fairly: a bounded number per spoke, so that a spoke with a long backlog does not hide the others. The spokes that have any are found by hopping
 * over the partial index (a loose index scan), so that idle spokes cost nothing.
 */
const RING_DUE_SQL = `
${BUSY}, due AS MATERIALIZED (
  SELECT x.id FROM busy CROSS JOIN LATERAL (
    SELECT d.id FROM delivery d
    WHERE d.spoke = busy.spoke AND d.due_at <= now() AND d.state IN ('pending', 'retrying', 'unknown')
    ORDER BY d.due_at LIMIT $1 FOR UPDATE SKIP LOCKED
  ) AS x
  WHERE busy.spoke IS NOT NULL
)
UPDATE delivery d SET due_at = now() + $2 * interval '1 millisecond' WHERE ${amongThem('due')} RETURNING d.spoke, d.id`;

/**
 * A lease that ran out: the request may have left only where it was marked so, and only then its outcome is unknown; a worker looks it up or says that nobody
 * can. What is about to take yet another worker with it is given up, and what may have left by then is still not lost sight of.
 */
const EXPIRE_LEASES_SQL = `
${BUSY}, lost AS MATERIALIZED (
  SELECT x.id FROM busy CROSS JOIN LATERAL (
    SELECT d.id FROM delivery d WHERE d.spoke = busy.spoke AND d.due_at <= now() AND d.state = 'active' LIMIT 1000 FOR UPDATE SKIP LOCKED
  ) AS x
  WHERE busy.spoke IS NOT NULL
)
UPDATE delivery d SET
  state = CASE WHEN d.sending THEN 'unknown'::delivery_state WHEN d.lost + 1 >= $1 THEN 'dead'::delivery_state ELSE 'pending'::delivery_state END,
  reason = CASE WHEN d.lost + 1 >= $1 THEN '${REASONS.workerLost}' WHEN d.sending THEN '${REASONS.unanswered}' ELSE 'lease.expired' END,
  due_at = CASE WHEN d.lost + 1 >= $1 THEN NULL WHEN d.sending THEN now() + $2 * interval '1 millisecond' ELSE now() + interval '5 seconds' END,
  next_attempt_at = CASE WHEN d.lost + 1 < $1 AND d.sending THEN now() + $2 * interval '1 millisecond' END,
  finished_at = CASE WHEN d.lost + 1 >= $1 AND NOT d.sending THEN clock_timestamp() END,
  lost = d.lost + 1, lease_owner = NULL, fence = d.fence + 1
WHERE ${amongThem('lost')} RETURNING d.spoke, d.id, d.state::text, d.lost >= $1 AS gave_up`;

/** The spoke rows are locked while deliveries change, so that a resume at the same moment waits and then finds them. Bounded in all: a turn stays short. */
export const HOLD_PAUSED_SQL = `
WITH closed AS MATERIALIZED (SELECT name FROM spoke WHERE paused OR NOT enabled ORDER BY name FOR SHARE),
waiting AS MATERIALIZED (
  SELECT x.id FROM closed CROSS JOIN LATERAL (
    SELECT d.id FROM delivery d WHERE d.spoke = closed.name AND d.due_at IS NOT NULL AND d.state IN ('pending', 'retrying') LIMIT 5000 FOR UPDATE SKIP LOCKED
  ) AS x LIMIT 10000
)
UPDATE delivery d SET state = 'held', held_by = 'pause', due_at = NULL WHERE ${amongThem('waiting')}`;

/**
 * The same for spokes whose breaker is open. Not while it is half-open: then one delivery is on its way as a probe, and nothing else starts. A retry keeps its
 * time until that has come: let go with the rest it would come early, once for each time that the breaker opens. A ring buys seconds, so what is due later is such a retry.
 */
export const HOLD_BROKEN_SQL = `
WITH tripped AS MATERIALIZED (SELECT spoke FROM spoke_flow WHERE breaker = 'open' ORDER BY spoke FOR SHARE),
waiting AS MATERIALIZED (
  SELECT x.id FROM tripped CROSS JOIN LATERAL (
    SELECT d.id FROM delivery d WHERE d.spoke = tripped.spoke AND d.due_at <= now() + interval '15 seconds' AND d.state IN ('pending', 'retrying')
      AND (d.next_attempt_at IS NULL OR d.next_attempt_at <= now()) LIMIT 5000 FOR UPDATE SKIP LOCKED
  ) AS x LIMIT 10000
)
UPDATE delivery d SET state = 'held', held_by = 'breaker', due_at = NULL, next_attempt_at = NULL WHERE ${amongThem('waiting')}`;

export const FORGET_SQL = `
DELETE FROM idempotency WHERE expires_at <= now() - interval '1 minute'
  AND ctid = ANY(ARRAY(SELECT ctid FROM idempotency WHERE expires_at <= now() - interval '1 minute' LIMIT $1))`;

export async function ringDue(pool: pg.Pool, perSpoke: number, graceMs: number): Promise<{ spoke: string; deliveryId: string }[]> {
  const { rows } = await pool.query<{ spoke: string; id: string }>({ name: 'ring-due', text: RING_DUE_SQL, values: [perSpoke, graceMs] });
  return rows.map(({ spoke, id }) => ({ spoke, deliveryId: id }));
}

export async function expireLeases(pool: pg.Pool): Promise<LostLease[]> {
  const { rows } = await pool.query<{ spoke: string; id: string; state: LostLease['state']; gave_up: boolean }>({
    name: 'expire-leases',
    text: EXPIRE_LEASES_SQL,
    values: [LOST_MAX, LOOKUP_SETTLE_MS],
  });
  return rows.map(({ spoke, id, state, gave_up }) => ({ spoke, deliveryId: id, state, gaveUp: gave_up }));
}

/** For a start that knows of no other process: whoever held a lease is dead, the next turn of the sweep takes its deliveries back. */
export async function abandonLeases(pool: pg.Pool): Promise<number> {
  const { rowCount } = await pool.query("UPDATE delivery SET due_at = now() WHERE due_at IS NOT NULL AND state = 'active'");
  return rowCount ?? 0;
}
