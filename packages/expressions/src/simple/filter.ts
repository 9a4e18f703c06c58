/** Predicates `[...]`: an index, or a condition for every item (evaluateFilter in jsonata 2.2). */
import type { AstNode } from '../parse/ast.ts';
import { isNode } from '../parse/ast.ts';
import type { Compiler } from './compiler.ts';
import { NotSimple } from './not-simple.ts';
import { isNumeric, isTrue } from './operators.ts';
import type { Run } from './run.ts';
import { emptySequence, sequenceOf } from './sequence.ts';

export type Filter = (input: unknown, run: Run) => unknown;

/** @throws NotSimple when one of the predicates is */
export function compileFilters(list: unknown, compiler: Compiler): readonly Filter[] {
  if (list === undefined) return [];
  if (!Array.isArray(list)) throw new NotSimple('an unknown predicate', undefined);
  return list.map((stage: unknown) => {
    if (!isNode(stage) || stage.type !== 'filter' || !isNode(stage['expr'])) throw new NotSimple('a position variable (#)', undefined);
    return compileFilter(stage['expr'], compiler);
  });
}

function compileFilter(predicate: AstNode, compiler: Compiler): Filter {
  if (predicate.type === 'number' && typeof predicate.value === 'number') return itemAt(Math.floor(predicate.value));
  const condition = compiler.compile(predicate);
  return (input, run) => {
    const items: readonly unknown[] = Array.isArray(input) ? input : sequenceOf(input);
    const kept = emptySequence();
    for (const [index, item] of items.entries()) {
      const result = condition(item, run);
      if (isNumeric(result)) {
        if (isIndex(result, index, items.length)) kept.push(item);
      } else if (Array.isArray(result) && allNumbers(result)) {
        run.tick(result.length);
        for (const wanted of result) if (isIndex(wanted, index, items.length)) kept.push(item);
      } else if (isTrue(result, run)) {
        kept.push(item);
      }
    }
    return kept;
  };
}

function itemAt(index: number): Filter {
  return (input) => {
    const items: readonly unknown[] = Array.isArray(input) ? input : [input];
    const item = items[index < 0 ? items.length + index : index];
    if (Array.isArray(item)) return item;
    return item === undefined ? emptySequence() : sequenceOf(item);
  };
}

function allNumbers(items: readonly unknown[]): boolean {
  return items.filter((item) => !isNumeric(item)).length === 0;
}

function isIndex(wanted: unknown, index: number, length: number): boolean {
  if (typeof wanted !== 'number') return false;
  const whole = Math.floor(wanted);
  return (whole < 0 ? length + whole : whole) === index;
}
