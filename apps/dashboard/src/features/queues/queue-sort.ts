/** How the list of queues is sorted: by a column of the URL (`oldest`, `-oldest` from the largest), or by what needs attention. */
import { byAttention, type QueueRow } from './queue-attention.ts';

export interface QueueSort {
  by: string;
  descending: boolean;
}

const VALUES: Readonly<Record<string, (row: QueueRow) => number | null>> = {
  depth: ({ waiting }) => waiting,
  dead: ({ queue }) => queue.depth.dead,
  oldest: ({ queue }) => queue.oldestSeconds,
  rate: ({ queue }) => queue.ratePerSecond,
  p50: ({ queue }) => queue.latencyMs.p50,
  p95: ({ queue }) => queue.latencyMs.p95,
  p99: ({ queue }) => queue.latencyMs.p99,
};

/** Null: by attention. */
export function sortOf(text: string | undefined): QueueSort | null {
  const descending = text?.startsWith('-') ?? false;
  const by = descending ? text?.slice(1) : text;
  return by !== undefined && (by === 'spoke' || Object.hasOwn(VALUES, by)) ? { by, descending } : null;
}

/** The next one when a header is clicked: figures from the largest first, a third click gives the order of attention back. */
export function nextSort(current: QueueSort | null, by: string): string | undefined {
  const firstDescending = by !== 'spoke';
  const text = (descending: boolean) => (descending ? `-${by}` : by);
  if (current?.by !== by) return text(firstDescending);
  return current.descending === firstDescending ? text(!firstDescending) : undefined;
}

/** Rows without a figure come last, whichever way. */
export function sortedRows(rows: readonly QueueRow[], sort: QueueSort | null): QueueRow[] {
  if (sort === null) return [...rows].sort(byAttention);
  const sign = sort.descending ? -1 : 1;
  if (sort.by === 'spoke') return [...rows].sort((a, b) => sign * a.title.localeCompare(b.title));
  const value = VALUES[sort.by] ?? (() => null);
  return [...rows].sort((a, b) => {
    const [x, y] = [value(a), value(b)];
    if (x === null || y === null) return x === y ? byAttention(a, b) : x === null ? 1 : -1;
    return sign * (x - y) || a.title.localeCompare(b.title);
  });
}
