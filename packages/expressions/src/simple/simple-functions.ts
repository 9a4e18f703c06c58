/** The functions of the simple lane. Each does work in proportion to its arguments, which is counted before it is done. */
import { ExpressionFailure } from '../failure.ts';
import { HUB_FUNCTIONS } from '../hub/hub-functions.ts';
import { LIMITS } from '../limits.ts';
import { NATIVE_FUNCTIONS, type NativeFunction } from '../native-functions.ts';
import type { AstNode } from '../parse/ast.ts';
import { isEqual, isTrue, textOf } from './operators.ts';
import type { Run } from './run.ts';
import { emptySequence, isRecord, isSequence, sequenceOf } from './sequence.ts';

export interface SimpleFunction {
  /** What in the arguments only a child process may run: completes "the function $x ...". */
  readonly problem?: (args: readonly AstNode[]) => string | undefined;
  readonly run: (args: readonly unknown[], input: unknown, run: Run, position: number) => unknown;
}

/** `this` of JSONata's functions. */
const FOCUS = { createSequence: (...items: unknown[]) => (items.length === 1 ? sequenceOf(items[0]) : emptySequence()) };

/** Steps of one call with small arguments, measured against a step of about 50 ns; all others count as 10. */
const COSTS: Readonly<Record<string, number>> = {
  uuid: 150,
  money: 150,
  formatNumber: 250,
  fromMillis: 150,
  date: 60,
  toMillis: 40,
  hash: 40,
  keys: 20,
  round: 30,
  now: 20,
};

/** What one call of `$name` counts, besides the size of its arguments. */
export function functionCost(name: string): number {
  return Object.hasOwn(COSTS, name) ? (COSTS[name] ?? 10) : 10;
}

/** These are linear in the length of their texts and arrays and do not look deeper. */
const FLAT =
  'sum count max min average substring substringBefore substringAfter lowercase uppercase length trim number floor ceil round abs sqrt power formatBase exists type reverse append base64encode base64decode encodeUrlComponent encodeUrl decodeUrlComponent decodeUrl'.split(
    ' ',
  );

type Run1 = (args: readonly unknown[], run: Run) => unknown;

/** Functions done anew, because JSONata's are asynchronous or do more work than their arguments show. */
const OWN: Readonly<Record<string, Run1>> = {
  boolean: ([value], run) => (value === undefined ? undefined : isTrue(value, run)),
  not: ([value], run) => (value === undefined ? undefined : !isTrue(value, run)),
  contains: ([text, token]) => (typeof text === 'string' && typeof token === 'string' ? text.includes(token) : undefined),
  split: ([text, separator, limit], run) => split(text, separator, limit, run),
  join: ([texts, separator], run) => join(texts, separator, run),
  distinct: ([value], run) => distinct(value, run),
  merge: ([objects], run) => {
    if (Array.isArray(objects)) for (const item of objects) run.tick(isRecord(item) ? Object.keys(item).length : 1);
    return native('merge').implementation.call(FOCUS, objects);
  },
  keys: ([value], run) => {
    if (Array.isArray(value)) run.walk(value);
    else if (isRecord(value)) run.tick(Object.keys(value).length);
    return native('keys').implementation.call(FOCUS, value);
  },
};

function native(name: string): NativeFunction {
  const found = NATIVE_FUNCTIONS.get(name);
  if (found === undefined) throw new Error(`jsonata has no function $${name}`);
  return found;
}

function flat(name: string, problem?: SimpleFunction['problem']): SimpleFunction {
  const { implementation, signature } = native(name);
  const runFlat: SimpleFunction['run'] = (args, input, run) => {
    const checked = signature.validate(args, input);
    for (const argument of checked) charge(argument, run);
    const result = implementation.call(FOCUS, ...checked);
    return typeof result === 'string' ? run.made(result) : result;
  };
  return problem === undefined ? { run: runFlat } : { run: runFlat, problem };
}

function charge(argument: unknown, run: Run): void {
  if (typeof argument === 'string') run.tick(1 + argument.length / 4);
  else if (Array.isArray(argument)) run.tick(1 + argument.length);
  else run.tick();
}

function own(name: string, calculate: Run1): SimpleFunction {
  const { signature } = native(name);
  return {
    run: (args, input, run) => {
      const checked = signature.validate(args, input);
      for (const argument of checked) charge(argument, run);
      return calculate(checked, run);
    },
  };
}

function split(text: unknown, separator: unknown, limit: unknown, run: Run): unknown {
  if (text === undefined) return undefined;
  if (typeof limit === 'number' && limit < 0) throw new ExpressionFailure('D3020');
  if (typeof text !== 'string' || typeof separator !== 'string') throw new ExpressionFailure('N1000');
  run.tick(2 * text.length);
  if (limit === undefined) return text.split(separator);
  return typeof limit === 'number' && limit > 0 ? text.split(separator, limit) : [];
}

function join(texts: unknown, separator: unknown, run: Run): unknown {
  if (!Array.isArray(texts)) return undefined;
  const between = typeof separator === 'string' ? separator : '';
  let length = between.length * texts.length;
  for (const text of texts) length += typeof text === 'string' ? text.length : 0;
  run.reserve(length);
  return texts.join(between);
}

function distinct(value: unknown, run: Run): unknown {
  if (!Array.isArray(value) || value.length <= 1) return value;
  const kept: unknown[] = isSequence(value) ? emptySequence() : [];
  for (const item of value) {
    if (!kept.some((other) => isEqual(item, other, run))) kept.push(item);
  }
  return kept;
}

/** `$lookup(object, key)` is JSONata's; `$lookup("table", key)` asks a value map of the hub. */
const LOOKUP: SimpleFunction = {
  run: (args, input, run) => {
    const [table, key] = args;
    if (args.length === 2 && typeof table === 'string') {
      if (key === undefined) return undefined;
      if (typeof key !== 'string') throw new ExpressionFailure('T0410', { index: 2 });
      return run.lookup(table, key);
    }
    const checked = native('lookup').signature.validate(args, input);
    if (Array.isArray(checked[0])) run.walk(checked[0]);
    return native('lookup').implementation.call(FOCUS, ...checked);
  },
};

const STRING: SimpleFunction = {
  run: (args, input, run) => {
    const checked = native('string').signature.validate(args, input);
    if (checked[0] === undefined) return undefined;
    if (checked[1] !== true) return textOf(checked[0], run);
    run.walk(checked[0]);
    const text = native('string').implementation(...checked);
    return typeof text === 'string' ? run.made(text) : text;
  },
};

function literalPicture(args: readonly AstNode[]): string | undefined {
  const picture = args[1];
  if (args.length > 2) return 'with options';
  if (picture?.type !== 'string' || typeof picture.value !== 'string') return 'with a computed picture';
  return picture.value.length > LIMITS.pictureMax ? 'with a long picture' : undefined;
}

function noPicture(args: readonly AstNode[]): string | undefined {
  return args.length > 1 ? 'with a picture' : undefined;
}

function collect(): ReadonlyMap<string, SimpleFunction> {
  const found = new Map<string, SimpleFunction>();
  for (const name of FLAT) found.set(name, flat(name));
  for (const [name, calculate] of Object.entries(OWN)) found.set(name, own(name, calculate));
  found.set('string', STRING);
  found.set('lookup', LOOKUP);
  found.set('formatNumber', flat('formatNumber', literalPicture));
  found.set('fromMillis', flat('fromMillis', noPicture));
  found.set('toMillis', flat('toMillis', noPicture));
  for (const [name, calculate] of Object.entries(HUB_FUNCTIONS)) {
    const hub: SimpleFunction['run'] = (args, _input, run, position) => {
      for (const argument of args) charge(argument, run);
      return calculate(args, run.options.scope, position);
    };
    const takesNothing = name === 'now' || name === 'millis';
    found.set(name, takesNothing ? { run: hub, problem: (args) => (args.length > 0 ? 'with a picture' : undefined) } : { run: hub });
  }
  return found;
}

/** By name, without the dollar sign. */
export const SIMPLE_FUNCTIONS: ReadonlyMap<string, SimpleFunction> = collect();
