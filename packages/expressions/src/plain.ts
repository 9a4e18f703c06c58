/** Results as plain JSON data: no flags of JSONata on arrays, no functions, no objects without a prototype. */
import { LimitFailure } from './failure.ts';
import { isFunctionValue, jsonSize, type SizeMemo } from './json-size.ts';
import { LIMITS } from './limits.ts';

/**
 * Gives `value` itself where it is plain already (it may be part of the input), a copy where not.
 * @throws LimitFailure above `LIMITS.resultMax`, ExpressionFailure D1001 for a number JSON cannot hold
 */
export function plainResult(value: unknown, run: { readonly sizes: SizeMemo }): unknown {
  if (typeof value === 'string' && value.length <= LIMITS.resultMax) return value;
  if (value === undefined || value === null || typeof value === 'boolean') return value;
  if (jsonSize(value, run.sizes) > LIMITS.resultMax) throw new LimitFailure(`the result is larger than ${LIMITS.resultMax} characters`);
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
  const keys = Object.keys(value);
  // A copy is begun with the first property that is not plain: mostly there is none.
  let copy: Record<string, unknown> | null = Object.getPrototypeOf(value) === Object.prototype ? null : {};
  for (let n = 0; n < keys.length; n++) {
    const key = keys[n] ?? '';
    const item: unknown = Reflect.get(value, key);
    const made = plain(item);
    if (copy === null) {
      if (Object.is(made, item)) continue;
      copy = {};
      for (const before of keys.slice(0, n)) setProperty(copy, before, Reflect.get(value, before));
    }
    if (made !== undefined) setProperty(copy, key, made);
  }
  return copy ?? value;
}

/** Sets an own property, also one named `__proto__`, which a plain assignment would take as the prototype. */
export function setProperty(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
  else target[key] = value;
}
