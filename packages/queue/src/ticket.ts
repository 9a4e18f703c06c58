/** A ticket: "these deliveries are due". It carries ids only; state and bodies stay in PostgreSQL. */
import type { BellEntry } from '@nave/core';

export interface Ticket {
  v: 1;
  /** Pairs of spoke and delivery id. */
  d: [string, string][];
}

/** Ids of one ticket at most: enough to amortise the queue, few enough to spread over workers. */
export const TICKET_IDS_MAX = 50;

export function ticketOf(entries: readonly BellEntry[]): Ticket {
  return { v: 1, d: entries.map(({ spoke, deliveryId }) => [spoke, deliveryId]) };
}

/** The entries of a ticket; empty for anything that is not one: a poisoned ticket must not stop a worker, the sweep rings again. */
export function entriesOf(payload: unknown): BellEntry[] {
  if (
    typeof payload !== 'object' ||
    payload === null ||
    !('v' in payload) ||
    payload.v !== 1 ||
    !('d' in payload) ||
    !Array.isArray(payload.d)
  )
    return [];
  const entries: BellEntry[] = [];
  for (const pair of payload.d.slice(0, TICKET_IDS_MAX * 10)) {
    if (!Array.isArray(pair)) continue;
    const [spoke, deliveryId]: unknown[] = pair;
    if (typeof spoke === 'string' && typeof deliveryId === 'string') entries.push({ spoke, deliveryId });
  }
  return entries;
}
