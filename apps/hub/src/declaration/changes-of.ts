/** What differs between two JSON values, as JSON Pointers. */

import { isDeepStrictEqual } from 'node:util';
import { joinPointer } from '@nave/adapter-kit';

export interface ValueChange {
  path: string;
  from: unknown;
  to: unknown;
}

/** Objects are compared field by field, lists of equal length item by item, all else as a whole. What is not there is null. */
export function changesOf(from: unknown, to: unknown, path = ''): ValueChange[] {
  if (isDeepStrictEqual(from, to)) return [];
  const [before, after] = [childrenOf(from), childrenOf(to)];
  if (!before || !after || Array.isArray(from) !== Array.isArray(to) || (Array.isArray(from) && before.size !== after.size))
    return [{ path, from: from ?? null, to: to ?? null }];
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names.flatMap((name) => changesOf(before.get(name), after.get(name), joinPointer(path, name)));
}

function childrenOf(value: unknown): Map<string, unknown> | null {
  return typeof value === 'object' && value !== null ? new Map(Object.entries(value)) : null;
}
