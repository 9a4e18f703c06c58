/** JSONata's sequences: arrays with flags on them. A sequence of one is its item, an empty one is nothing (jsonata 2.2, src/jsonata.js). */

/** An array as the evaluator sees it; input data carries none of the flags. */
export interface Items extends Array<unknown> {
  sequence?: boolean;
  keepSingleton?: boolean;
  cons?: boolean;
  outerWrapper?: boolean;
}

/** An empty sequence. */
export function emptySequence(): Items {
  const items: Items = [];
  items.sequence = true;
  return items;
}

/** A sequence of one item, which may be undefined. */
export function sequenceOf(item: unknown): Items {
  const items: Items = [item];
  items.sequence = true;
  return items;
}

export function isSequence(value: unknown): value is Items {
  return Array.isArray(value) && 'sequence' in value && value.sequence === true;
}

/** Whether `value` was written as `[...]` at the end of a path, which keeps it from being flattened. */
export function isConstructed(value: readonly unknown[]): boolean {
  return 'cons' in value && value.cons === true;
}

/** What leaves the evaluation of a node. */
export function collapse(value: unknown, keepArray: boolean): unknown {
  if (!isSequence(value)) return value;
  if (keepArray) value.keepSingleton = true;
  if (value.length === 0) return undefined;
  return value.length === 1 && value.keepSingleton !== true ? value[0] : value;
}

/** An object that is no array. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value of `key` in an object, or in every object of an array (`fn.lookup`). */
export function lookupName(input: unknown, key: string): unknown {
  if (isRecord(input)) return Object.hasOwn(input, key) ? input[key] : undefined;
  if (!Array.isArray(input)) return undefined;
  const found = emptySequence();
  for (const item of input) {
    const value = lookupName(item, key);
    if (Array.isArray(value)) for (const member of value) found.push(member);
    else if (value !== undefined) found.push(value);
  }
  return found;
}
