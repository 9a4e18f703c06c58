/** What of the queues needs a person first: how the list is ordered, and what its first sentence is about. */
import type { Queue } from '@nave/api-schema';

/**
 * What is the matter with a queue, the most urgent first. `late`: something waits for longer than it should, and nothing explains it.
 */
export const TROUBLES = ['open', 'unknown', 'dead', 'half-open', 'throttled', 'budget', 'paused', 'held', 'late'] as const;
export type Trouble = (typeof TROUBLES)[number];

/** Waiting for longer than this is worth a look. */
const LATE_SECONDS = 60;
/** An exhausted retry budget is told of for so long. */
const BUDGET_MS = 5 * 60_000;

export interface QueueRow {
  queue: Queue;
  /** Of the spoke; its name where it has none. */
  title: string;
  /** False: the spoke is switched off. */
  enabled: boolean;
  troubles: readonly Trouble[];
  /** Deliveries that are not on their way yet. */
  waiting: number;
}

/** All that is the matter, the most urgent first. */
export function troublesOf({ depth, breaker, paused, flow, oldestSeconds }: Queue, nowMs: number): Trouble[] {
  const future = (at: string | null) => at !== null && Date.parse(at) > nowMs;
  const holds: Readonly<Record<Trouble, boolean>> = {
    open: breaker === 'open',
    unknown: depth.unknown > 0,
    dead: depth.dead > 0,
    'half-open': breaker === 'half-open',
    throttled: future(flow.throttledUntil),
    budget: flow.retryBudgetExhaustedAt !== null && nowMs - Date.parse(flow.retryBudgetExhaustedAt) < BUDGET_MS,
    paused,
    // A drain lets them go, a pause is told of by itself.
    held: depth.held > 0 && !paused && flow.draining === null && breaker === 'closed',
    late: oldestSeconds > LATE_SECONDS && depth.pending > 0 && !paused && breaker === 'closed',
  };
  return TROUBLES.filter((one) => holds[one]);
}

/** @param nowMs what `throttled` is judged by */
export function queueRow(queue: Queue, spoke: { title: string; enabled: boolean } | undefined, nowMs: number): QueueRow {
  const { pending, retrying, held } = queue.depth;
  return {
    queue,
    title: spoke?.title ?? queue.spoke,
    enabled: spoke?.enabled ?? true,
    troubles: troublesOf(queue, nowMs),
    waiting: pending + retrying + held,
  };
}

/**
 * The most urgent first; of equals the longer queue (roughly, so that rows do not change places with each delivery), then by name.
 * @returns below 0: `a` comes first
 */
export function byAttention(a: QueueRow, b: QueueRow): number {
  return rank(a) - rank(b) || size(b) - size(a) || a.title.localeCompare(b.title) || a.queue.spoke.localeCompare(b.queue.spoke);
}

function rank({ troubles: [first] }: QueueRow): number {
  return first === undefined ? TROUBLES.length : TROUBLES.indexOf(first);
}

function size({ troubles, waiting }: QueueRow): number {
  return troubles.length === 0 ? 0 : Math.floor(Math.log10(1 + waiting));
}
