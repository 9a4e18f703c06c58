/** Turns what the hub reports about deliveries into facts, each told once, however often and in whatever order the reports come. */
import type { Delivery } from '@nave/api-schema';
import type { HubPort } from './hub-port.ts';
import type { Subject } from './subject.ts';

export interface DeliveryFact {
  /** `retrying` is told per failed attempt, the others once per time a delivery gets there. */
  state: 'succeeded' | 'retrying' | 'dead' | 'held' | 'skipped' | 'cancelled' | 'unknown';
  subject: Subject;
  delivery: Delivery;
  /** Number of the attempt the fact is about; 0 before the first. */
  attempt: number;
}

export interface Watcher {
  /** Says what a message is about; facts about messages nobody spoke of are not told. */
  about(messageId: string, subject: Subject): void;
  /** Takes in a delivery as it is now. */
  see(delivery: Delivery): void;
  /** Follows the hub until the signal. */
  follow(hub: HubPort, signal: AbortSignal): Promise<void>;
}

const TOLD_STATES = ['succeeded', 'dead', 'held', 'skipped', 'cancelled', 'unknown'] as const;
const EARLY_MAX = 10_000;
const READING_MAX = 8;

export function createWatcher(tell: (fact: DeliveryFact) => void): Watcher {
  const subjects = new Map<string, Subject>();
  // Reports can be here before the sender has its 202.
  const early = new Map<string, Delivery[]>();
  const told = new Set<string>();

  function tellOnce(fact: DeliveryFact): void {
    // A failed attempt is one fact, whether it led to a retry or to death.
    const failed = fact.state === 'retrying' || fact.state === 'dead';
    const mark = `${fact.delivery.id} ${failed ? 'failed' : fact.state} ${fact.attempt}`;
    if (told.has(mark)) return;
    told.add(mark);
    tell(fact);
  }

  function see(delivery: Delivery): void {
    const subject = subjects.get(delivery.messageId);
    if (!subject) {
      if (early.size < EARLY_MAX) early.set(delivery.messageId, [...(early.get(delivery.messageId) ?? []).slice(-20), delivery]);
      return;
    }
    // The newest failure is told once it is known what it led to: a report can show the attempt before its consequence.
    const pendingFrom =
      delivery.state === 'retrying' ? delivery.attemptCount + 1 : Math.max(0, ...delivery.attempts.map(({ number }) => number));
    for (const { number, outcome } of delivery.attempts)
      if (outcome !== 'ok' && number < pendingFrom) tellOnce({ state: 'retrying', subject, delivery, attempt: number });
    const state = TOLD_STATES.find((known) => known === delivery.state);
    if (state) tellOnce({ state, subject, delivery, attempt: delivery.attemptCount });
  }

  return {
    about(messageId, subject) {
      subjects.set(messageId, subject);
      const waiting = early.get(messageId) ?? [];
      early.delete(messageId);
      for (const delivery of waiting) see(delivery);
    },
    see,
    async follow(hub, signal) {
      const reading = new Set<Promise<void>>();
      for await (const id of hub.changes(signal)) {
        const read = hub
          .delivery(id)
          .then(see, () => undefined)
          .finally(() => reading.delete(read));
        reading.add(read);
        if (reading.size >= READING_MAX) await Promise.race(reading);
      }
      await Promise.all(reading);
    },
  };
}
