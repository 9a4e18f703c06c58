/** Conditions on the failing deliveries that are grouped: which of them are asked about, and how many of those at most are looked at. */
import type { Database } from '../database.ts';
import { Prisma } from '../generated/client.ts';

export const FAILURE_STATES = ['dead', 'unknown'] as const;
export type FailureState = (typeof FAILURE_STATES)[number];

export interface FailureFilter {
  spokes: readonly string[];
  routes: readonly string[];
  states: readonly FailureState[];
  /** When they failed: from inclusive, to exclusive. */
  fromMs: number | null;
  toMs: number | null;
}

/** Failing deliveries grouped at most: the newest. Grouping them takes some 150 ms. */
const GROUPED_MAX = 100_000;

export type FailureReader = Pick<Database['prisma'], '$queryRaw'>;

/** `AND ...` over `failure f`. */
export function failureCondition({ spokes, routes, states, fromMs, toMs }: FailureFilter): Prisma.Sql {
  const spoke = spokes.length === 0 ? Prisma.empty : Prisma.sql`AND f.spoke = ANY(${[...spokes]})`;
  const route = routes.length === 0 ? Prisma.empty : Prisma.sql`AND f.route = ANY(${[...routes]})`;
  const state = states.length === 0 ? Prisma.empty : Prisma.sql`AND f.state::text = ANY(${[...states]})`;
  const from = fromMs === null ? Prisma.empty : Prisma.sql`AND f.failed_at >= ${new Date(fromMs).toISOString()}::timestamptz`;
  const to = toMs === null ? Prisma.empty : Prisma.sql`AND f.failed_at < ${new Date(toMs).toISOString()}::timestamptz`;
  return Prisma.sql`${spoke} ${route} ${state} ${from} ${to}`;
}

/**
 * The condition that leaves the newest `GROUPED_MAX` of what `within` covers.
 * @returns `bounded` is false when there are no more than these
 */
export async function newestOnly(prisma: FailureReader, within: Prisma.Sql): Promise<{ edge: Prisma.Sql; bounded: boolean }> {
  // Counting so far is a short read of a narrow table; where the newest end has to be found by walking an index.
  const [found] = await prisma.$queryRaw<{ count: number }[]>(
    Prisma.sql`SELECT count(*)::int AS count FROM (SELECT 1 FROM failure f WHERE true ${within} LIMIT ${GROUPED_MAX + 1}) AS f`,
  );
  if ((found?.count ?? 0) <= GROUPED_MAX) return { edge: Prisma.empty, bounded: false };
  const [first] = await prisma.$queryRaw<{ at: string; id: string }[]>(Prisma.sql`
    SELECT f.failed_at::text AS at, f.delivery_id AS id FROM failure f WHERE true ${within}
    ORDER BY f.failed_at DESC, f.delivery_id DESC OFFSET ${GROUPED_MAX} LIMIT 1`);
  if (first === undefined) return { edge: Prisma.empty, bounded: false };
  return { edge: Prisma.sql`AND (f.failed_at, f.delivery_id) > (${first.at}::timestamptz, ${first.id}::uuid)`, bounded: true };
}
