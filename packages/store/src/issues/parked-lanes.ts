/** The lanes that the deliveries of groups block, and how many wait behind them. */
import { Prisma } from '../generated/client.ts';
import type { FailureReader } from './failure-filter.ts';

export interface ParkedLanes {
  /** Lanes that one of its deliveries blocks. */
  parkedLanes: number;
  /** Deliveries behind them; null when there are too many lanes to count. */
  waiting: number | null;
}

/** Lanes whose queue is counted, over all groups asked about: each takes a look into every day it lives. */
const COUNTED_LANES_MAX = 100;
const WAITING_MAX = 10_000;

/** @returns the lanes of each of the groups */
export async function parkedLanes(prisma: FailureReader, issues: readonly string[]): Promise<(issue: string) => ParkedLanes> {
  const ours = Prisma.sql`FROM lane l JOIN failure f ON f.delivery_id = l.head WHERE l.parked_at IS NOT NULL AND f.issue = ANY(${[...issues]}::uuid[])`;
  const lanes = await prisma.$queryRaw<{ issue: string; count: number }[]>(
    Prisma.sql`SELECT f.issue, count(*)::int AS count ${ours} GROUP BY 1`,
  );
  const countOf = new Map(lanes.map(({ issue, count }) => [issue, count]));
  let left = COUNTED_LANES_MAX;
  const counted = issues.filter((issue) => {
    const count = countOf.get(issue) ?? 0;
    if (count === 0 || count > left) return false;
    left -= count;
    return true;
  });
  const waitingOf = counted.length === 0 ? new Map<string, number>() : await waitingBehind(prisma, counted);
  return (issue) => {
    const count = countOf.get(issue) ?? 0;
    return { parkedLanes: count, waiting: count === 0 ? 0 : (waitingOf.get(issue) ?? null) };
  };
}

async function waitingBehind(prisma: FailureReader, issues: readonly string[]): Promise<Map<string, number>> {
  const rows = await prisma.$queryRaw<{ issue: string; waiting: number }[]>(Prisma.sql`
    WITH s AS MATERIALIZED (
      SELECT l.spoke, l.key, l.low, f.issue FROM lane l JOIN failure f ON f.delivery_id = l.head
      WHERE l.parked_at IS NOT NULL AND f.issue = ANY(${[...issues]}::uuid[]) LIMIT ${COUNTED_LANES_MAX}
    )
    SELECT s.issue, sum(w.waiting)::int AS waiting FROM s CROSS JOIN LATERAL (
      SELECT count(*) AS waiting FROM (
        SELECT 1 FROM delivery d WHERE d.state = 'held' AND d.held_by = 'lane' AND d.spoke = s.spoke AND d.lane_key = s.key AND d.id >= s.low LIMIT ${WAITING_MAX}
      ) AS behind
    ) AS w GROUP BY 1`);
  return new Map(rows.map(({ issue, waiting }) => [issue, waiting]));
}
