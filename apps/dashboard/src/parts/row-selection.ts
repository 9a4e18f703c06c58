/** Which rows are chosen: one by one, as a range, or all that are loaded. Rows are known by their keys, so they stay chosen when the list moves. */
export type Selected = ReadonlySet<string>;

export function toggled(selected: Selected, key: string): Selected {
  const next = new Set(selected);
  if (!next.delete(key)) next.add(key);
  return next;
}

/**
 * Shift-click: all between the last one that was chosen and this one become what the last one is.
 * @param keys all rows in their order
 * @param from the last one; without it (or when it is gone) only `to` is toggled
 */
export function rangeSelected(selected: Selected, keys: readonly string[], from: string | null, to: string): Selected {
  const start = from === null ? -1 : keys.indexOf(from);
  const end = keys.indexOf(to);
  if (from === null || start === -1 || end === -1) return toggled(selected, to);
  const next = new Set(selected);
  const add = selected.has(from);
  for (const key of keys.slice(Math.min(start, end), Math.max(start, end) + 1)) {
    if (add) next.add(key);
    else next.delete(key);
  }
  return next;
}

/** Whether all, some or none of the rows are chosen. */
export function selectedShare(selected: Selected, keys: readonly string[]): 'all' | 'some' | 'none' {
  if (selected.size === 0 || keys.length === 0) return 'none';
  let count = 0;
  for (const key of keys) if (selected.has(key)) count += 1;
  return count === 0 ? 'none' : count === keys.length ? 'all' : 'some';
}

/** All when not all are chosen, else none of these. */
export function allToggled(selected: Selected, keys: readonly string[]): Selected {
  if (selectedShare(selected, keys) !== 'all') return new Set([...selected, ...keys]);
  const next = new Set(selected);
  for (const key of keys) next.delete(key);
  return next;
}
