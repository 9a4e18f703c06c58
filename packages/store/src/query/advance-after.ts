/** Lanes after a person's change: moved on in a transaction of their own, once the change is committed. */
import type { BellEntry, LaneRef } from '@nave/core';
import type { Database } from '../database.ts';

const AT_ONCE = 128;

/**
 * Answers the new heads, which are due. A failure is not the caller's: what they changed is committed, and the sweep moves the lanes on.
 * @param lanes those the changed deliveries belong to
 */
export async function advanceAfter(prisma: Pick<Database['prisma'], '$queryRaw'>, lanes: readonly LaneRef[]): Promise<BellEntry[]> {
  const heads: BellEntry[] = [];
  try {
    for (let at = 0; at < lanes.length; at += AT_ONCE) {
      const some = lanes.slice(at, at + AT_ONCE);
      heads.push(
        ...(await prisma.$queryRaw<BellEntry[]>`SELECT new_spoke AS spoke, new_head AS "deliveryId"
          FROM nave_advance_lanes(${some.map(({ spoke }) => spoke)}::text[], ${some.map(({ key }) => key)}::text[])`),
      );
    }
  } catch {
    return heads;
  }
  return heads;
}
