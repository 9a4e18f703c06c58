/** Where the row cursor goes, and how far a list has moved under the reader. */

/** Rows that may have gone before the place of the reader is given up. */
const GONE_MAX = 40;

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
  for (let old = Math.max(0, index); old < Math.min(before.length, index + GONE_MAX); old += 1) {
    const row = before[old];
    const place = row === undefined ? -1 : placeOf(after, rowKey(row), old, rowKey);
    if (place !== -1) return place - old;
  }
  return 0;
}

/**
 * Where a row is now. Looks downwards from where it was: usually only some rows came above, so it is near.
 * @returns -1 when it is gone
 */
export function placeOf<T>(rows: readonly T[], key: string, was: number, rowKey: (row: T) => string): number {
  const here = (place: number) => {
    const row = rows[place];
    return row !== undefined && rowKey(row) === key;
  };
  for (let place = Math.min(was, rows.length); place < rows.length; place += 1) if (here(place)) return place;
  for (let place = Math.min(was, rows.length) - 1; place >= 0; place -= 1) if (here(place)) return place;
  return -1;
}
