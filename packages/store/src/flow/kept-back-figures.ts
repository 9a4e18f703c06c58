/** How much a resume would let go, before anything happens. */
import { timeOfUuid } from '@nave/core';
import type { Database } from '../database.ts';
import { Prisma } from '../generated/client.ts';
import { guarded } from '../guarded.ts';
import { GOVERNED } from './kept-back.ts';

export interface KeptBack {
  count: number;
  /** When the oldest and the newest were made; null when there are none. */
  oldestMs: number | null;
  newestMs: number | null;
}

/** What a pause, a breaker or a drain keeps back; with `waiting` also what is about to be held. */
export function keptBack({ prisma }: Pick<Database, 'prisma'>, spoke: string, waiting: boolean): Promise<KeptBack> {
  return guarded(async () => {
    const [row] = await prisma.$queryRaw<{ count: number; oldest: string | null; newest: string | null }[]>(Prisma.sql`
      SELECT count(*)::int AS count, min(id::text) AS oldest, max(id::text) AS newest FROM (
        SELECT d.id FROM delivery d WHERE d.spoke = ${spoke} AND ${Prisma.raw(GOVERNED)}
        UNION ALL
        SELECT d.id FROM delivery d WHERE ${waiting} AND d.spoke = ${spoke} AND d.due_at IS NOT NULL AND d.state IN ('pending', 'retrying')
      ) AS kept`);
    return {
      count: row?.count ?? 0,
      oldestMs: row?.oldest == null ? null : timeOfUuid(row.oldest),
      newestMs: row?.newest == null ? null : timeOfUuid(row.newest),
    };
  });
}
