/** Lanes as people see them: which have somebody waiting, for what, and since when. */
import type { DeliveryState, LaneRef } from '@nave/core';
import type { Database } from '../database.ts';
import { Prisma } from '../generated/client.ts';

export interface LaneRow extends LaneRef {
  /** The delivery that the others wait for. */
  head: string;
  /** Since when it waits for a person; null when it does not. */
  parkedAt: Date | null;
  /** Deliveries behind the head, counted up to `WAITING_MAX`. */
  waiting: number;
  /** Of the head; null when it is gone. */
  state: DeliveryState | null;
  reason: string | null;
  headCreatedAt: Date | null;
}

export interface LaneFilter {
  spokes: readonly string[];
  parked: boolean;
}

const WAITING_MAX = 10_000;
/** Lanes looked at for one page: most of those in use have nobody waiting. */
const SCAN_MAX = 2_000;

/**
 * Lanes that are parked or have somebody waiting, by spoke and key, after a place in that order.
 * @returns fewer than `limit` with a `next`: go on there
 */
export async function listLanes(
  prisma: Pick<Database['prisma'], '$queryRaw'>,
  filter: LaneFilter,
  after: LaneRef | null,
  limit: number,
): Promise<{ items: LaneRow[]; next: LaneRef | null }> {
  const spokes = filter.spokes.length === 0 ? Prisma.empty : Prisma.sql`AND l.spoke = ANY(${[...filter.spokes]}::text[])`;
  const parked = filter.parked ? Prisma.sql`AND l.parked_at IS NOT NULL` : Prisma.empty;
  const held = Prisma.sql`FROM delivery d WHERE d.state = 'held' AND d.held_by = 'lane' AND d.spoke = s.spoke AND d.lane_key = s.key AND d.id >= s.low`;
  const stretch = Prisma.sql`SELECT l.* FROM lane l WHERE (l.spoke, l.key) > (${after?.spoke ?? ''}, ${after?.key ?? ''}) ${spokes} ${parked} ORDER BY l.spoke, l.key LIMIT ${SCAN_MAX}`;
  const rows = await prisma.$queryRaw<LaneRow[]>(Prisma.sql`
    WITH stretch AS MATERIALIZED (${stretch}),
    chosen AS MATERIALIZED (
      SELECT * FROM stretch s WHERE s.parked_at IS NOT NULL OR EXISTS (SELECT 1 ${held}) ORDER BY s.spoke, s.key LIMIT ${limit + 1}
    )
    SELECT s.spoke, s.key, s.head, s.parked_at AS "parkedAt", h.state::text AS state, h.reason, h.created_at AS "headCreatedAt",
      (SELECT count(*)::int FROM (SELECT 1 ${held} LIMIT ${WAITING_MAX}) AS behind) AS waiting
    FROM chosen s LEFT JOIN LATERAL (SELECT state, reason, created_at FROM delivery WHERE id = s.head OFFSET 0) AS h ON true
    ORDER BY s.spoke, s.key`);
  const items = rows.slice(0, limit);
  if (rows.length > limit) return { items, next: items.at(-1) ?? null };
  const [edge] = await prisma.$queryRaw<LaneRef[]>(Prisma.sql`SELECT spoke, key FROM (${stretch}) AS s OFFSET ${SCAN_MAX - 1}`);
  return { items, next: edge ?? null };
}
