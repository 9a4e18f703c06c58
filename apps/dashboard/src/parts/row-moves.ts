/** Where the row cursor goes, and how far a list has moved under the reader. */

/** Rows that may have gone before the place of the reader is given up. */
const GONE_MAX = 100;

/**
 * The row a key leads to.
 * @param at present row; null before the first move
 * @param page rows that are seen at once
 * @returns null when the key does not move, or there is no row
 */
export function moveTo(key: string, at: number | null, count: number, page: number): number | null {
  if (count === 0) return null;
  const bounded = (row: number) => Math.min(count - 1, Math.max(0, row));
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  const step = stepOf(key, page);
  if (step === 0) return null;
  return at === null ? bounded(0) : bounded(at + step);
}

function stepOf(key: string, page: number): number {
  if (key === 'j' || key === 'ArrowDown') return 1;
  if (key === 'k' || key === 'ArrowUp') return -1;
  if (key === 'PageDown') return page;
  return key === 'PageUp' ? -page : 0;
}

/**
 * By how many rows the one at `index` has moved, so that the list can be scrolled after it.
 * When that row is gone, the next one that is still there counts.
 */
export function shiftOf<T>(before: readonly T[], after: readonly T[], index: number, rowKey: (row: T) => string): number {
  const [head] = before;
  if (head === undefined || after.length === 0) return 0;
  // The usual case: nothing came above, or only appended.
  const [newHead] = after;
  const same = before[index] !== undefined && before[index] === after[index];
  if (same && newHead !== undefined && rowKey(head) === rowKey(newHead)) return 0;
  const places = new Map<string, number>();
  for (const [place, row] of after.entries()) places.set(rowKey(row), place);
  for (let old = Math.max(0, index); old < Math.min(before.length, index + GONE_MAX); old += 1) {
    const row = before[old];
    const place = row === undefined ? undefined : places.get(rowKey(row));
    if (place !== undefined) return place - old;
  }
  return 0;
}
