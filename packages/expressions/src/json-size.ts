/** How large a value would be as JSON, each shared part counted as often as it would be written but visited once. */
import { ExpressionFailure } from './failure.ts';

/** Sizes of containers already measured. */
export type SizeMemo = Map<object, number>;

/**
 * Characters of `value` as JSON, roughly (escapes are not counted).
 * @throws ExpressionFailure D1001 for a number JSON cannot hold
 */
export function jsonSize(value: unknown, memo: SizeMemo): number {
  switch (typeof value) {
    case 'string':
      return value.length + 2;
    case 'number':
      if (!Number.isFinite(value)) throw new ExpressionFailure('D1001');
      return 4;
    case 'object':
      // A function of JSONata holds its whole environment, in circles.
      return value === null || isFunctionValue(value) ? 4 : containerSize(value, memo);
    default:
      return 5;
  }
}

function containerSize(value: object, memo: SizeMemo): number {
  const known = memo.get(value);
  if (known !== undefined) return known;
  let size = 2;
  if (Array.isArray(value)) {
    for (const item of value) size += jsonSize(item, memo) + 1;
  } else {
    for (const key of Object.keys(value)) size += key.length + 4 + jsonSize(Reflect.get(value, key), memo);
  }
  memo.set(value, size);
  return size;
}

/** Whether JSONata takes `value` for a function (utils.isFunction); data that claims to be one is left out of results as well. */
export function isFunctionValue(value: unknown): boolean {
  if (typeof value === 'function') return true;
  if (typeof value !== 'object' || value === null) return false;
  return (
    ('_jsonata_lambda' in value && value._jsonata_lambda === true) || ('_jsonata_function' in value && value._jsonata_function === true)
  );
}
