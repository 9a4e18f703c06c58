/** Accepting: messages, idempotency keys, deliveries and the acceptance counter of a batch in one statement and so in one transaction. */
import type { AcceptResult, NewMessage } from '@nave/core';
import type pg from 'pg';
import { boolArray, byteaArray, int4Array, textArray, timestampArray, uuidArray } from './binary-array.ts';

/**
 * `known` finds repeats; what belongs to them is left out everywhere. A key that another transaction takes between `known` and the insert makes fewer
 * rows `taken` than `fresh`: the statement then fails with 40001, nothing of it stays, and the batch is tried again, now seeing that key.
 * OFFSET 0 keeps the look-up of each key apart, by the primary key; planned as one join it would read the whole table by expiry.
 * Keys are inserted in one order (key, spoke), so that two batches never wait for each other in a circle.
 */
const ACCEPT_SQL = `
WITH input AS MATERIALIZED (
  SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::bytea[], $6::text[], $7::int4[], $8::text[], $9::text[], $10::uuid[], $11::text[], $12::text[], $13::bool[])
    AS t(id, spoke, type, received_at, content, content_type, size, idempotency_key, correlation_id, causation_id, ordering_key, traceparent, unrouted)
), keys AS MATERIALIZED (
  SELECT * FROM unnest($14::text[], $15::text[], $16::uuid[], $17::bytea[], $18::timestamptz[]) AS t(key, spoke, message_id, digest, expires_at)
), known AS MATERIALIZED (
  SELECT k.message_id AS new_id, i.message_id AS first_id, i.digest <> k.digest AS mismatch
  FROM keys k CROSS JOIN LATERAL (SELECT * FROM idempotency WHERE key = k.key AND spoke = k.spoke OFFSET 0) AS i
  WHERE i.expires_at > now()
), fresh AS MATERIALIZED (
  SELECT * FROM keys k WHERE k.message_id NOT IN (SELECT new_id FROM known)
), taken AS (
  INSERT INTO idempotency AS i (key, spoke, message_id, digest, expires_at)
  SELECT key, spoke, message_id, digest, expires_at FROM fresh ORDER BY key, spoke
  ON CONFLICT (key, spoke) DO UPDATE SET message_id = EXCLUDED.message_id, digest = EXCLUDED.digest, expires_at = EXCLUDED.expires_at
    WHERE i.expires_at <= now()
  RETURNING 1
), messages AS (
  INSERT INTO message (id, spoke, type, received_at, content, content_type, size, idempotency_key, correlation_id, causation_id, ordering_key, traceparent, unrouted)
  SELECT * FROM input WHERE id NOT IN (SELECT new_id FROM known)
  RETURNING id
), business AS (
  INSERT INTO message_key (message_id, name, hash)
  SELECT * FROM unnest($19::uuid[], $20::text[], $21::bytea[]) AS t(message_id, name, hash) WHERE message_id NOT IN (SELECT new_id FROM known)
), planned AS MATERIALIZED (
  SELECT * FROM unnest($22::uuid[], $23::uuid[], $24::text[], $25::text[], $26::int4[], $27::int4[], $28::text[], $29::text[], $30::text[], $31::text[], $32::text[], $33::text[], $34::timestamptz[])
    AS t(id, message_id, source, route, route_version, step, step_name, spoke, operation, state, reason, lane_key, created_at)
  WHERE message_id NOT IN (SELECT new_id FROM known)
), deliveries AS (
  INSERT INTO delivery (id, message_id, source, route, route_version, step, step_name, spoke, operation, state, reason, lane_key, created_at, due_at, finished_at)
  SELECT id, message_id, source, route, route_version, step, step_name, spoke, operation, state::delivery_state, reason, lane_key, created_at,
    CASE WHEN state = 'pending' THEN now() + interval '5 seconds' END, CASE WHEN state <> 'pending' THEN created_at END
  FROM planned
), counted AS (
  INSERT INTO accepted_count (at, messages, digest, runs)
  SELECT now(), count(*), sha256(coalesce(string_agg(uuid_send(id), ''::bytea ORDER BY id), ''::bytea)),
    coalesce((SELECT jsonb_object_agg(run, n) FROM (
      SELECT route || '@' || to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI') AS run, count(*) AS n FROM planned GROUP BY 1) AS r), '{}'::jsonb)
  FROM messages HAVING count(*) > 0
)
SELECT (SELECT CASE WHEN (SELECT count(*) FROM taken) < (SELECT count(*) FROM fresh) THEN nave_fail('40001', 'an idempotency key was taken meanwhile') END) AS guard,
  (SELECT coalesce(jsonb_agg(jsonb_build_array(new_id, first_id, mismatch)), '[]'::jsonb) FROM known) AS known`;

/** Stores a batch. @throws the driver's error as it is; the caller classifies it */
export async function accept(pool: pg.Pool, batch: readonly NewMessage[]): Promise<AcceptResult[]> {
  const keys = batch.flatMap((message) => message.idempotencyKeys.map((key) => ({ key, message })));
  const business = batch.flatMap((message) => message.businessKeys.map((key) => ({ ...key, messageId: message.id })));
  const deliveries = batch.flatMap((message) => message.deliveries.map((delivery) => ({ delivery, message })));
  const { rows } = await pool.query<{ known: [string, string, boolean][] }>({
    name: 'accept',
    text: ACCEPT_SQL,
    values: [
      uuidArray(batch.map((m) => m.id)),
      textArray(batch.map((m) => m.spoke)),
      textArray(batch.map((m) => m.type)),
      timestampArray(batch.map((m) => m.receivedAtMs)),
      byteaArray(batch.map((m) => m.content)),
      textArray(batch.map((m) => m.contentType)),
      int4Array(batch.map((m) => m.size)),
      textArray(batch.map((m) => m.idempotencyKey)),
      textArray(batch.map((m) => m.correlationId)),
      uuidArray(batch.map((m) => m.causationId)),
      textArray(batch.map((m) => m.orderingKey)),
      textArray(batch.map((m) => m.traceparent)),
      boolArray(batch.map((m) => m.unrouted)),
      textArray(keys.map(({ key }) => key)),
      textArray(keys.map(({ message }) => message.spoke)),
      uuidArray(keys.map(({ message }) => message.id)),
      byteaArray(keys.map(({ message }) => message.digest)),
      timestampArray(keys.map(({ message }) => message.idempotencyExpiresAtMs)),
      uuidArray(business.map(({ messageId }) => messageId)),
      textArray(business.map(({ name }) => name)),
      byteaArray(business.map(({ hash }) => hash)),
      uuidArray(deliveries.map(({ delivery }) => delivery.id)),
      uuidArray(deliveries.map(({ message }) => message.id)),
      textArray(deliveries.map(({ message }) => message.spoke)),
      textArray(deliveries.map(({ delivery }) => delivery.route)),
      int4Array(deliveries.map(({ delivery }) => delivery.routeVersion)),
      int4Array(deliveries.map(({ delivery }) => delivery.step)),
      textArray(deliveries.map(({ delivery }) => delivery.stepName)),
      textArray(deliveries.map(({ delivery }) => delivery.spoke)),
      textArray(deliveries.map(({ delivery }) => delivery.operation)),
      textArray(deliveries.map(({ delivery }) => delivery.state)),
      textArray(deliveries.map(({ delivery }) => delivery.reason)),
      textArray(deliveries.map(({ delivery }) => delivery.laneKey)),
      timestampArray(deliveries.map(({ message }) => message.receivedAtMs)),
    ],
  });
  const known = new Map((rows[0]?.known ?? []).map(([newId, firstId, mismatch]) => [newId, { duplicateOf: firstId, mismatch }]));
  return batch.map(({ id }) => known.get(id) ?? { duplicateOf: null, mismatch: false });
}
