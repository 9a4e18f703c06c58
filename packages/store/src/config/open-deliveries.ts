/** Deliveries of a spoke or route that are not terminal: what stands in the way of deleting it. Found through the two partial indexes of open rows. */
import type { LaneRef } from '@nave/core';
import { Prisma } from '../generated/client.ts';

/** `spoke` is the one delivered to. */
export type OpenScope = { spoke: string } | { route: string };

/** Rows with something due (pending, active, retrying) and rows that wait (held, unknown): each kind has its own index. */
function openIds(scope: OpenScope): Prisma.Sql {
  const match = 'spoke' in scope ? Prisma.sql`spoke = ${scope.spoke}` : Prisma.sql`route = ${scope.route}`;
  return Prisma.sql`
    SELECT id FROM delivery WHERE due_at IS NOT NULL AND ${match} AND state IN ('pending', 'active', 'retrying', 'held', 'unknown')
    UNION ALL
    SELECT id FROM delivery WHERE due_at IS NULL AND ${match} AND state IN ('held', 'unknown')`;
}

export async function countOpen(tx: Prisma.TransactionClient, scope: OpenScope): Promise<number> {
  const [row] = await tx.$queryRaw<{ count: bigint }[]>`SELECT count(*) AS count FROM (${openIds(scope)}) AS open`;
  return Number(row?.count ?? 0);
}

/** The fence rises, so that a worker that is sending one of them records nothing. Answers how many, and the lanes they stood in. */
export async function cancelOpen(
  tx: Prisma.TransactionClient,
  scope: OpenScope,
  reason: string,
): Promise<{ count: number; lanes: LaneRef[] }> {
  const [row] = await tx.$queryRaw<{ count: number; lanes: LaneRef[] | null }[]>`
    WITH gone AS (
      UPDATE delivery SET state = 'cancelled', reason = ${reason}, finished_at = now(), held_by = NULL, blocked_by = NULL, next_attempt_at = NULL,
        due_at = NULL, lease_owner = NULL, fence = fence + 1, sending = false
      WHERE id IN (${openIds(scope)}) RETURNING spoke, lane_key
    )
    SELECT (SELECT count(*)::int FROM gone) AS count,
      (SELECT jsonb_agg(DISTINCT jsonb_build_object('spoke', spoke, 'key', lane_key)) FROM gone WHERE lane_key IS NOT NULL) AS lanes`;
  return { count: row?.count ?? 0, lanes: row?.lanes ?? [] };
}
