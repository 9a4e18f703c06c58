/** Deliveries that have failed and are not over, by the text of their failure: a bounded look at the newest ones, never at what succeeded. */
import type { DeliveryState } from '@nave/core';
import type { Database } from '../database.ts';
import { Prisma } from '../generated/client.ts';
import { idRanges } from './delivery-facts.ts';
import { sameMillisecond } from './id-bounds.ts';
import { bounds, oneOf } from './message-candidates.ts';

export interface FailingQuery {
  /** Any case. */
  text: string;
  /** Inclusive and exclusive bounds of the delivery's id. */
  low: string | null;
  high: string | null;
  sources: readonly string[];
  spokes: readonly string[];
  routes: readonly string[];
  /** Empty = all. */
  states: readonly DeliveryState[];
}

export interface FailingDeliveries {
  /** Newest first. */
  found: { id: string; messageId: string }[];
  /** Where the look ended; null when there is nothing further back. */
  edge: string | null;
}

type Reader = Pick<Database['prisma'], '$queryRaw'>;

/** Deliveries whose failure is read at once. `docs` and the API's descriptions tell this number. */
export const FAILING_MAX = 2_000;
/** Failing deliveries looked at for the other conditions, which no index holds. */
const SCAN_MAX = 10_000;

/** Those whose reason, or the detail of their last attempt, contains the text. */
export async function failingWith(prisma: Reader, query: FailingQuery): Promise<FailingDeliveries> {
  const [head, ...rest] = await prisma.$queryRaw<ScannedRow[]>(failingSql(query));
  if (head === undefined) return { found: [], edge: null };
  const rows = [head, ...rest].flatMap(({ id, messageId, says }) => (id === null || messageId === null ? [] : [{ id, messageId, says }]));
  const unsaid = rows.filter(({ says }) => says !== true).map(({ id }) => id);
  const said = unsaid.length === 0 ? [] : await prisma.$queryRaw<{ id: string }[]>(lastDetailSql(unsaid, query.text));
  const ids = new Set(said.map(({ id }) => id));
  return {
    found: rows.filter(({ id, says }) => says === true || ids.has(id)).map(({ id, messageId }) => ({ id, messageId })),
    edge: rows.length === FAILING_MAX ? (rows.at(-1)?.id ?? null) : head.edge,
  };
}

/** One row at least: where the look ended; the others are what the conditions let through. */
interface ScannedRow {
  edge: string | null;
  id: string | null;
  messageId: string | null;
  says: boolean | null;
}

/** The newest failing deliveries, in the order of their own index; exported so that a test can ask PostgreSQL for its plan. */
export function failingSql({ text, low, high, sources, spokes, routes, states }: FailingQuery): Prisma.Sql {
  const inState = states.length === 0 ? Prisma.empty : Prisma.sql`AND d.state::text = ANY(${[...states]})`;
  // The first condition stands here as in the partial index, so that it is seen to hold.
  return Prisma.sql`WITH scan AS MATERIALIZED (
      SELECT d.id, d.message_id, d.reason, d.source, d.spoke, d.route, d.state FROM delivery d
      WHERE (d.state IN ('dead', 'unknown', 'retrying') OR (d.state = 'held' AND d.attempt_count > 0)) ${bounds('d.id', low, high)}
      ORDER BY d.id DESC LIMIT ${SCAN_MAX}
    ), ending AS (SELECT CASE WHEN count(*) = ${SCAN_MAX} THEN min(id::text) END AS edge FROM scan)
    SELECT e.edge, t.id, t.message_id AS "messageId", strpos(lower(coalesce(t.reason, '')), lower(${text})) > 0 AS says
    FROM ending e LEFT JOIN LATERAL (
      SELECT * FROM scan d WHERE true ${oneOf('d.source', sources)} ${oneOf('d.spoke', spokes)} ${oneOf('d.route', routes)} ${inState}
      ORDER BY d.id DESC LIMIT ${FAILING_MAX}
    ) AS t ON true`;
}

/** Which of these deliveries' last attempts say the text; exported for its plan. The bounds of all let it leave out the days beside while it plans. */
export function lastDetailSql(ids: readonly string[], text: string): Prisma.Sql {
  const sorted = [...ids].sort();
  const [first = '', last = ''] = [sorted[0], sorted.at(-1)];
  const within = Prisma.sql`AND id >= ${sameMillisecond(first).low}::uuid AND id <= ${sameMillisecond(last).high}::uuid`;
  return Prisma.sql`SELECT m.id FROM ${idRanges(ids)} CROSS JOIN LATERAL (
      SELECT detail FROM attempt WHERE id >= m.low AND id <= m.high AND delivery_id = m.id ${within} ORDER BY number DESC LIMIT 1
    ) AS a WHERE strpos(lower(a.detail), lower(${text})) > 0`;
}
