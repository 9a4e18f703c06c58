/** Sorts failing deliveries into groups: by what they have in common, their last attempt and its first line of detail. */
import type { Database } from '../database.ts';
import { Prisma } from '../generated/client.ts';

export interface Sorted {
  sorted: number;
  /** True when others still wait to be sorted. */
  more: boolean;
}

/** Failing deliveries sorted by one statement: some 50 ms. */
const AT_ONCE = 1_000;

/**
 * Attempts share the millisecond of their delivery's id. Of a delivery that killed its workers an earlier attempt tells nothing.
 * For `failure f`: answers outcome, status and detail, or nulls.
 */
export const LAST_ATTEMPT: Prisma.Sql = Prisma.sql`LEFT JOIN LATERAL (
    SELECT t.outcome, t.status, t.detail FROM attempt t
    WHERE t.id >= (left(f.delivery_id::text, 13) || '-0000-0000-000000000000')::uuid AND t.id <= (left(f.delivery_id::text, 13) || '-ffff-ffff-ffffffffffff')::uuid
      AND t.delivery_id = f.delivery_id AND f.reason IS DISTINCT FROM 'worker.lost' ORDER BY t.number DESC LIMIT 1
  ) AS a ON true`;

/** Sorts at most about `max` of those that are in no group yet, the newest first. Several may do it at once: none waits for another. */
export async function sortFailures(prisma: Pick<Database['prisma'], '$queryRaw'>, max = AT_ONCE): Promise<Sorted> {
  let sorted = 0;
  // Asked first: mostly there are none, and planning the statement that sorts takes longer than anything here.
  let more = await anyUnsorted(prisma);
  while (more && sorted < max) {
    const limit = Math.min(AT_ONCE, max - sorted);
    const [row] = await prisma.$queryRaw<{ taken: number }[]>(sortSql(limit));
    const taken = row?.taken ?? 0;
    sorted += taken;
    more = await anyUnsorted(prisma);
    if (taken < limit) break;
  }
  return { sorted, more };
}

async function anyUnsorted(prisma: Pick<Database['prisma'], '$queryRaw'>): Promise<boolean> {
  const [left] = await prisma.$queryRaw<{ more: boolean }[]>`SELECT EXISTS (SELECT 1 FROM failure WHERE issue IS NULL) AS more`;
  return left?.more ?? false;
}

function sortSql(limit: number): Prisma.Sql {
  return Prisma.sql`
    WITH f AS MATERIALIZED (
      SELECT * FROM failure WHERE issue IS NULL ORDER BY delivery_id DESC LIMIT ${limit} FOR UPDATE SKIP LOCKED
    ), named AS MATERIALIZED (
      SELECT f.delivery_id, nave_issue_id(f.state, f.spoke, f.operation, a.outcome, a.status, f.reason, a.detail) AS issue FROM f ${LAST_ATTEMPT}
    ), written AS (
      UPDATE failure u SET issue = n.issue FROM named n WHERE u.delivery_id = n.delivery_id RETURNING 1
    )
    SELECT count(*)::int AS taken FROM written`;
}
