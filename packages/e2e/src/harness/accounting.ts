/** The reckoning at the end of a fault test, by id: what was sent, acknowledged, delivered, lost and delivered twice. */
import { at } from './json.ts';
import type { Ledger } from './load.ts';
import type { Arrival } from './sink.ts';

export interface Account {
  sent: number;
  acknowledged: number;
  /** Of these, answered as repeats: the sender did not hear the first answer. */
  acknowledgedAsRepeat: number;
  /** Messages that reached the receiving system. */
  delivered: number;
  /** Acknowledged and never delivered. */
  lost: string[];
  /** Delivered under another message id than the one acknowledged, or under two keys: two deliveries where there should be one. */
  doubled: string[];
  /** Keys that arrived more than once, with the moments of their arrivals. */
  repeated: Map<string, number[]>;
  answers: Record<string, number>;
}

/** @param idOf the sender's id of what arrived; the default reads the `number` that the mapping of the fault suites writes */
export function accountFor(ledger: Ledger, arrivals: readonly Arrival[], idOf: (arrival: Arrival) => string = numberOf): Account {
  const keys = new Map<string, Set<string>>();
  const messages = new Map<string, Set<string>>();
  const moments = new Map<string, number[]>();
  for (const arrival of arrivals) {
    const id = idOf(arrival);
    keys.set(id, (keys.get(id) ?? new Set()).add(arrival.key));
    messages.set(id, (messages.get(id) ?? new Set()).add(arrival.messageId));
    moments.set(arrival.key, [...(moments.get(arrival.key) ?? []), arrival.at]);
  }
  const acknowledged = [...ledger.acknowledged];
  return {
    sent: ledger.sent.size,
    acknowledged: acknowledged.length,
    acknowledgedAsRepeat: acknowledged.filter(([, { duplicate }]) => duplicate).length,
    delivered: keys.size,
    lost: acknowledged.filter(([id, { messageId }]) => messages.get(id)?.has(messageId) !== true).map(([id]) => id),
    doubled: [...keys].filter(([id, under]) => under.size > 1 || (messages.get(id)?.size ?? 0) > 1).map(([id]) => id),
    repeated: new Map([...moments].filter(([, times]) => times.length > 1)),
    answers: Object.fromEntries(ledger.answers),
  };
}

/** One line for people. */
export function describeAccount(title: string, account: Account): string {
  const { sent, acknowledged, acknowledgedAsRepeat, delivered, lost, doubled, repeated, answers } = account;
  const heard = Object.entries(answers).map(([status, count]) => `${status}: ${count}`);
  return `${title}: sent ${sent}, acknowledged ${acknowledged} (${acknowledgedAsRepeat} as repeats), delivered ${delivered}, lost ${lost.length}, doubled ${doubled.length}, repeated under their key ${repeated.size}; answers ${heard.join(', ')}`;
}

function numberOf({ body }: Arrival): string {
  return String(at(JSON.parse(body.toString('utf8')), 'number'));
}
