/** How a spoke is, in one word, and how much waits for it. */
import type { Queue, Spoke } from '@nave/api-schema';

export const SPOKE_STATES = ['open', 'half-open', 'throttled', 'paused', 'disabled', 'healthy', 'idle'] as const;
export type SpokeState = (typeof SPOKE_STATES)[number];

/**
 * The one thing that matters most: what a person did to it goes before what happened to it.
 * @param traffic messages and deliveries of the last hour; null: not known
 */
export function spokeState(
  spoke: Pick<Spoke, 'enabled' | 'paused'>,
  queue: Queue | null,
  traffic: number | null,
  nowMs: number,
): SpokeState {
  if (!spoke.enabled) return 'disabled';
  if (spoke.paused) return 'paused';
  if (queue !== null && queue.breaker !== 'closed') return queue.breaker;
  const patience = queue?.flow.throttledUntil;
  if (typeof patience === 'string' && new Date(patience).getTime() > nowMs) return 'throttled';
  return traffic !== 0 || (queue?.ratePerSecond ?? 0) > 0 ? 'healthy' : 'idle';
}

/** Deliveries that are not on their way yet. */
export function waitingOf(queue: Queue | null | undefined): number | null {
  if (queue === null || queue === undefined) return null;
  const { pending, retrying, held } = queue.depth;
  return pending + retrying + held;
}

/** Whether it takes deliveries at all: a source only sends. */
export function takesDeliveries({ kind }: Pick<Spoke, 'kind'>): boolean {
  return kind !== 'source';
}

/** Whether messages come from it, by webhook, publishing or poll. */
export function sendsMessages({ inbound, kind }: Pick<Spoke, 'inbound' | 'kind'>): boolean {
  return (inbound !== null && inbound !== undefined) || kind === 'source';
}
