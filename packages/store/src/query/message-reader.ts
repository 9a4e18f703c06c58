/** Messages as people see them: found by what they know of them, shown with everything that happened. */
import { isUuid } from '@nave/core';
import type { Database } from '../database.ts';
import { Prisma } from '../generated/client.ts';
import { guarded } from '../guarded.ts';
import { deliveryFacts, derivedState } from './delivery-facts.ts';
import { type DeliveryDetail, deliveriesOf } from './delivery-rows.ts';
import { failingWith } from './failing-deliveries.ts';
import { boundsOf, sameMillisecond } from './id-bounds.ts';
import { MESSAGE_COLUMNS, type MessageRow } from './message-candidates.ts';
import { type FoundMessage, type MessageFilter, type SearchOptions, type SearchResult, searchMessages } from './message-search.ts';

export interface MessageDetail extends FoundMessage {
  /** Names of the business keys declared by the spoke and found in this message. */
  keys: string[];
  deliveries: DeliveryDetail[];
  /** The message that it was made from by editing it. */
  causationId: string | null;
  /** Messages made from it by editing it, oldest first. */
  edits: string[];
}

/** Sealed parts of a message and its deliveries; opening them is the caller's business, and audited. */
export interface SealedPayload {
  id: string;
  spoke: string;
  contentType: string;
  size: number;
  content: Uint8Array;
  deliveries: {
    id: string;
    input: Uint8Array | null;
    output: Uint8Array | null;
    /** Newest first. */
    attempts: { id: string; number: number; outcome: string; excerpt: Uint8Array | null }[];
  }[];
}

export interface MessageReader {
  search(filter: MessageFilter, options: SearchOptions): Promise<SearchResult>;
  /**
   * Ids of messages known by this text: the message's id, idempotency key, correlation id or a declared business key. Newest first, bounded.
   * @param hashes business key hashes the text may be stored under
   */
  idsKnownAs(text: string, hashes: readonly Uint8Array[]): Promise<string[]>;
  /** Ids of messages with a delivery that failed so and is not over; newest first, bounded by how many deliveries are looked at. */
  idsFailedWith(text: string, filter: Pick<MessageFilter, 'spokes' | 'routes' | 'fromMs' | 'toMs'>): Promise<string[]>;
  find(id: string): Promise<MessageDetail | null>;
  sealedPayload(id: string): Promise<SealedPayload | null>;
}

const KNOWN_MAX = 1_000;

export function createMessageReader({ prisma }: Pick<Database, 'prisma'>): MessageReader {
  return {
    search: (filter, options) => guarded(() => searchMessages(prisma, filter, options)),
    idsKnownAs: (text, hashes) =>
      guarded(async () => {
        const id = isUuid(text.toLowerCase()) ? text.toLowerCase() : null;
        const rows = await prisma.$queryRaw<{ id: string }[]>(knownAsSql(text, id, hashes));
        return rows.map((row) => row.id);
      }),
    idsFailedWith: (text, { spokes, routes, fromMs, toMs }) =>
      guarded(async () => {
        const { found } = await failingWith(prisma, { text, ...boundsOf(fromMs, toMs), sources: spokes, spokes: [], routes, states: [] });
        return [...new Set(found.map(({ messageId }) => messageId))];
      }),
    find: (id) => guarded(() => find(prisma, id)),
    sealedPayload: (id) => guarded(() => sealedPayload(prisma, id)),
  };
}

function knownAsSql(text: string, id: string | null, hashes: readonly Uint8Array[]): Prisma.Sql {
  const byHash = Prisma.sql`UNION (SELECT message_id FROM message_key WHERE hash = ANY(${hashes.map((hash) => Buffer.from(hash))}::bytea[])
    ORDER BY message_id DESC LIMIT ${KNOWN_MAX})`;
  return Prisma.sql`SELECT id FROM (
      SELECT message_id AS id FROM idempotency WHERE key = ${text}
      UNION (SELECT id FROM message WHERE correlation_id = ${text} ORDER BY id DESC LIMIT ${KNOWN_MAX})
      ${hashes.length === 0 ? Prisma.empty : byHash}
      ${id === null ? Prisma.empty : Prisma.sql`UNION SELECT ${id}::uuid`}
    ) AS known ORDER BY id DESC LIMIT ${KNOWN_MAX}`;
}

async function find(prisma: Database['prisma'], id: string): Promise<MessageDetail | null> {
  const [row] = await prisma.$queryRaw<(MessageRow & { causationId: string | null })[]>(
    Prisma.sql`SELECT ${MESSAGE_COLUMNS}, m.causation_id AS "causationId" FROM message m WHERE m.id = ${id}::uuid`,
  );
  if (row === undefined) return null;
  const facts = await deliveryFacts(prisma, [id]);
  const keys = await prisma.messageKey.findMany({ where: { messageId: id }, select: { name: true }, orderBy: { name: 'asc' } });
  const deliveries = await deliveriesOf(prisma, id);
  const edits = await prisma.$queryRaw<{ id: string }[]>(editsSql(id));
  return {
    ...row,
    ...derivedState(facts(id), row.unrouted, row.receivedAt),
    keys: keys.map(({ name }) => name),
    deliveries,
    edits: edits.map((edit) => edit.id),
  };
}

const EDITS_MAX = 50;

/** What was made from a message came after it: days before it are not looked at. Exported so that a test can ask PostgreSQL for its plan. */
export function editsSql(id: string): Prisma.Sql {
  return Prisma.sql`SELECT id FROM message WHERE causation_id = ${id}::uuid AND id > ${id}::uuid ORDER BY id LIMIT ${EDITS_MAX}`;
}

/** Deliveries and attempts whose payload is shown with one message. */
const DELIVERIES_MAX = 50;
const ATTEMPTS_MAX = 200;

async function sealedPayload(prisma: Database['prisma'], id: string): Promise<SealedPayload | null> {
  const message = await prisma.message.findUnique({ where: { id }, select: { spoke: true, contentType: true, size: true, content: true } });
  if (message === null) return null;
  const own = sameMillisecond(id);
  const which = [
    { messageId: id, id: inclusive(own) },
    { messageId: id, replayId: { not: null } },
  ];
  const select = { id: true, input: true, output: true } as const;
  const found = await Promise.all(
    which.map((where) => prisma.delivery.findMany({ where, select, orderBy: { id: 'asc' }, take: DELIVERIES_MAX })),
  );
  const deliveries = [...new Map(found.flat().map((row) => [row.id, row])).values()].slice(0, DELIVERIES_MAX);
  const attempts = await Promise.all(
    deliveries.map((delivery) =>
      prisma.attempt.findMany({
        where: { id: inclusive(sameMillisecond(delivery.id)), deliveryId: delivery.id, excerpt: { not: null } },
        select: { id: true, number: true, outcome: true, excerpt: true },
        orderBy: { number: 'desc' },
        take: Math.floor(ATTEMPTS_MAX / deliveries.length),
      }),
    ),
  );
  return { id, ...message, deliveries: deliveries.map((row, index) => ({ ...row, attempts: attempts[index] ?? [] })) };
}

function inclusive({ low, high }: { low: string; high: string }): { gte: string; lte: string } {
  return { gte: low, lte: high };
}
