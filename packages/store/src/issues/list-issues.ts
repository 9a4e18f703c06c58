/** Failing deliveries grouped by cause, the group that failed last first. */
import type { OutcomeKind } from '@nave/core';
import type { Database } from '../database.ts';
import { Prisma } from '../generated/client.ts';
import { type FailureFilter, type FailureReader, type FailureState, failureCondition, newestOnly } from './failure-filter.ts';
import { type ParkedLanes, parkedLanes } from './parked-lanes.ts';
import { LAST_ATTEMPT, sortFailures } from './sort-failures.ts';

export interface IssueRow extends ParkedLanes {
  id: string;
  spoke: string;
  operation: string;
  state: FailureState;
  /** Of the last attempts; null where there was none. */
  outcome: OutcomeKind | null;
  status: number | null;
  /** The code of the deliveries' reason. */
  reason: string | null;
  /** What is common in the details. */
  line: string;
  /** Detail of the sample. */
  detail: string;
  count: number;
  messages: number;
  firstSeen: Date;
  lastSeen: Date;
  /** The most frequent first. */
  routes: { route: string; count: number }[];
  sample: { deliveryId: string; messageId: string };
  /** False when not all failing deliveries were looked at. */
  exact: boolean;
}

/** Where a page of issues ends. */
export interface IssuePlace {
  lastSeenMs: number;
  id: string;
}

const ROUTES_MAX = 10;
/** Sorted on the way at most: what just failed is seen at once, a storm does not make the reader wait. */
const SORT_MAX = 2_000;

interface GroupRow extends Omit<IssueRow, keyof ParkedLanes | 'routes' | 'sample' | 'exact' | 'messages'> {
  deliveryId: string;
  messageId: string;
}

/** At most `limit` groups after a place. */
export async function listIssues(
  prisma: Database['prisma'],
  filter: FailureFilter,
  after: IssuePlace | null,
  limit: number,
): Promise<IssueRow[]> {
  const { more } = await sortFailures(prisma, SORT_MAX);
  const within = failureCondition(filter);
  const { edge, bounded } = await newestOnly(prisma, within);
  return groups(prisma, Prisma.sql`${within} ${edge}`, after, limit, !more && !bounded);
}

/** One group, or null when no delivery is in it any more. */
export async function findIssue(prisma: Database['prisma'], id: string): Promise<IssueRow | null> {
  const { more } = await sortFailures(prisma, SORT_MAX);
  const one = Prisma.sql`AND f.issue = ${id}::uuid`;
  const { edge, bounded } = await newestOnly(prisma, one);
  return (await groups(prisma, Prisma.sql`${one} ${edge}`, null, 1, !more && !bounded))[0] ?? null;
}

async function groups(
  prisma: FailureReader,
  within: Prisma.Sql,
  after: IssuePlace | null,
  limit: number,
  exact: boolean,
): Promise<IssueRow[]> {
  const rows = await prisma.$queryRaw<GroupRow[]>(groupSql(within, after, limit));
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const among = Prisma.sql`${within} AND f.issue = ANY(${ids}::uuid[])`;
  const [messages, routes, lanesOf] = await Promise.all([
    prisma.$queryRaw<{ id: string; count: number }[]>(
      Prisma.sql`SELECT issue AS id, count(*)::int AS count FROM (SELECT DISTINCT f.issue, f.message_id FROM failure f WHERE true ${among}) AS m GROUP BY issue`,
    ),
    prisma.$queryRaw<{ id: string; route: string; count: number }[]>(
      Prisma.sql`SELECT f.issue AS id, f.route, count(*)::int AS count FROM failure f WHERE true ${among} GROUP BY 1, 2 ORDER BY 3 DESC, 2`,
    ),
    parkedLanes(prisma, ids),
  ]);
  const messagesOf = new Map(messages.map(({ id, count }) => [id, count]));
  const routesOf = Map.groupBy(routes, ({ id }) => id);
  return rows.map(({ deliveryId, messageId, ...row }) => ({
    ...row,
    ...lanesOf(row.id),
    messages: messagesOf.get(row.id) ?? row.count,
    routes: (routesOf.get(row.id) ?? []).slice(0, ROUTES_MAX).map(({ route, count }) => ({ route, count })),
    sample: { deliveryId, messageId },
    exact,
  }));
}

/** The statement of a page of groups. */
function groupSql(within: Prisma.Sql, after: IssuePlace | null, limit: number): Prisma.Sql {
  const beyond =
    after === null
      ? Prisma.empty
      : Prisma.sql`HAVING (max(f.failed_at), f.issue) < (${new Date(after.lastSeenMs).toISOString()}::timestamptz, ${after.id}::uuid)`;
  return Prisma.sql`
    WITH page AS MATERIALIZED (
      SELECT f.issue AS id, count(*)::int AS count, min(f.failed_at) AS first_seen, max(f.failed_at) AS last_seen
      FROM failure f WHERE f.issue IS NOT NULL ${within} GROUP BY f.issue ${beyond} ORDER BY max(f.failed_at) DESC, f.issue DESC LIMIT ${limit}
    )
    SELECT page.id, f.spoke, f.operation, f.state::text AS state, a.outcome::text AS outcome, a.status, split_part(f.reason, ':', 1) AS reason,
      nave_failure_line(f.reason, a.detail) AS line, coalesce(a.detail, f.reason, '') AS detail, page.count, page.first_seen AS "firstSeen", page.last_seen AS "lastSeen",
      f.delivery_id AS "deliveryId", f.message_id AS "messageId"
    FROM page CROSS JOIN LATERAL (
      SELECT * FROM failure f WHERE f.issue = page.id ${within} ORDER BY f.delivery_id DESC LIMIT 1
    ) AS f ${LAST_ATTEMPT}
    ORDER BY page.last_seen DESC, page.id DESC`;
}
