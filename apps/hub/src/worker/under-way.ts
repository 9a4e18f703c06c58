/** The deliveries under way in this process: each runs under its lease, frees its slot when it is answered and ends when it is recorded. */
import { type ClaimedDelivery, type DeliveryRecord, IdTable, type IdTableMember, type Logger, messageOf } from '@nave/core';
import { type Deliver, type Recorder, untouched } from '@nave/pipeline';
import type { HeldLease, Leases } from './leases.ts';
import { recordPatiently } from './record-patiently.ts';
import type { Slots } from './slots.ts';
import type { BegunDelivery, SpokeLane } from './spoke-lane.ts';

export interface UnderWayDeps {
  deliver: Deliver;
  recorder: Recorder;
  leases: Leases;
  slots: Slots;
  logger: Logger;
  onFinished: (delivery: ClaimedDelivery, record: DeliveryRecord) => void;
  /** The spoke has answered: others may start. */
  onAnswered: (lane: SpokeLane) => void;
  /** It is recorded, or given up. */
  onEnded: (delivery: ClaimedDelivery) => void;
}

export interface UnderWay {
  has(deliveryId: string): boolean;
  size(): number;
  /** Its slot is reserved already. @param at monotonic, when it began to take time */
  start(lane: SpokeLane, lease: HeldLease, at: number): void;
  /** Whether somebody else has it by now, or this process under a newer lease: what is left of it here is to be dropped. */
  outdated(lease: HeldLease): boolean;
  /** Forgets a delivery that was never started. */
  drop(lease: HeldLease): void;
  /** Makes a delivery that nobody sent pending again, for whoever has room. It has no slot. */
  giveBack(lease: HeldLease): void;
  /** Breaks off what talks to spokes. */
  abort(): void;
  /** Resolves when everything that was under way is recorded. */
  ended(): Promise<void>;
}

interface Entry extends IdTableMember<Entry> {
  readonly lease: HeldLease;
  done: Promise<void>;
}

export function createUnderWay(deps: UnderWayDeps): UnderWay {
  const { slots, leases, logger } = deps;
  const entries = new IdTable<Entry>();
  const stopping = new AbortController();

  function end(entry: Entry, lease: HeldLease): void {
    entries.delete(entry);
    leases.release(lease);
    deps.onEnded(lease.delivery);
  }

  async function run(lane: SpokeLane, lease: HeldLease, begun: BegunDelivery): Promise<void> {
    const { delivery } = lease;
    try {
      const record = await deps.deliver(delivery, stopping.signal, lease).finally(() => {
        lane.finished(begun, performance.now());
        slots.answered(lane);
        deps.onAnswered(lane);
      });
      if (record === null || lease.lost) return;
      if (await recordPatiently(deps.recorder, record, stopping.signal)) deps.onFinished(delivery, record);
    } catch (error) {
      // The lease runs out and the delivery is made again, under the same key.
      logger.error({ deliveryId: delivery.id, spoke: delivery.spoke, reason: messageOf(error) }, 'a delivery was not recorded');
    }
  }

  function outdated({ lost, delivery: { id, fence } }: HeldLease): boolean {
    return lost || (entries.get(id)?.lease.delivery.fence ?? 0) > fence;
  }

  function drop(lease: HeldLease): void {
    leases.release(lease);
    deps.onEnded(lease.delivery);
  }

  return {
    outdated,
    drop,
    has: (deliveryId) => entries.get(deliveryId) !== null,
    size: () => entries.size,
    start(lane, lease, at) {
      const { id } = lease.delivery;
      // Claimed anew although it is under way here: its lease was lost meanwhile. One after the other, and the earlier one is broken off.
      const earlier = entries.get(id);
      earlier?.lease.lose();
      const begun = lane.began(at);
      const entry: Entry = {
        id,
        lease,
        following: null,
        done: earlier === null ? run(lane, lease, begun) : earlier.done.then(() => run(lane, lease, begun)),
      };
      entry.done = entry.done.finally(() => {
        slots.recorded(lane);
        end(entry, lease);
      });
      entries.set(entry);
    },
    giveBack(lease) {
      if (outdated(lease)) {
        drop(lease);
        return;
      }
      const { delivery } = lease;
      const entry: Entry = { id: delivery.id, lease, following: null, done: Promise.resolve() };
      entry.done = recordPatiently(deps.recorder, untouched(delivery), stopping.signal)
        .then(
          () => undefined,
          (error: unknown) => logger.warn({ deliveryId: delivery.id, reason: messageOf(error) }, 'a delivery could not be given back'),
        )
        .finally(() => end(entry, lease));
      entries.set(entry);
    },
    abort: () => stopping.abort(),
    async ended() {
      await Promise.all(entries.all().map(({ done }) => done));
    },
  };
}
