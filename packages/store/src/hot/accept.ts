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
  unnested,
  uuidColumn,
} from './row-columns.ts';

const MESSAGES: readonly Column<NewMessage>[] = [
  uuidColumn('id', (message) => message.id),
  textColumn('spoke', (message) => message.spoke),
  textColumn('type', (message) => message.type),
  timestampColumn('received_at', (message) => message.receivedAtMs),
  byteaColumn('content', (message) => message.content),
  textColumn('content_type', (message) => message.contentType),
  int4Column('size', (message) => message.size),
  textColumn('idempotency_key', (message) => message.idempotencyKey),
  textColumn('correlation_id', (message) => message.correlationId),
  uuidColumn('causation_id', (message) => message.causationId),
  textColumn('ordering_key', (message) => message.orderingKey),
  textColumn('traceparent', (message) => message.traceparent),
  boolColumn('unrouted', (message) => message.unrouted),
];

const KEYS: readonly Column<{ key: string; message: NewMessage }>[] = [
  textColumn('key', ({ key }) => key),
  textColumn('spoke', ({ message }) => message.spoke),
  uuidColumn('message_id', ({ message }) => message.id),
  byteaColumn('digest', ({ message }) => message.digest),
  // By the clock that decides later whether it is over: this process's may be off.
  int8Column('window_ms', ({ message }) => message.idempotencyExpiresAtMs - message.receivedAtMs),
];

const BUSINESS_KEYS: readonly Column<{ key: NewMessage['businessKeys'][number]; message: NewMessage }>[] = [
  uuidColumn('message_id', ({ message }) => message.id),
  textColumn('name', ({ key }) => key.name),
  byteaColumn('hash', ({ key }) => key.hash),
];

const DELIVERIES: readonly Column<{ delivery: NewDelivery; message: NewMessage; taken: boolean }>[] = [
  uuidColumn('id', ({ delivery }) => delivery.id),
  uuidColumn('message_id', ({ message }) => message.id),
  textColumn('source', ({ message }) => message.spoke),
  textColumn('route', ({ delivery }) => delivery.route),
  int4Column('route_version', ({ delivery }) => delivery.routeVersion),
  int4Column('step', ({ delivery }) => delivery.step),
  textColumn('step_name', ({ delivery }) => delivery.stepName),
  textColumn('spoke', ({ delivery }) => delivery.spoke),
  textColumn('operation', ({ delivery }) => delivery.operation),
  textColumn('state', ({ delivery }) => delivery.state),
  textColumn('reason', ({ delivery }) => delivery.reason),
  textColumn('lane_key', ({ delivery }) => delivery.laneKey),
  timestampColumn('created_at', ({ message }) => message.receivedAtMs),
  boolColumn('taken', ({ taken }) => taken),
];

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
  SELECT ${unnested(MESSAGES, 1)}
), keys AS MATERIALIZED (
  SELECT ${unnested(KEYS, 14)}
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
  SELECT * FROM (SELECT ${unnested(BUSINESS_KEYS, 19)}) AS t WHERE message_id NOT IN (SELECT new_id FROM known)
), planned AS MATERIALIZED (
  SELECT * FROM (SELECT ${unnested(DELIVERIES, 22)}, generate_subscripts($22::uuid[], 1) AS n) AS t
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
