/** What was sent in a run, and what the hub answered: the one side of the accounting. */
import type { SentHook } from '../systems/kit/outbox.ts';
import type { Happening } from '../traffic/plan-traffic.ts';

export type Sendable = Exclude<Happening, { kind: 'fault' | 'forgery' }>;

export interface Entry {
  happening: Sendable;
  hook: SentHook;
}

export interface Ledger {
  /** A happening that leaves; the result comes later. */
  sending(): void;
  sent(entry: Entry): void;
  /** A forged call and the hub's status. */
  forged(status: number): void;
  /** Accepted messages, each once, in the order of their acknowledgement. */
  accepted(): readonly Entry[];
  counts(): LedgerCounts;
}

export interface LedgerCounts {
  /** Genuine webhooks that left, repeats included. */
  sent: number;
  /** Answered with 202. */
  acknowledged: number;
  /** Of the acknowledged: those the hub knew already. */
  repeats: number;
  /** Genuine ones that the hub did not take. */
  notTaken: number;
  forged: number;
  forgedRefused: number;
}

export function createLedger(): Ledger {
  const accepted = new Map<string, Entry>();
  const counts: LedgerCounts = { sent: 0, acknowledged: 0, repeats: 0, notTaken: 0, forged: 0, forgedRefused: 0 };
  return {
    sending() {
      counts.sent++;
    },
    sent(entry) {
      const { messageId, duplicate } = entry.hook;
      if (messageId === null) {
        counts.notTaken++;
        return;
      }
      counts.acknowledged++;
      if (duplicate) counts.repeats++;
      if (!accepted.has(messageId)) accepted.set(messageId, entry);
    },
    forged(status) {
      counts.forged++;
      if (status === 401) counts.forgedRefused++;
    },
    accepted: () => [...accepted.values()],
    counts: () => ({ ...counts }),
  };
}
