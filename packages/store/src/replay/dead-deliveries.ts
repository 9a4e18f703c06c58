/** Dead deliveries for a bulk retry: found over their partial index, oldest first, and put back to work with the same ids. */
import { INTERVENTIONS } from '@nave/core';
import { Prisma } from '../generated/client.ts';
import { boundsOf } from '../query/id-bounds.ts';
import { bounds, oneOf } from '../query/message-candidates.ts';
import type { ReplayFilter } from './replay-filter.ts';

type Reader = Pick<Prisma.TransactionClient, '$queryRaw'>;

/** At most `limit` ids above `after`. */
export async function deadDeliveries(
  prisma: Reader,
  filter: ReplayFilter,
  createdAtMs: number,
  after: string | null,
  limit: number,
): Promise<string[]> {
  const rows = await prisma.$queryRaw<{ id: string }[]>(
    Prisma.sql`SELECT d.id FROM delivery d WHERE ${matching(filter, createdAtMs, after)} ORDER BY d.id::text LIMIT ${limit}`,
  );
  return rows.map(({ id }) => id);
}

export async function countDead(
  prisma: Reader,
  filter: ReplayFilter,
  createdAtMs: number,
): Promise<{ count: number; oldest: string | null; newest: string | null }> {
  const [row] = await prisma.$queryRaw<{ count: number; oldest: string | null; newest: string | null }[]>(
    Prisma.sql`SELECT count(*)::int AS count, min(d.id::text) AS oldest, max(d.id::text) AS newest FROM delivery d WHERE ${matching(filter, createdAtMs, null)}`,
  );
  return row ?? { count: 0, oldest: null, newest: null };
}

/** Back to pending: a whole run of the retry policy, the same id and so the same key. Rows that are no longer dead stay as they are. */
export function retryDead(tx: Reader, ids: readonly string[], nowMs: number): Promise<{ id: string; spoke: string }[]> {
  const { from } = INTERVENTIONS.retry;
  return tx.$queryRaw<
    { id: string; spoke: string }[]
  >(Prisma.sql`UPDATE delivery SET state = 'pending', held_by = NULL, blocked_by = NULL, reason = NULL,
      next_attempt_at = NULL, due_at = ${new Date(nowMs).toISOString()}::timestamptz, finished_at = NULL, lease_owner = NULL, sending = false, fence = fence + 1,
      attempt_base = attempt_count
    WHERE id = ANY(${[...ids]}::uuid[]) AND state::text = ANY(${[...from]}) RETURNING id, spoke`);
}

function matching(filter: ReplayFilter, createdAtMs: number, after: string | null): Prisma.Sql {
  const { low, high } = boundsOf(filter.fromMs, Math.min(filter.toMs ?? createdAtMs, createdAtMs));
  const above = after === null ? Prisma.empty : Prisma.sql`AND d.id > ${after}::uuid`;
  const ids = filter.ids === null ? Prisma.empty : Prisma.sql`AND d.id = ANY(${[...filter.ids]}::uuid[])`;
  return Prisma.sql`d.state = 'dead' ${bounds('d.id', low, high)} ${above} ${ids} ${oneOf('d.spoke', filter.spokes)} ${oneOf('d.route', filter.routes)}`;
}
