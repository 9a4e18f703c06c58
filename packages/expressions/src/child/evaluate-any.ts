/** Any expression, evaluated by JSONata itself: only ever called in a child process, which may be killed. */
import jsonata from 'jsonata';
import { ExpressionFailure, failureOf, LimitFailure } from '../failure.ts';
import { HUB_FUNCTIONS, type HubScope, nowOf } from '../hub/hub-functions.ts';
import { UuidSequence } from '../hub/uuid.ts';
import { LIMITS } from '../limits.ts';
import { NATIVE_FUNCTIONS } from '../native-functions.ts';
import { plainResult } from '../plain.ts';
import { Re2Regex } from '../regex/re2-regex.ts';
import { isRecord } from '../simple/sequence.ts';
import { isFunctionName } from '../simple/variable.ts';
import type { JobInput } from './protocol.ts';

export interface AnyOptions {
  /** JSONata's own guard between two steps (ms): ends a child whose hub is gone and cannot kill it. */
  readonly selfLimitMs: number;
  readonly lookup: (table: string, key: string) => Promise<string | undefined>;
}

/** Called by jsonata 2.2 after every node; the name is written in its source only. */
const AFTER_NODE = Symbol.for('jsonata.__evaluate_exit');

/** Texts grow by halves that are joined only when read: this ends them before their memory is asked for. */
function boundText(_node: unknown, _input: unknown, _environment: unknown, result: unknown): void {
  if (typeof result === 'string' && result.length > LIMITS.stringMax) throw tooMuchText();
}

function tooMuchText(): LimitFailure {
  return new LimitFailure('the expression made too much text');
}

const KEPT_MAX = 200;
const kept = new Map<string, jsonata.Expression>();

/**
 * Evaluates to plain JSON data.
 * @throws ExpressionFailure or LimitFailure
 */
export async function evaluateAny(input: JobInput, options: AnyOptions): Promise<unknown> {
  const scope: HubScope = {
    nowMs: input.nowMs,
    uuids: input.seed === undefined ? undefined : new UuidSequence(input.seed),
    responses: input.responses,
  };
  try {
    const expression = compiled(input.text, options.selfLimitMs);
    const result: unknown = await expression.evaluate(input.root, { ...readableBindings(input.bindings), ...functions(scope, options) });
    return plainResult(result, { sizes: new Map() });
  } catch (error) {
    throw failureOf(error);
  }
}

function compiled(text: string, selfLimitMs: number): jsonata.Expression {
  const found = kept.get(text);
  if (found !== undefined) return found;
  const options: jsonata.JsonataOptions = { timeout: selfLimitMs };
  // Typed as RegExpConstructor, though the evaluator only calls `new`, `lastIndex` and `exec`.
  Reflect.set(options, 'RegexEngine', Re2Regex);
  const expression = jsonata(text, options);
  // Bindings are copied by name, so the hook, which is known by a symbol, goes in here; jsonata types the name as a string.
  Reflect.apply(expression.assign, expression, [AFTER_NODE, boundText]);
  if (kept.size >= KEPT_MAX) kept.clear();
  kept.set(text, expression);
  return expression;
}

/** As in the simple lane, a binding cannot take the place of a function. */
function readableBindings(bindings: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(bindings).filter(([name]) => !isFunctionName(name)));
}

/** A function as JSONata keeps it; the evaluator writes the position of the call into it just before calling. */
interface BoundFunction {
  readonly _jsonata_function: true;
  readonly implementation: (...args: unknown[]) => unknown;
  position?: number;
}

function bound(implementation: (args: readonly unknown[], position: number, context: unknown) => unknown): BoundFunction {
  const made: BoundFunction = {
    _jsonata_function: true,
    implementation(this: unknown, ...args: unknown[]) {
      return implementation(args, made.position ?? 0, this);
    },
  };
  return made;
}

function functions(scope: HubScope, options: AnyOptions): Record<string, BoundFunction> {
  const made: Record<string, BoundFunction> = {};
  for (const [name, calculate] of Object.entries(HUB_FUNCTIONS)) made[name] = bound((args, position) => calculate(args, scope, position));
  made['now'] = bound((args) => {
    if (args.length > 2) throw new ExpressionFailure('T0410', { index: 3 });
    return NATIVE_FUNCTIONS.get('fromMillis')?.implementation(nowOf(scope), args[0], args[1]);
  });
  made['lookup'] = bound((args, _position, focus) => lookup(args, focus, options));
  made['pad'] = bound((args, _position, focus) => pad(args, focus));
  made['join'] = bound((args, _position, focus) => join(args, focus));
  made['random'] = bound(refuse);
  made['shuffle'] = bound(refuse);
  return made;
}

function lookup(args: readonly unknown[], focus: unknown, options: AnyOptions): unknown {
  const [table, key] = args;
  if (args.length === 2 && typeof table === 'string') {
    if (key === undefined) return undefined;
    if (typeof key !== 'string') throw new ExpressionFailure('T0410', { index: 2 });
    return options.lookup(table, key);
  }
  return callNative('lookup', validated('lookup', args, focus), focus);
}

function pad(args: readonly unknown[], focus: unknown): unknown {
  const checked = validated('pad', args, focus);
  if (typeof checked[1] === 'number' && Math.abs(checked[1]) > LIMITS.stringMax) throw tooMuchText();
  return callNative('pad', checked, focus);
}

function join(args: readonly unknown[], focus: unknown): unknown {
  const checked = validated('join', args, focus);
  const [texts, separator] = checked;
  let length = 0;
  for (const text of Array.isArray(texts) ? texts : []) {
    length += (typeof text === 'string' ? text.length : 0) + (typeof separator === 'string' ? separator.length : 0);
  }
  if (length > LIMITS.stringMax) throw tooMuchText();
  return callNative('join', checked, focus);
}

function validated(name: string, args: readonly unknown[], focus: unknown): readonly unknown[] {
  return NATIVE_FUNCTIONS.get(name)?.signature.validate(args, isRecord(focus) ? focus['input'] : undefined) ?? args;
}

function callNative(name: string, args: readonly unknown[], focus: unknown): unknown {
  return NATIVE_FUNCTIONS.get(name)?.implementation.call(focus, ...args);
}

function refuse(): never {
  throw new ExpressionFailure('N1008');
}
