/** How everything is, as facts for one sentence: the worst first, and the one thing that helps. */
import type { Issue, IssueSummary, Queue } from '@nave/api-schema';

export interface StoryFacts {
  /** Of the chosen window; null while it is being read. */
  traffic: { received: number; unrouted: number; succeeded: number; open: number; exact: boolean } | null;
  issues: { summary: IssueSummary; groups: readonly Issue[] } | null;
  queues: readonly Queue[] | null;
  /** Accepted, but not found; null: not known. */
  missing: number | null;
}

export type Story =
  | { kind: 'unread' }
  | { kind: 'missing'; missing: number }
  | { kind: 'dead'; group: Issue; others: number; undecided: number; exact: boolean }
  | { kind: 'undecided'; undecided: number; exact: boolean }
  | { kind: 'open' | 'paused' | 'late'; spoke: string; waiting: number; seconds: number; others: number }
  | { kind: 'unrouted'; unrouted: number; received: number }
  | { kind: 'quiet' }
  | { kind: 'well'; received: number; succeeded: number; open: number; exact: boolean };

/** Waiting for longer than this without anything that explains it is worth a look. */
const LATE_SECONDS = 60;

export function storyOf({ traffic, issues, queues, missing }: StoryFacts): Story {
  if (missing !== null && missing !== 0) return { kind: 'missing', missing };
  if (issues === null || queues === null) return { kind: 'unread' };
  const { summary, groups } = issues;
  const newest = groups.filter(({ state }) => state === 'dead').reduce<Issue | null>((last, one) => (later(one, last) ? one : last), null);
  if (newest !== null) {
    const others = Math.max(0, summary.dead - newest.count);
    return { kind: 'dead', group: newest, others, undecided: summary.unknown, exact: summary.exact && newest.exact };
  }
  if (summary.unknown > 0) return { kind: 'undecided', undecided: summary.unknown, exact: summary.exact };
  for (const kind of ['open', 'paused', 'late'] as const) {
    const [worst, ...rest] = queues.filter((queue) => troubled(queue, kind)).sort((a, b) => waitingOf(b) - waitingOf(a));
    if (worst !== undefined) {
      return { kind, spoke: worst.spoke, waiting: waitingOf(worst), seconds: worst.oldestSeconds, others: rest.length };
    }
  }
  if (traffic === null) return { kind: 'unread' };
  const { received, unrouted, succeeded, open, exact } = traffic;
  if (unrouted > 0) return { kind: 'unrouted', unrouted, received };
  return received === 0 && open === 0 && succeeded === 0 ? { kind: 'quiet' } : { kind: 'well', received, succeeded, open, exact };
}

function troubled(queue: Queue, kind: 'open' | 'paused' | 'late'): boolean {
  if (kind === 'open') return queue.breaker !== 'closed';
  if (kind === 'paused') return queue.paused && waitingOf(queue) > 0;
  return queue.oldestSeconds > LATE_SECONDS && queue.depth.pending > 0 && queue.flow.draining === null;
}

function waitingOf({ depth }: Queue): number {
  return depth.pending + depth.retrying + depth.held;
}

function later(one: Issue, last: Issue | null): boolean {
  return last === null || Date.parse(one.lastSeen) > Date.parse(last.lastSeen);
}
