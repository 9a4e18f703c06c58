/** Accepting: messages, idempotency keys, deliveries and the acceptance counter of a batch in one statement and so in one transaction. */
import { type AcceptResult, FIRST_FENCE, type NewDelivery, type NewMessage, type TakenOver } from '@nave/core';
import type pg from 'pg';
import {
  boolColumn,
  byteaColumn,
  type Column,
  int4Column,
  int8Column,
  parametersOf,
  textColumn,
  timestampColumn,
  uuidColumn,
} from './binary-array.ts';

/**
 * `known` finds repeats; what belongs to them is left out everywhere. A key that another transaction takes between `known` and the insert makes fewer
 * rows `taken` than `fresh`: the statement then fails with 40001, nothing of it stays, and the batch is tried again, now seeing that key.
 * OFFSET 0 keeps the look-up of each key apart, by the primary key; planned as one join it would read the whole table by expiry.
 * Keys are inserted in one order (key, spoke), so that two batches never wait for each other in a circle.
 * A delivery with a lane key leads its lane when the lane has no row yet; otherwise it is held until its turn. Rows of lanes are locked in one order too, and
 * all of them (the count asks for the last) before the first sequence number is taken: within a lane the order of numbers is that of the commits.
 */
const ACCEPT_SQL = `
WITH input AS MATERIALIZED (
  SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::bytea[], $6::text[], $7::int4[], $8::text[], $9::text[], $10::uuid[], $11::text[], $12::text[], $13::bool[])
    AS t(id, spoke, type, received_at, content, content_type, size, idempotency_key, correlation_id, causation_id, ordering_key, traceparent, unrouted)
), keys AS MATERIALIZED (
  SELECT * FROM unnest($14::text[], $15::text[], $16::uuid[], $17::bytea[], $18::int8[]) AS t(key, spoke, message_id, digest, window_ms)
), known AS MATERIALIZED (
  SELECT k.message_id AS new_id, i.message_id AS first_id, i.digest <> k.digest AS mismatch
  FROM keys k CROSS JOIN LATERAL (SELECT * FROM idempotency WHERE key = k.key AND spoke = k.spoke OFFSET 0) AS i
  WHERE i.expires_at > now()
), fresh AS MATERIALIZED (
  SELECT * FROM keys k WHERE k.message_id NOT IN (SELECT new_id FROM known)
), taken AS (
  INSERT INTO idempotency AS i (key, spoke, message_id, digest, expires_at)
  SELECT key, spoke, message_id, digest, now() + window_ms * interval '1 millisecond' FROM fresh ORDER BY key, spoke
  ON CONFLICT (key, spoke) DO UPDATE SET message_id = EXCLUDED.message_id, digest = EXCLUDED.digest, expires_at = EXCLUDED.expires_at
    WHERE i.expires_at <= now()
  RETURNING 1
), messages AS (
  INSERT INTO message (id, spoke, type, received_at, content, content_type, size, idempotency_key, correlation_id, causation_id, ordering_key, traceparent, unrouted)
  SELECT * FROM input WHERE id NOT IN (SELECT new_id FROM known)
  RETURNING id, received_at
), business AS (
  INSERT INTO message_key (message_id, name, hash)
  SELECT * FROM unnest($19::uuid[], $20::text[], $21::bytea[]) AS t(message_id, name, hash) WHERE message_id NOT IN (SELECT new_id FROM known)
), planned AS MATERIALIZED (
  SELECT * FROM unnest($22::uuid[], $23::uuid[], $24::text[], $25::text[], $26::int4[], $27::int4[], $28::text[], $29::text[], $30::text[], $31::text[], $32::text[], $33::text[], $34::timestamptz[], $35::bool[])
    WITH ORDINALITY AS t(id, message_id, source, route, route_version, step, step_name, spoke, operation, state, reason, lane_key, created_at, taken, n)
  WHERE message_id NOT IN (SELECT new_id FROM known)
), lanes AS (
  INSERT INTO lane AS l (spoke, key, head, low)
  SELECT spoke, lane_key, (array_agg(id ORDER BY n))[1], (array_agg(id ORDER BY id))[1]
  FROM planned WHERE lane_key IS NOT NULL AND state = 'pending' GROUP BY spoke, lane_key ORDER BY spoke, lane_key
  ON CONFLICT (spoke, key) DO UPDATE SET low = least(l.low, EXCLUDED.low)
  RETURNING head
), deliveries AS (
  INSERT INTO delivery (id, message_id, source, route, route_version, step, step_name, spoke, operation, state, held_by, reason, lane_key, lane_seq, created_at, due_at, finished_at, lease_owner, fence)
  SELECT id, message_id, source, route, route_version, step, step_name, spoke, operation,
    (CASE WHEN waits THEN 'held' WHEN taken THEN 'active' ELSE state END)::delivery_state, CASE WHEN waits THEN 'lane'::held_by END, reason, lane_key,
    CASE WHEN lane_key IS NOT NULL AND state <> 'skipped' AND (SELECT count(*) FROM lanes) >= 0 THEN nextval('nave_lane_seq') END, created_at,
    CASE WHEN state = 'pending' AND NOT waits THEN now() + CASE WHEN taken THEN $37 ELSE 5000 END * interval '1 millisecond' END,
    CASE WHEN state <> 'pending' THEN created_at END,
    CASE WHEN taken AND NOT waits THEN $36::text END, CASE WHEN taken AND NOT waits THEN ${FIRST_FENCE} ELSE 0 END
  FROM (SELECT *, lane_key IS NOT NULL AND state = 'pending' AND id NOT IN (SELECT head FROM lanes) AS waits FROM planned OFFSET 0) AS p
), counted AS (
  INSERT INTO accepted_count (at, messages, digest, runs)
  SELECT now(), count(*), sha256(coalesce(string_agg(uuid_send(id), ''::bytea ORDER BY id), ''::bytea)),
    coalesce((SELECT jsonb_object_agg(run, n) FROM (
      SELECT route || '@' || to_char(minute AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI') AS run, n FROM (
        SELECT route, date_bin('1 minute', created_at, 'epoch') AS minute, count(*) AS n FROM planned GROUP BY 1, 2
        UNION ALL
        SELECT '', date_bin('1 minute', received_at, 'epoch'), count(*) FROM messages GROUP BY 2) AS counts) AS r), '{}'::jsonb)
  FROM messages HAVING count(*) > 0
)
SELECT (SELECT CASE WHEN (SELECT count(*) FROM taken) < (SELECT count(*) FROM fresh) THEN nave_fail('40001', 'an idempotency key was taken meanwhile') END) AS guard,
  (SELECT coalesce(jsonb_agg(jsonb_build_array(new_id, first_id, mismatch)), '[]'::jsonb) FROM known) AS known,
  (SELECT jsonb_agg(head) FROM lanes) AS heads`;

const MESSAGES: readonly Column<NewMessage>[] = [
  uuidColumn((message) => message.id),
  textColumn((message) => message.spoke),
  textColumn((message) => message.type),
  timestampColumn((message) => message.receivedAtMs),
  byteaColumn((message) => message.content),
  textColumn((message) => message.contentType),
  int4Column((message) => message.size),
  textColumn((message) => message.idempotencyKey),
  textColumn((message) => message.correlationId),
  uuidColumn((message) => message.causationId),
  textColumn((message) => message.orderingKey),
  textColumn((message) => message.traceparent),
  boolColumn((message) => message.unrouted),
];

const KEYS: readonly Column<{ key: string; message: NewMessage }>[] = [
  textColumn(({ key }) => key),
  textColumn(({ message }) => message.spoke),
  uuidColumn(({ message }) => message.id),
  byteaColumn(({ message }) => message.digest),
  // By the clock that decides later whether it is over: this process's may be off.
  int8Column(({ message }) => message.idempotencyExpiresAtMs - message.receivedAtMs),
];

const BUSINESS_KEYS: readonly Column<{ key: NewMessage['businessKeys'][number]; message: NewMessage }>[] = [
  uuidColumn(({ message }) => message.id),
  textColumn(({ key }) => key.name),
  byteaColumn(({ key }) => key.hash),
];

const DELIVERIES: readonly Column<{ delivery: NewDelivery; message: NewMessage; taken: boolean }>[] = [
  uuidColumn(({ delivery }) => delivery.id),
  uuidColumn(({ message }) => message.id),
  textColumn(({ message }) => message.spoke),
  textColumn(({ delivery }) => delivery.route),
  int4Column(({ delivery }) => delivery.routeVersion),
  int4Column(({ delivery }) => delivery.step),
  textColumn(({ delivery }) => delivery.stepName),
  textColumn(({ delivery }) => delivery.spoke),
  textColumn(({ delivery }) => delivery.operation),
  textColumn(({ delivery }) => delivery.state),
  textColumn(({ delivery }) => delivery.reason),
  textColumn(({ delivery }) => delivery.laneKey),
  timestampColumn(({ message }) => message.receivedAtMs),
  boolColumn(({ taken }) => taken),
];

/** Stores a batch. @throws the driver's error as it is; the caller classifies it */
export async function accept(pool: pg.Pool, batch: readonly NewMessage[], taken?: TakenOver): Promise<AcceptResult[]> {
  const keys = batch.flatMap((message) => message.idempotencyKeys.map((key) => ({ key, message })));
  const business = batch.flatMap((message) => message.businessKeys.map((key) => ({ key, message })));
  const deliveries = batch.flatMap((message) =>
    message.deliveries.map((delivery) => ({ delivery, message, taken: taken?.ids.has(delivery.id) === true })),
  );
  const { rows } = await pool.query<{ known: [string, string, boolean][]; heads: string[] | null }>({
    name: 'accept',
    text: ACCEPT_SQL,
    values: [
      ...parametersOf(MESSAGES, batch),
      ...parametersOf(KEYS, keys),
      ...parametersOf(BUSINESS_KEYS, business),
      ...parametersOf(DELIVERIES, deliveries),
      taken?.owner ?? null,
      taken?.leaseMs ?? 0,
    ],
  });
  const known = new Map((rows[0]?.known ?? []).map(([newId, firstId, mismatch]) => [newId, { duplicateOf: firstId, mismatch }]));
  const heads = rows[0]?.heads;
  if (!heads) return batch.map(({ id }) => known.get(id) ?? FIRST);
  const leads = new Set(heads);
  return batch.map((message) => {
    const held = message.deliveries.filter(({ id, state, laneKey }) => state === 'pending' && laneKey !== null && !leads.has(id));
    return known.get(message.id) ?? (held.length === 0 ? FIRST : { ...FIRST, held: held.map(({ id }) => id) });
  });
}

const FIRST: AcceptResult = { duplicateOf: null, mismatch: false };
