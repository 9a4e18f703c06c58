/** One row of the list of spokes: the spoke with its kind, its queue and its traffic. And the filters that stand in the URL. */
import type { Queue, Spoke } from '@nave/api-schema';
import { type SpokeState, spokeState, waitingOf } from './spoke-health.ts';
import type { KindSummary, SpokeTraffic } from './use-spokes.ts';

export interface SpokeRow {
  spoke: Spoke;
  kindTitle: string;
  family: string;
  queue: Queue | null;
  /** Of the last hour; null while it is not known. */
  traffic: SpokeTraffic | null;
  state: SpokeState;
  waiting: number | null;
}

export interface RowSources {
  spokes: readonly Spoke[];
  kinds: ReadonlyMap<string, KindSummary>;
  queues: ReadonlyMap<string, Queue> | null;
  traffic: ((spoke: string) => SpokeTraffic) | null;
  nowMs: number;
}

export function rowsOf({ spokes, kinds, queues, traffic, nowMs }: RowSources): SpokeRow[] {
  return spokes.map((spoke) => {
    const queue = queues?.get(spoke.name) ?? null;
    const own = traffic?.(spoke.name) ?? null;
    const kind = kinds.get(spoke.kind);
    return {
      spoke,
      kindTitle: kind?.title ?? spoke.kind,
      family: kind?.family ?? 'other',
      queue,
      traffic: own,
      state: spokeState(spoke, queue, own === null ? null : own.received + own.total, nowMs),
      waiting: waitingOf(queue),
    };
  });
}

export interface SpokeFilter {
  q?: string | undefined;
  kind?: string | undefined;
  family?: string | undefined;
  state?: string | undefined;
}

/** `trouble` as a state means all that need a look. */
export function matches(row: SpokeRow, { q = '', kind, family, state }: SpokeFilter): boolean {
  const text = `${row.spoke.name} ${row.spoke.title} ${row.kindTitle} ${row.spoke.kind}`.toLocaleLowerCase();
  return (
    q
      .toLocaleLowerCase()
      .split(/\s+/)
      .every((word) => text.includes(word)) &&
    among(kind, row.spoke.kind) &&
    among(family, row.family) &&
    (among(state, row.state) || (among(state, 'trouble') && isTrouble(row)))
  );
}

export function isTrouble({ state }: SpokeRow): boolean {
  return state !== 'healthy' && state !== 'idle';
}

function among(wanted: string | undefined, value: string): boolean {
  return wanted === undefined || wanted === '' || wanted.split(',').includes(value);
}
