/** Object constructors `{...}`, alone or grouping the items before them (evaluateGroupExpression in jsonata 2.2). */
import { ExpressionFailure } from '../failure.ts';
import { isNode } from '../parse/ast.ts';
import { setProperty } from '../plain.ts';
import type { Compiler } from './compiler.ts';
import { NotSimple } from './not-simple.ts';
import type { Evaluate, Run } from './run.ts';

interface Pair {
  readonly key: Evaluate;
  /** The key when it is written out. */
  readonly name: string | undefined;
  readonly value: Evaluate;
}

/**
 * Compiles the pairs of a constructor.
 * @param pairs the `lhs` of the node: a list of key and value nodes
 */
export function compileGroup(pairs: unknown, position: number | undefined, compiler: Compiler): Evaluate {
  if (!Array.isArray(pairs)) throw new NotSimple('an unknown object constructor', position);
  const compiled = pairs.map((pair: unknown) => compilePair(pair, position, compiler));
  const names = compiled.map((pair) => pair.name);
  const literal =
    new Set(names).size === names.length && !names.some((name) => name === undefined || isReserved(name) || isIndexLike(name));
  return (input, run) => {
    const items: readonly unknown[] = Array.isArray(input) && input.length > 0 ? input : [Array.isArray(input) ? undefined : input];
    return literal && items.length === 1 ? evaluateLiteral(compiled, items[0], run) : evaluateGroups(compiled, items, run, position);
  };
}

function compilePair(pair: unknown, position: number | undefined, compiler: Compiler): Pair {
  const [key, value]: readonly unknown[] = Array.isArray(pair) ? pair : [];
  if (!isNode(key) || !isNode(value)) throw new NotSimple('an unknown object constructor', position);
  const isLiteral = key.type === 'string' && typeof key.value === 'string' && key['predicate'] === undefined && key['group'] === undefined;
  return {
    key: compiler.compile(key),
    name: isLiteral && typeof key.value === 'string' ? key.value : undefined,
    value: compiler.compile(value),
  };
}

function isReserved(key: string): boolean {
  return key === '_jsonata_lambda' || key === '_jsonata_function';
}

/** Such keys come first in a JavaScript object, and JSONata evaluates their values first. */
function isIndexLike(key: string): boolean {
  return /^\d+$/.test(key);
}

/** The usual case: distinct names and one item. */
function evaluateLiteral(pairs: readonly Pair[], item: unknown, run: Run): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const pair of pairs) {
    run.tick();
    const value = pair.value(item, run);
    if (value !== undefined) setProperty(result, pair.name ?? '', value);
  }
  return result;
}

interface Group {
  readonly pair: Pair;
  data: unknown;
  /** A list of our own, so that many items in one group do not copy it again and again. */
  list: unknown[] | undefined;
}

function evaluateGroups(
  pairs: readonly Pair[],
  items: readonly unknown[],
  run: Run,
  position: number | undefined,
): Record<string, unknown> {
  const groups = new Map<string, Group>();
  for (const item of items) {
    for (const pair of pairs) {
      run.tick();
      const key = pair.key(item, run);
      if (key === undefined) continue;
      if (typeof key !== 'string') throw new ExpressionFailure('T1003', { position });
      if (isReserved(key)) throw new ExpressionFailure('D1013', { position });
      const group = groups.get(key);
      if (group === undefined) groups.set(key, { pair, data: item, list: undefined });
      else if (group.pair !== pair) throw new ExpressionFailure('D1009', { position });
      else append(group, item, run);
    }
  }
  const result: Record<string, unknown> = {};
  for (const [key, group] of groups) {
    const value = group.pair.value(group.data, run);
    if (value !== undefined) setProperty(result, key, value);
  }
  return result;
}

function append(group: Group, item: unknown, run: Run): void {
  if (item === undefined) return;
  if (group.data === undefined) {
    group.data = item;
    return;
  }
  group.list ??= Array.isArray(group.data) ? [...group.data] : [group.data];
  group.data = group.list;
  if (!Array.isArray(item)) {
    group.list.push(item);
    return;
  }
  run.tick(item.length);
  for (const member of item) group.list.push(member);
}
