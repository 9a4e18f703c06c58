/** Dead deliveries in bulk: found over an index, oldest first, and put back to work with the same ids, or given up. */
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
  // Only those of a group come in the order of their index: sorting the others as text keeps the planner off a walk over the primary key.
  const sql =
    filter.issue === null
      ? Prisma.sql`SELECT d.id FROM delivery d WHERE ${matching(filter, createdAtMs, after)} ORDER BY d.id::text LIMIT ${limit}`
      : Prisma.sql`SELECT d.id FROM ${ofIssue(filter.issue)} AS d WHERE ${matching(filter, createdAtMs, after)} ORDER BY d.id LIMIT ${limit}`;
  const rows = await prisma.$queryRaw<{ id: string }[]>(sql);
  return rows.map(({ id }) => id);
}

export async function countDead(
  prisma: Reader,
  filter: ReplayFilter,
  createdAtMs: number,
): Promise<{ count: number; oldest: string | null; newest: string | null }> {
  const [row] = await prisma.$queryRaw<{ count: number; oldest: string | null; newest: string | null }[]>(
    Prisma.sql`SELECT count(*)::int AS count, min(d.id::text) AS oldest, max(d.id::text) AS newest
      FROM ${filter.issue === null ? Prisma.sql`delivery` : ofIssue(filter.issue)} AS d WHERE ${matching(filter, createdAtMs, null)}`,
  );
  return row ?? { count: 0, oldest: null, newest: null };
}

export interface RetriedDelivery {
  id: string;
  spoke: string;
  key: string | null;
  /** False while it waits for its turn in its lane. */
  due: boolean;
}

/**
 * Back to pending: a whole run of the retry policy, the same id and so the same key. Rows that are no longer dead stay as they are. Lanes are joined at the
 * places the deliveries had; they are locked until the transaction ends, after the rows.
 */
export function retryDead(tx: Reader, ids: readonly string[], nowMs: number): Promise<RetriedDelivery[]> {
  const { from } = INTERVENTIONS.retry;
  return tx.$queryRaw<RetriedDelivery[]>(Prisma.sql`
    WITH target AS MATERIALIZED (
      SELECT id, spoke, lane_key, lane_seq FROM delivery WHERE id = ANY(${[...ids]}::uuid[]) AND state::text = ANY(${[...from]}) ORDER BY id FOR UPDATE
    ), placed AS MATERIALIZED (
      SELECT id, lane_key IS NOT NULL AND NOT nave_join_lane(spoke, lane_key, id) AS waits
      FROM (SELECT * FROM target ORDER BY spoke, lane_key, lane_seq, id OFFSET 0) AS t
    )
    UPDATE delivery d SET state = CASE WHEN p.waits THEN 'held'::delivery_state ELSE 'pending'::delivery_state END, held_by = CASE WHEN p.waits THEN 'lane'::held_by END,
      lane_seq = CASE WHEN p.waits THEN coalesce(lane_seq, nextval('nave_lane_seq')) ELSE lane_seq END, blocked_by = NULL, reason = NULL, next_attempt_at = NULL,
      due_at = CASE WHEN NOT p.waits THEN ${new Date(nowMs).toISOString()}::timestamptz END, finished_at = NULL, lease_owner = NULL, sending = false, lost = 0, lookups = 0,
      fence = fence + 1, attempt_base = attempt_count
    FROM placed p WHERE d.id = p.id AND d.id = ANY(${[...ids]}::uuid[]) RETURNING d.id, d.spoke, d.lane_key AS key, NOT p.waits AS due`);
}

/** The same reasons as one by one. */
const GIVEN_UP = { skip: 'operator.skipped', cancel: 'operator.cancelled' } as const;

/** Given up: the runs end there. Rows that are no longer dead stay as they are. */
export function endDead(tx: Reader, intervention: 'skip' | 'cancel', ids: readonly string[], nowMs: number): Promise<RetriedDelivery[]> {
  const { to } = INTERVENTIONS[intervention];
  return tx.$queryRaw<RetriedDelivery[]>(Prisma.sql`
    WITH target AS MATERIALIZED (SELECT id FROM delivery WHERE id = ANY(${[...ids]}::uuid[]) AND state = 'dead' ORDER BY id FOR UPDATE)
    UPDATE delivery d SET state = ${to}::delivery_state, reason = ${GIVEN_UP[intervention]}, next_attempt_at = NULL, due_at = NULL,
      finished_at = ${new Date(nowMs).toISOString()}::timestamptz, lease_owner = NULL, sending = false, lost = 0, lookups = 0, fence = fence + 1
    FROM target t WHERE d.id = t.id AND d.id = ANY(${[...ids]}::uuid[]) RETURNING d.id, d.spoke, d.lane_key AS key, false AS due`);
}

/** The deliveries of a group as rows of `delivery`, as far as a filter needs them: read from the narrow table. */
function ofIssue(issue: string): Prisma.Sql {
  return Prisma.sql`(SELECT f.delivery_id AS id, f.spoke, f.route, f.state FROM failure f WHERE f.issue = ${issue}::uuid)`;
}

function matching(filter: ReplayFilter, createdAtMs: number, after: string | null): Prisma.Sql {
  const { low, high } = boundsOf(filter.fromMs, Math.min(filter.toMs ?? createdAtMs, createdAtMs));
  const above = after === null ? Prisma.empty : Prisma.sql`AND d.id > ${after}::uuid`;
  const ids = filter.ids === null ? Prisma.empty : Prisma.sql`AND d.id = ANY(${[...filter.ids]}::uuid[])`;
  return Prisma.sql`d.state = 'dead' ${bounds('d.id', low, high)} ${above} ${ids} ${oneOf('d.spoke', filter.spokes)} ${oneOf('d.route', filter.routes)}`;
}
