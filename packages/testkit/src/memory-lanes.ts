/** The lanes of the store in memory: one head each, the others wait for their turn. */
import type { BellEntry, DeliveryState, LaneRef } from '@nave/core';
import type { MemoryDelivery } from './memory-message-store.ts';

export interface MemoryLanes {
  /** The next number within all lanes. */
  nextSeq(): number;
  /** True when the delivery is the one of its lane that may go; it becomes that when the lane has none. */
  leads(lane: LaneRef, id: string): boolean;
  /** Makes the next of a lane whose head is finished the head; answers it. */
  advance(lane: LaneRef): BellEntry[];
  mend(limit: number): BellEntry[];
}

const FINISHED: ReadonlySet<DeliveryState> = new Set(['succeeded', 'skipped', 'cancelled', 'compensated']);

/** @param dueAtMs when a new head is due for the sweep */
export function memoryLanes(deliveries: ReadonlyMap<string, MemoryDelivery>, dueAtMs: () => number): MemoryLanes {
  const heads = new Map<string, LaneRef & { head: string }>();
  let seq = 0;
  const nameOf = ({ spoke, key }: LaneRef) => JSON.stringify([spoke, key]);

  function advance(lane: LaneRef): BellEntry[] {
    const known = heads.get(nameOf(lane));
    const head = deliveries.get(known?.head ?? '');
    if (known === undefined || (head !== undefined && !FINISHED.has(head.state))) return [];
    const [next] = [...deliveries.values()]
      .filter((row) => row.state === 'held' && row.heldBy === 'lane' && row.spoke === lane.spoke && row.laneKey === lane.key)
      .sort((a, b) => (a.laneSeq ?? 0) - (b.laneSeq ?? 0));
    if (next === undefined) {
      heads.delete(nameOf(lane));
      return [];
    }
    known.head = next.id;
    Object.assign(next, { state: 'pending', heldBy: null, dueAtMs: dueAtMs() });
    return [{ spoke: next.spoke, deliveryId: next.id }];
  }

  return {
    nextSeq() {
      seq += 1;
      return seq;
    },
    leads(lane, id) {
      const known = heads.get(nameOf(lane)) ?? { ...lane, head: id };
      heads.set(nameOf(lane), known);
      return known.head === id;
    },
    advance,
    mend: (limit) => [...heads.values()].slice(0, limit).flatMap(advance),
  };
}
