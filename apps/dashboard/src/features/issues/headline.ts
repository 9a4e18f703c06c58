/** How things are, as facts for one sentence: what failed last, what waits behind it, and the one thing that helps. */
import type { Issue, IssueSummary } from '@nave/api-schema';
import { hintOf } from './hint.ts';

export type Headline =
  | { kind: 'quiet' }
  /** Nothing is dead, but outcomes wait for a decision. */
  | { kind: 'undecided'; unknown: number; exact: boolean }
  | {
      kind: 'dead';
      /** The group that failed last. */
      group: Issue;
      /** Deliveries that are dead for other reasons. */
      others: number;
      unknown: number;
      exact: boolean;
      helps: 'retry' | 'look';
    };

/** @param groups any order; only those that are dead count */
export function headlineOf({ dead, unknown, exact }: IssueSummary, groups: readonly Issue[]): Headline {
  const newest = groups.filter(({ state }) => state === 'dead').reduce<Issue | null>((last, one) => (later(one, last) ? one : last), null);
  if (newest !== null) {
    const helps = hintOf(newest).first === 'retry' ? 'retry' : 'look';
    return { kind: 'dead', group: newest, others: Math.max(0, dead - newest.count), unknown, exact: exact && newest.exact, helps };
  }
  return unknown > 0 ? { kind: 'undecided', unknown, exact } : { kind: 'quiet' };
}

function later(one: Issue, last: Issue | null): boolean {
  return last === null || Date.parse(one.lastSeen) > Date.parse(last.lastSeen);
}
