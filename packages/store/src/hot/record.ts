/** Recording: what became of a batch of claimed deliveries, their attempts and the deliveries of next steps, in one statement. */
import type { DeliveryRecord } from '@nave/core';
import type pg from 'pg';
import { idRange } from './id-range.ts';
import {
  boolColumn,
  byteaColumn,
  type Column,
  int4Column,
  int8Column,
  parametersOf,
  textColumn,
  timestampColumn,
  unnested,
  uuidColumn,
} from './row-columns.ts';

const RESULTS: readonly Column<DeliveryRecord>[] = [
  uuidColumn('id', (result) => result.id),
  int4Column('fence', (result) => result.fence),
  textColumn('state', (result) => result.state),
  textColumn('held_by', (result) => result.heldBy),
  textColumn('reason', (result) => result.reason),
  int8Column('delay_ms', (result) => result.delayMs),
  byteaColumn('input', (result) => result.input),
  byteaColumn('output', (result) => result.output),
  uuidColumn('attempt_id', ({ attempt }) => attempt?.id ?? null),
  int4Column('number', ({ attempt }) => attempt?.number ?? null),
  timestampColumn('started_at', ({ attempt }) => attempt?.startedAtMs ?? null),
  int4Column('duration_ms', ({ attempt }) => attempt?.durationMs ?? null),
  textColumn('outcome', ({ attempt }) => attempt?.outcome ?? null),
  int4Column('status', ({ attempt }) => attempt?.status ?? null),
  textColumn('detail', ({ attempt }) => attempt?.detail ?? null),
  byteaColumn('excerpt', ({ attempt }) => attempt?.excerpt ?? null),
  boolColumn('lookup', (result) => result.lookup ?? false),
  boolColumn('spared', (result) => result.spared ?? false),
];

const NEXT_STEPS: readonly Column<NonNullable<DeliveryRecord['next']> & { after: string }>[] = [
  uuidColumn('after', (next) => next.after),
  uuidColumn('id', (next) => next.id),
  uuidColumn('message_id', (next) => next.messageId),
  textColumn('source', (next) => next.source),
  textColumn('route', (next) => next.route),
  int4Column('route_version', (next) => next.routeVersion),
  int4Column('step', (next) => next.step),
  textColumn('step_name', (next) => next.stepName),
  textColumn('spoke', (next) => next.spoke),
  textColumn('operation', (next) => next.operation),
  textColumn('lane_key', (next) => next.laneKey),
  timestampColumn('created_at', (next) => next.createdAtMs),
  uuidColumn('replay_id', (next) => next.replayId),
  uuidColumn('replay_of', (next) => next.replayOf),
];

/**
 * Only rows that are still active under the fencing number of the claim change; a process that slept past its lease changes nothing.
 * The next step of a run joins the lane of its own spoke at the place its message had: it may go when it leads that lane, and waits for its turn otherwise.
 */
const RECORD_SQL = `
WITH result AS MATERIALIZED (
  SELECT ${unnested(RESULTS, 1)}
), ours AS (
  UPDATE delivery d SET
    state = r.state::delivery_state,
    held_by = r.held_by::held_by,
    reason = r.reason,
    attempt_count = coalesce(r.number, d.attempt_count),
    attempt_base = d.attempt_base + (r.lookup OR r.spared)::int,
    lookups = CASE WHEN r.state = 'unknown' THEN d.lookups + (r.lookup AND NOT r.spared)::int ELSE 0 END,
    -- Neither a lookup nor a delivery given back shows that sending does not kill workers.
    lost = CASE WHEN r.lookup OR r.number IS NULL THEN d.lost ELSE 0 END,
    next_attempt_at = CASE WHEN r.state IN ('retrying', 'unknown') OR r.state = 'pending' AND r.delay_ms > 0 THEN now() + r.delay_ms * interval '1 millisecond' END,
    due_at = now() + r.delay_ms * interval '1 millisecond',
    finished_at = CASE WHEN r.state IN ('succeeded', 'dead', 'skipped', 'cancelled') THEN clock_timestamp() END,
    input = coalesce(r.input, d.input),
    output = coalesce(r.output, d.output),
    lease_owner = NULL,
    sending = r.state = 'unknown'
  FROM result r
  WHERE d.id = r.id AND d.id = ANY($1::uuid[]) AND d.id >= $19::uuid AND d.id <= $20::uuid AND d.fence = r.fence AND d.state = 'active'
  RETURNING d.id, d.fence, d.lane_seq
), attempts AS (
  INSERT INTO attempt (id, delivery_id, number, started_at, duration_ms, outcome, status, detail, excerpt)
  SELECT r.attempt_id, r.id, r.number, r.started_at, r.duration_ms, r.outcome::outcome_kind, r.status, r.detail, r.excerpt
  FROM result r JOIN ours USING (id, fence) WHERE r.attempt_id IS NOT NULL
  ON CONFLICT DO NOTHING
), steps AS MATERIALIZED (
  SELECT n.*, ours.lane_seq
  FROM (SELECT ${unnested(NEXT_STEPS, 21)}) AS n
    JOIN ours ON ours.id = n.after
), lanes AS (
  INSERT INTO lane AS l (spoke, key, head, low)
  SELECT spoke, lane_key, (array_agg(id ORDER BY lane_seq, id))[1], (array_agg(id ORDER BY id))[1]
  FROM steps WHERE lane_key IS NOT NULL GROUP BY spoke, lane_key ORDER BY spoke, lane_key
  ON CONFLICT (spoke, key) DO UPDATE SET low = least(l.low, EXCLUDED.low)
  RETURNING head
), following AS (
  INSERT INTO delivery (id, message_id, source, route, route_version, step, step_name, spoke, operation, state, held_by, reason, lane_key, lane_seq, created_at, replay_id, replay_of, due_at)
  SELECT id, message_id, source, route, route_version, step, step_name, spoke, operation,
    CASE WHEN waits THEN 'held'::delivery_state ELSE 'pending'::delivery_state END, CASE WHEN waits THEN 'lane'::held_by END, NULL, lane_key,
    CASE WHEN lane_key IS NOT NULL AND (SELECT count(*) FROM lanes) >= 0 THEN coalesce(lane_seq, nextval('nave_lane_seq')) END, created_at, replay_id, replay_of,
    CASE WHEN NOT waits THEN now() + interval '5 seconds' END
  FROM (SELECT *, lane_key IS NOT NULL AND id NOT IN (SELECT head FROM lanes) AS waits FROM steps OFFSET 0) AS s
  ON CONFLICT DO NOTHING
)
SELECT id FROM ours`;

/** Answers the ids that changed. @throws the driver's error as it is; the caller classifies it */
export async function record(pool: pg.Pool, batch: readonly DeliveryRecord[]): Promise<string[]> {
  if (batch.length === 0) return [];
  // One order for everybody: two workers whose batches overlap never wait for each other in a circle.
  const sorted = [...batch].sort((a, b) => (a.id < b.id ? -1 : 1));
  const next = sorted.flatMap(({ id, next: n }) => (n === null ? [] : [{ after: id, ...n }]));
  const { low, high } = idRange(sorted.map(({ id }) => id));
  const { rows } = await pool.query<{ id: string }>({
    name: 'record',
    text: RECORD_SQL,
    values: [...parametersOf(RESULTS, sorted), low, high, ...parametersOf(NEXT_STEPS, next)],
  });
  return rows.map(({ id }) => id);
}
