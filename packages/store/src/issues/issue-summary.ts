/** How much waits for a person, in four numbers. */
import type { Database } from '../database.ts';
import { Prisma } from '../generated/client.ts';
import { newestOnly } from './failure-filter.ts';
import { sortFailures } from './sort-failures.ts';

export interface IssueSummary {
  issues: number;
  dead: number;
  unknown: number;
  parkedLanes: number;
  /** False when not all failing deliveries were looked at: there are at least so many. */
  exact: boolean;
}

const LANES_MAX = 100_000;

export async function issueSummary(prisma: Database['prisma']): Promise<IssueSummary> {
  const { more } = await sortFailures(prisma);
  const { edge, bounded } = await newestOnly(prisma, Prisma.empty);
  // A group has one state, so the groups of the two states add up.
  const rows = await prisma.$queryRaw<{ state: string; count: number; issues: number }[]>(Prisma.sql`
    SELECT g.state, sum(g.count)::int AS count, count(g.issue)::int AS issues
    FROM (SELECT f.state::text AS state, f.issue, count(*) AS count FROM failure f WHERE true ${edge} GROUP BY 1, 2) AS g GROUP BY 1`);
  const [lanes] = await prisma.$queryRaw<{ parked: number }[]>(
    Prisma.sql`SELECT count(*)::int AS parked FROM (SELECT 1 FROM lane l WHERE l.parked_at IS NOT NULL LIMIT ${LANES_MAX}) AS l`,
  );
  const of = (state: string) => rows.find((row) => row.state === state)?.count ?? 0;
  const issues = rows.reduce((sum, row) => sum + row.issues, 0);
  const parked = lanes?.parked ?? 0;
  return { issues, dead: of('dead'), unknown: of('unknown'), parkedLanes: parked, exact: !more && !bounded && parked < LANES_MAX };
}
