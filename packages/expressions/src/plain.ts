/** Results as plain JSON data: no flags of JSONata on arrays, no functions, no objects without a prototype. */
import { LimitFailure } from './failure.ts';
import { isFunctionValue, jsonSize, type SizeMemo } from './json-size.ts';
import { LIMITS } from './limits.ts';

/**
 * Gives `value` itself where it is plain already (it may be part of the input), a copy where not.
 * @throws LimitFailure above `LIMITS.resultMax`, ExpressionFailure D1001 for a number JSON cannot hold
 */
export function plainResult(value: unknown, memo: SizeMemo): unknown {
  if (typeof value === 'string' && value.length <= LIMITS.resultMax) return value;
  if (value === undefined || value === null || typeof value === 'boolean') return value;
  if (jsonSize(value, memo) > LIMITS.resultMax) throw new LimitFailure(`the result is larger than ${LIMITS.resultMax} characters`);
  return plain(value);
}

function plain(value: unknown): unknown {
  if (typeof value === 'number') return value === 0 ? 0 : value;
  if (isFunctionValue(value)) return undefined;
  if (typeof value !== 'object' || value === null) return value;
  return Array.isArray(value) ? plainArray(value) : plainObject(value);
}

function plainArray(items: readonly unknown[]): readonly unknown[] {
  let same = Object.keys(items).length === items.length;
  const copy = items.map((item) => {
    const made = plain(item) ?? null;
    same = same && Object.is(made, item);
    return made;
  });
  return same ? items : copy;
}

function plainObject(value: object): object {
  let same = Object.getPrototypeOf(value) === Object.prototype;
  const copy: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    const made = plain(item);
    same = same && Object.is(made, item);
    if (made !== undefined) setProperty(copy, key, made);
  }
  return same ? value : copy;
}

/** Sets an own property, also one named `__proto__`, which a plain assignment would take as the prototype. */
export function setProperty(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
  else target[key] = value;
}
