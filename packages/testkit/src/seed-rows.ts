/** Rows as the hot path would have left them, for tests that read them: messages with deliveries and attempts in any state. */
import { createHash } from 'node:crypto';
import { type DeliveryState, deriveUuid, encodeContent, type HeldBy, isTerminal, type OutcomeKind, uuidV7 } from '@nave/core';
import type pg from 'pg';

export interface SeedMessage {
  id?: string;
  spoke?: string;
  type?: string;
  atMs?: number;
  body?: string;
  headers?: Readonly<Record<string, string>>;
  idempotencyKey?: string | null;
  correlationId?: string | null;
  unrouted?: boolean;
  keys?: readonly { name: string; hash: Uint8Array }[];
  deliveries?: readonly SeedDelivery[];
}

export interface SeedDelivery {
  route?: string;
  spoke?: string;
  operation?: string;
  step?: number;
  state?: DeliveryState;
  heldBy?: HeldBy | null;
  reason?: string | null;
  attempts?: readonly { outcome: OutcomeKind; status?: number | null; detail?: string; excerpt?: Uint8Array | null }[];
  finishedAtMs?: number;
  input?: Uint8Array | null;
  output?: Uint8Array | null;
}

export interface SeededMessage {
  id: string;
  deliveryIds: string[];
}

/** Seals a value; the default keeps it readable by `plainSealer`. */
export type SeedSeal = (plain: Uint8Array, context: string) => Uint8Array;

let counter = 0;

/** Inserts one message. Ids without one given rise with every call within a millisecond. */
export async function seedMessage(client: Pick<pg.ClientBase, 'query'>, message: SeedMessage, seal: SeedSeal): Promise<SeededMessage> {
  const atMs = message.atMs ?? Date.now();
  counter += 1;
  const entropy = Buffer.alloc(10);
  // The first four bytes after the time decide the order; version and variant take six of their bits.
  entropy.writeUInt32BE(counter & 0xffffff, 4);
  const id = message.id ?? uuidV7(atMs, entropy);
  const { spoke = 'shop', type = 'order.created', body = '{"id":1}', headers = {} } = message;
  const at = new Date(atMs).toISOString();
  const bytes = Buffer.from(body, 'utf8');
  const content = seal(encodeContent({ headers, query: {}, method: 'POST', body: bytes }), `message:${id}`);
  await client.query(
    `INSERT INTO message (id, spoke, type, received_at, content, content_type, size, idempotency_key, correlation_id, unrouted)
     VALUES ($1, $2, $3, $4, $5, 'application/json', $6, $7, $8, $9)`,
    [
      id,
      spoke,
      type,
      at,
      Buffer.from(content),
      bytes.length,
      message.idempotencyKey ?? null,
      message.correlationId ?? null,
      message.unrouted ?? false,
    ],
  );
  if (message.idempotencyKey) {
    await client.query(
      `INSERT INTO idempotency (key, spoke, message_id, digest, expires_at) VALUES ($1, $2, $3, $4, now() + interval '7 days')`,
      [message.idempotencyKey, spoke, id, createHash('sha256').update(bytes).digest()],
    );
  }
  for (const { name, hash } of message.keys ?? []) {
    await client.query('INSERT INTO message_key (message_id, name, hash) VALUES ($1, $2, $3)', [id, name, Buffer.from(hash)]);
  }
  const deliveryIds: string[] = [];
  for (const [index, delivery] of (message.deliveries ?? []).entries()) {
    deliveryIds.push(await seedDelivery(client, id, spoke, atMs, index, delivery, seal));
  }
  return { id, deliveryIds };
}

async function seedDelivery(
  client: Pick<pg.ClientBase, 'query'>,
  messageId: string,
  source: string,
  atMs: number,
  index: number,
  delivery: SeedDelivery,
  seal: SeedSeal,
): Promise<string> {
  const {
    route = 'invoices',
    spoke = 'erp',
    operation = 'send',
    step = 0,
    state = 'succeeded',
    heldBy = null,
    reason = null,
    attempts = [],
  } = delivery;
  const id = deriveUuid(messageId, 'seed', messageId, index);
  const at = new Date(atMs).toISOString();
  const due = state === 'pending' || state === 'active' || state === 'retrying' ? at : null;
  const finished = isTerminal(state) ? new Date(delivery.finishedAtMs ?? atMs + 20).toISOString() : null;
  const sealed = (value: Uint8Array | null | undefined, part: string) =>
    value ? Buffer.from(seal(value, `delivery:${id}:${part}`)) : null;
  await client.query(
    `INSERT INTO delivery (id, message_id, source, route, route_version, step, step_name, spoke, operation, state, held_by, reason, attempt_count, due_at,
       next_attempt_at, created_at, finished_at, input, output)
     VALUES ($1, $2, $3, $4, 1, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`,
    [
      ...[id, messageId, source, route, step, `step${step}`, spoke, operation, state, heldBy, reason, attempts.length, due],
      ...[state === 'retrying' ? at : null, at, finished, sealed(delivery.input, 'input'), sealed(delivery.output, 'output')],
    ],
  );
  for (const [offset, attempt] of attempts.entries()) {
    const attemptId = deriveUuid(id, 'attempt', id, offset + 1);
    const excerpt = attempt.excerpt ? Buffer.from(seal(attempt.excerpt, `attempt:${attemptId}`)) : null;
    await client.query(
      `INSERT INTO attempt (id, delivery_id, number, started_at, duration_ms, outcome, status, detail, excerpt) VALUES ($1, $2, $3, $4, 12, $5, $6, $7, $8)`,
      [
        attemptId,
        id,
        offset + 1,
        new Date(atMs + 5 * (offset + 1)).toISOString(),
        attempt.outcome,
        attempt.status ?? null,
        attempt.detail ?? '',
        excerpt,
      ],
    );
  }
  return id;
}

/** Many finished deliveries (and their messages, unless told otherwise) between two moments, in one statement each: what a busy hub has behind it. */
export async function seedHistory(
  client: Pick<pg.ClientBase, 'query'>,
  {
    count,
    fromMs,
    toMs,
    spokes = ['erp', 'crm'],
    messages = true,
  }: { count: number; fromMs: number; toMs: number; spokes?: readonly string[]; messages?: boolean },
): Promise<void> {
  const id = (salt: string) =>
    `(overlay(nave_uuid_at(at)::text placing '7' || substr(md5(n || ${salt}), 1, 3) || '-8' || substr(md5(n || ${salt}), 4, 3) || '-' || substr(md5(n || ${salt}), 7, 12) from 15))::uuid`;
  const rows = `SELECT n, to_timestamp($2::float8 / 1000 + n * ($3::float8 - $2::float8) / 1000 / $1::int) AS at FROM generate_series(0, $1::int - 1) AS n`;
  if (messages) {
    await client.query(
      `INSERT INTO message (id, spoke, type, received_at, content, content_type, size) SELECT ${id("'m'")}, 'history', 'past', at, '\\x00', 'text/plain', 1 FROM (${rows}) AS r`,
      [count, fromMs, toMs],
    );
  }
  await client.query(
    `INSERT INTO delivery (id, message_id, source, route, route_version, step, step_name, spoke, operation, state, created_at, finished_at)
     SELECT ${id("'d'")}, ${id("'m'")}, 'history', 'past', 1, 0, 'only', ($4::text[])[1 + n % cardinality($4::text[])], 'send', 'succeeded', at, at + interval '50 milliseconds'
     FROM (${rows}) AS r`,
    [count, fromMs, toMs, [...spokes]],
  );
}
