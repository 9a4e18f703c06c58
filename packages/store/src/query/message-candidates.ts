/** The first half of every search over messages: walks an index in id order and gives small batches; the second half derives states and filters. */
import { lowestUuidAt, timeOfUuid } from '@nave/core';
import type { Database } from '../database.ts';
import { Prisma } from '../generated/client.ts';

export interface MessageRow {
  id: string;
  spoke: string;
  type: string;
  receivedAt: Date;
  contentType: string;
  size: number;
  idempotencyKey: string | null;
  correlationId: string | null;
  orderingKey: string | null;
  unrouted: boolean;
}

/** Where a walk looks: all messages, those that were not routed, those with a dead delivery, or given ids. */
export type MessageSource = 'all' | 'unrouted' | 'dead' | { ids: readonly string[] };

export interface CandidateQuery {
  source: MessageSource;
  spokes: readonly string[];
  /** Inclusive. */
  low: string | null;
  /** Exclusive. */
  high: string | null;
  order: 'newest' | 'oldest';
  limit: number;
}

export const MESSAGE_COLUMNS = Prisma.raw(`m.id, m.spoke, m.type, m.received_at AS "receivedAt", m.content_type AS "contentType", m.size,
  m.idempotency_key AS "idempotencyKey", m.correlation_id AS "correlationId", m.ordering_key AS "orderingKey", m.unrouted`);

/** A walk from the newest looks at so much time first: planning and opening the tables of every day kept costs more than reading a page. */
const RECENT_MS = 2 * 86_400_000;

/** At most `limit` messages in id order. */
export async function messageCandidates(prisma: Pick<Database['prisma'], '$queryRaw'>, query: CandidateQuery): Promise<MessageRow[]> {
  if (query.order === 'newest' && (query.source === 'all' || query.source === 'unrouted')) {
    const recent = lowestUuidAt(Math.max(0, (query.high === null ? Date.now() : timeOfUuid(query.high)) - RECENT_MS));
    if (query.low === null || query.low < recent) {
      const rows = await prisma.$queryRaw<MessageRow[]>(candidateSql({ ...query, low: recent }));
      if (rows.length === query.limit) return rows;
    }
  }
  return prisma.$queryRaw<MessageRow[]>(candidateSql(query));
}

/** The statement of `messageCandidates`; exported so that a test can ask PostgreSQL for its plan. */
export function candidateSql({ source, spokes, low, high, order, limit }: CandidateQuery): Prisma.Sql {
  const direction = Prisma.raw(order === 'newest' ? 'DESC' : 'ASC');
  if (source === 'dead') {
    // DISTINCT over the index's own order ends as soon as `limit` messages are found; OFFSET 0 keeps the planner from reading all messages for a join.
    return Prisma.sql`SELECT ${MESSAGE_COLUMNS} FROM (
        SELECT DISTINCT f.message_id FROM failure f
        WHERE f.state = 'dead' ${bounds('f.message_id', low, high)} ${oneOf('f.source', spokes)} ORDER BY f.message_id ${direction} LIMIT ${limit}
      ) AS dead CROSS JOIN LATERAL (SELECT * FROM message WHERE id = dead.message_id OFFSET 0) AS m ORDER BY m.id ${direction}`;
  }
  const ids = typeof source === 'object' ? Prisma.sql`AND m.id = ANY(${[...source.ids]}::uuid[])` : Prisma.empty;
  const unrouted = source === 'unrouted' ? Prisma.sql`AND m.unrouted` : Prisma.empty;
  return Prisma.sql`SELECT ${MESSAGE_COLUMNS} FROM message m
    WHERE true ${bounds('m.id', low, high)} ${oneOf('m.spoke', spokes)} ${ids} ${unrouted} ORDER BY m.id ${direction} LIMIT ${limit}`;
}

/** Conditions on an id column; the column is one of ours, never a caller's. */
export function bounds(column: 'm.id' | 'd.id' | 'd.message_id' | 'f.message_id', low: string | null, high: string | null): Prisma.Sql {
  const name = Prisma.raw(column);
  const from = low === null ? Prisma.empty : Prisma.sql`AND ${name} >= ${low}::uuid`;
  const to = high === null ? Prisma.empty : Prisma.sql`AND ${name} < ${high}::uuid`;
  return Prisma.sql`${from} ${to}`;
}

/** A condition that a column has one of some values; none = no condition. */
export function oneOf(column: 'm.spoke' | 'd.source' | 'd.spoke' | 'd.route' | 'f.source', values: readonly string[]): Prisma.Sql {
  const [only] = values;
  if (only === undefined) return Prisma.empty;
  const name = Prisma.raw(column);
  return values.length === 1 ? Prisma.sql`AND ${name} = ${only}` : Prisma.sql`AND ${name} = ANY(${[...values]})`;
}
