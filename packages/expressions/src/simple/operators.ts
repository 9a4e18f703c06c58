/** Operators, truth and equality as in jsonata 2.2, with every step counted. */
import { ExpressionFailure, failureOf } from '../failure.ts';
import { NATIVE_FUNCTIONS } from '../native-functions.ts';
import type { Run } from './run.ts';

/** Whether `value` is a number; one that is infinite is an error (utils.isNumeric). */
export function isNumeric(value: unknown): value is number {
  if (typeof value !== 'number' || Number.isNaN(value)) return false;
  if (!Number.isFinite(value)) throw new ExpressionFailure('D1001');
  return true;
}

/** The truth of a value (fn.boolean); undefined is false. */
export function isTrue(value: unknown, run: Run): boolean {
  switch (typeof value) {
    case 'boolean':
      return value;
    case 'string':
      return value.length > 0;
    case 'number':
      return isNumeric(value) && value !== 0;
    case 'object':
      break;
    default:
      return false;
  }
  if (value === null) return false;
  if (!Array.isArray(value)) return hasKey(value);
  let found = false;
  for (const item of value) {
    run.tick();
    // No early end: JSONata looks at every item, and an infinite number is an error wherever it stands.
    if (isTrue(item, run)) found = true;
  }
  return found;
}

function hasKey(value: object): boolean {
  for (const key in value) if (Object.hasOwn(value, key)) return true;
  return false;
}

/** Deep equality (utils.isDeepEqual). */
export function isEqual(left: unknown, right: unknown, run: Run): boolean {
  run.tick();
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, index) => isEqual(item, right[index], run));
  }
  // JSONata would compare the names of their properties, `length` among them; only input made for it could be equal.
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  const entries = Object.entries(left);
  if (entries.length !== Object.keys(right).length) return false;
  return entries.every(([key, value]) => {
    const other = Object.getOwnPropertyDescriptor(right, key);
    return other !== undefined && isEqual(value, other.value, run);
  });
}

/** A value as text (fn.string); undefined is the empty string. */
export function textOf(value: unknown, run: Run): string {
  if (typeof value === 'string') return value;
  if (value === undefined) return '';
  if (typeof value === 'boolean' || value === null || Number.isSafeInteger(value)) return String(value);
  if (typeof value === 'object') run.walk(value);
  const text = NATIVE_FUNCTIONS.get('string')?.implementation(value);
  return typeof text === 'string' ? run.made(text) : '';
}

type Operator = (left: unknown, right: unknown, run: Run) => unknown;

function arithmetic(calculate: (left: number, right: number) => number): Operator {
  return (left, right) => {
    if (left !== undefined && !isNumeric(left)) throw new ExpressionFailure('T2001');
    if (right !== undefined && !isNumeric(right)) throw new ExpressionFailure('T2002');
    return left === undefined || right === undefined ? undefined : calculate(left, right);
  };
}

function comparison(
  compareNumbers: (left: number, right: number) => boolean,
  compareTexts: (left: string, right: string) => boolean,
): Operator {
  return (left, right) => {
    if (typeof left === 'number' && typeof right === 'number') return compareNumbers(left, right);
    if (typeof left === 'string' && typeof right === 'string') return compareTexts(left, right);
    for (const side of [left, right]) {
      if (side !== undefined && typeof side !== 'string' && typeof side !== 'number') throw new ExpressionFailure('T2010');
    }
    if (left === undefined || right === undefined) return undefined;
    throw new ExpressionFailure('T2009');
  };
}

function includes(left: unknown, right: unknown, run: Run): boolean {
  if (left === undefined || right === undefined) return false;
  if (!Array.isArray(right)) return left === right;
  run.tick(right.length);
  return right.some((item) => item === left);
}

/** Binary operators that evaluate both sides. */
export const OPERATORS: Readonly<Record<string, Operator>> = {
  '+': arithmetic((left, right) => left + right),
  '-': arithmetic((left, right) => left - right),
  '*': arithmetic((left, right) => left * right),
  '/': arithmetic((left, right) => left / right),
  '%': arithmetic((left, right) => left % right),
  '=': (left, right, run) => left !== undefined && right !== undefined && isEqual(left, right, run),
  '!=': (left, right, run) => left !== undefined && right !== undefined && !isEqual(left, right, run),
  '<': comparison(
    (left, right) => left < right,
    (left, right) => left < right,
  ),
  '<=': comparison(
    (left, right) => left <= right,
    (left, right) => left <= right,
  ),
  '>': comparison(
    (left, right) => left > right,
    (left, right) => left > right,
  ),
  '>=': comparison(
    (left, right) => left >= right,
    (left, right) => left >= right,
  ),
  '&': (left, right, run) => run.made(textOf(left, run) + textOf(right, run)),
  in: includes,
};

/** Runs `operator`, giving its errors the place. */
export function operate(operator: Operator, left: unknown, right: unknown, run: Run, position: number | undefined, token: string): unknown {
  try {
    return operator(left, right, run);
  } catch (error) {
    throw failureOf(error, { position, token });
  }
}
