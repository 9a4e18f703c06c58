/** Claiming: a worker takes the lease of due deliveries and gets their messages in the same round trip. */
import { type ClaimedDelivery, SUSPECT_AT } from '@nave/core';
import type pg from 'pg';
import { uuidArray } from './binary-array.ts';
import { idRange } from './id-range.ts';
import { amongThem } from './sweep.ts';

const TAKE = `
UPDATE delivery d SET state = 'active', lease_owner = $1, fence = d.fence + 1, due_at = now() + $2 * interval '1 millisecond', held_by = NULL
WHERE `;

/** What a worker may take: what waits to be sent, and what is unknown with a lookup due. An unknown one that is not due waits for a person. */
export const TAKEABLE = `state IN ('pending', 'retrying', 'unknown') AND due_at IS NOT NULL AND (next_attempt_at IS NULL OR next_attempt_at <= now())`;

/** OFFSET 0 makes each message a look-up of its own: joined, a partition that was empty when the plan was made would be read from end to end for each. */
const ANSWER = `
SELECT c.id, c.message_id, c.source, c.route, c.route_version, c.step, c.step_name, c.spoke, c.operation, c.attempt_count, c.attempt_base, c.fence, c.sending, c.lookups, c.input,
  c.replay_id, c.lane_key, (extract(epoch FROM c.created_at) * 1000)::float8 AS created_at_ms, m.type, (extract(epoch FROM m.received_at) * 1000)::float8 AS received_at_ms,
  m.content, m.content_type, m.correlation_id, m.traceparent, m.ordering_key
FROM claimed c CROSS JOIN LATERAL (SELECT * FROM message WHERE id = c.message_id OFFSET 0) AS m`;

/**
 * By ids from tickets. SKIP LOCKED: whoever holds a row is dealing with it. The id range lets PostgreSQL look into the partitions concerned only; the list
 * beside it keeps it from reading all that lies between the oldest and the newest id. Of those that lost worker after worker one at a time: one of them may
 * be what kills workers, and the others must not be with it each time. Those left out are rung again.
 */
const CLAIM_SQL = `
WITH found AS MATERIALIZED (
  SELECT id, lost FROM delivery
  WHERE id = ANY($3::uuid[]) AND id >= $4::uuid AND id <= $5::uuid AND ${TAKEABLE}
  FOR UPDATE SKIP LOCKED
), due AS MATERIALIZED (
  SELECT id FROM found WHERE lost < ${SUSPECT_AT} OR id = (SELECT id FROM found WHERE lost >= ${SUSPECT_AT} ORDER BY lost, id LIMIT 1)
), claimed AS (${TAKE} d.id = ANY(ARRAY(SELECT id FROM due)) AND d.id >= $4::uuid AND d.id <= $5::uuid RETURNING d.*)${ANSWER}`;

/**
 * By spoke, oldest first: for what was never rung, or whose ring was dropped by a full buffer. The grace that a ring buys is at most seconds, so what is due
 * later is a retry that waits: the bound keeps those out of the scan. Suspects are only claimed by id.
 */
const CLAIM_DUE_SQL = `
WITH due AS MATERIALIZED (
  SELECT id FROM delivery
  WHERE spoke = $3 AND due_at <= now() + interval '15 seconds' AND ${TAKEABLE} AND lost < ${SUSPECT_AT}
  ORDER BY due_at LIMIT $4 FOR UPDATE SKIP LOCKED
), claimed AS (${TAKE} ${amongThem('due')} RETURNING d.*)${ANSWER}`;

interface ClaimRow {
  id: string;
  message_id: string;
  source: string;
  route: string;
  route_version: number;
  step: number;
  step_name: string;
  spoke: string;
  operation: string;
  attempt_count: number;
  attempt_base: number;
  fence: number;
  sending: boolean;
  lookups: number;
  input: Buffer | null;
  replay_id: string | null;
  lane_key: string | null;
  created_at_ms: number;
  type: string;
  received_at_ms: number;
  content: Buffer;
  content_type: string;
  correlation_id: string | null;
  traceparent: string | null;
  ordering_key: string | null;
}

export async function claim(pool: pg.Pool, ids: readonly string[], owner: string, leaseMs: number): Promise<ClaimedDelivery[]> {
  if (ids.length === 0) return [];
  const { low, high } = idRange(ids);
  const { rows } = await pool.query<ClaimRow>({ name: 'claim', text: CLAIM_SQL, values: [owner, leaseMs, uuidArray(ids), low, high] });
  return rows.map(toClaimed);
}

export async function claimDue(pool: pg.Pool, spoke: string, limit: number, owner: string, leaseMs: number): Promise<ClaimedDelivery[]> {
  const { rows } = await pool.query<ClaimRow>({ name: 'claim-due', text: CLAIM_DUE_SQL, values: [owner, leaseMs, spoke, limit] });
  return rows.map(toClaimed);
}

function toClaimed(row: ClaimRow): ClaimedDelivery {
  return {
    id: row.id,
    messageId: row.message_id,
    source: row.source,
    route: row.route,
    routeVersion: row.route_version,
    step: row.step,
    stepName: row.step_name,
    spoke: row.spoke,
    operation: row.operation,
    attemptCount: row.attempt_count,
    attemptBase: row.attempt_base,
    fence: row.fence,
    sending: row.sending,
    lookups: row.lookups,
    input: row.input,
    replayId: row.replay_id,
    laneKey: row.lane_key,
    createdAtMs: row.created_at_ms,
    message: {
      type: row.type,
      receivedAtMs: row.received_at_ms,
      content: row.content,
      contentType: row.content_type,
      correlationId: row.correlation_id,
      traceparent: row.traceparent,
      orderingKey: row.ordering_key,
    },
  };
}
