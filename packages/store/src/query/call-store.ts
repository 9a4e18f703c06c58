/** What calls ask beside the hot path: how a run stands that another process works on, and an end to a delivery that waits. */
import { type CallStore, type DeliveryState, type HeldBy, lowestUuidAt, type OutcomeKind, timeOfUuid } from '@nave/core';
import type { Database } from '../database.ts';
import { guarded } from '../guarded.ts';

/** The deliveries of a run share its message's millisecond, the attempts of a delivery share that too: both are ranges of ids. */
const RUN_SQL = `
SELECT d.id, d.step, d.step_name, d.spoke, d.route_version, d.state::text, d.held_by::text, d.reason, d.output,
  CASE WHEN d.due_at IS NOT NULL THEN greatest(0, coalesce(extract(epoch FROM d.next_attempt_at - now()) * 1000, 0))::float8 END AS due_in_ms,
  (extract(epoch FROM d.created_at) * 1000)::float8 AS created_at_ms, a.outcome, a.status
FROM delivery d LEFT JOIN LATERAL (
  SELECT outcome::text, status FROM attempt WHERE id >= $1::uuid AND id < $2::uuid AND delivery_id = d.id ORDER BY number DESC LIMIT 1
) AS a ON true
WHERE d.id >= $1::uuid AND d.id < $2::uuid AND d.message_id = $3 AND d.route = $4 AND d.replay_id IS NULL
ORDER BY d.step`;

const MESSAGE_SQL = `
SELECT spoke, type, (extract(epoch FROM received_at) * 1000)::float8 AS received_at_ms, correlation_id, content_type, content FROM message WHERE id = $1`;

const KNOWN_SQL = 'SELECT message_id FROM idempotency WHERE key = ANY($1::text[]) AND spoke = $2 AND expires_at > now() LIMIT 1';

/** Never what may have left: that is looked up, or left to a person. The fencing number rises, so that an old lease records nothing. */
const CANCEL_SQL = `
UPDATE delivery SET state = 'cancelled', held_by = NULL, reason = $2, due_at = NULL, next_attempt_at = NULL, finished_at = clock_timestamp(), fence = fence + 1
WHERE id = $1 AND state IN ('pending', 'retrying', 'held') AND NOT sending RETURNING spoke, lane_key`;

interface RunRow {
  id: string;
  step: number;
  step_name: string;
  spoke: string;
  route_version: number;
  state: DeliveryState;
  held_by: HeldBy | null;
  reason: string | null;
  output: Buffer | null;
  due_in_ms: number | null;
  created_at_ms: number;
  outcome: OutcomeKind | null;
  status: number | null;
}

interface MessageRow {
  spoke: string;
  type: string;
  received_at_ms: number;
  correlation_id: string | null;
  content_type: string;
  content: Buffer;
}

export function createCallStore({ hot }: Pick<Database, 'hot'>): CallStore {
  return {
    run: (messageId, route) =>
      guarded(async () => {
        const at = timeOfUuid(messageId);
        const { rows } = await hot.query<RunRow>({
          name: 'call-run',
          text: RUN_SQL,
          values: [lowestUuidAt(at), lowestUuidAt(at + 1), messageId, route],
        });
        return rows.map((row) => ({
          ...{ id: row.id, step: row.step, stepName: row.step_name, spoke: row.spoke, routeVersion: row.route_version },
          ...{ state: row.state, heldBy: row.held_by, reason: row.reason, output: row.output },
          ...{ dueInMs: row.due_in_ms, createdAtMs: row.created_at_ms },
          attempt: row.outcome === null ? null : { outcome: row.outcome, status: row.status },
        }));
      }),
    message: (id) =>
      guarded(async () => {
        const { rows } = await hot.query<MessageRow>({ name: 'call-message', text: MESSAGE_SQL, values: [id] });
        const [row] = rows;
        if (row === undefined) return null;
        return {
          ...{ spoke: row.spoke, type: row.type, receivedAtMs: row.received_at_ms, correlationId: row.correlation_id },
          ...{ contentType: row.content_type, content: row.content },
        };
      }),
    known: (spoke, keys) =>
      guarded(async () => {
        const { rows } = await hot.query<{ message_id: string }>({ name: 'call-known', text: KNOWN_SQL, values: [keys, spoke] });
        return rows[0]?.message_id ?? null;
      }),
    cancel: (id, reason) =>
      guarded(async () => {
        const { rows } = await hot.query<{ spoke: string; lane_key: string | null }>({
          name: 'call-cancel',
          text: CANCEL_SQL,
          values: [id, reason],
        });
        const [row] = rows;
        if (row === undefined) return null;
        return { lane: row.lane_key === null ? null : { spoke: row.spoke, key: row.lane_key } };
      }),
  };
}
