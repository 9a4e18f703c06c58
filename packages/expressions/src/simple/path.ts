/** Paths `a.b[c].d`: steps mapped over the items of the step before, flattened (evaluatePath and evaluateStep in jsonata 2.2). */
import { type AstNode, nodesOf } from '../parse/ast.ts';
import type { Compiler } from './compiler.ts';
import { compileFilters, type Filter } from './filter.ts';
import { compileGroup } from './group.ts';
import { NotSimple } from './not-simple.ts';
import type { Evaluate, Run } from './run.ts';
import { emptySequence, isConstructed, isRecord, isSequence, sequenceOf } from './sequence.ts';

interface Step {
  readonly evaluate: Evaluate;
  readonly filters: readonly Filter[];
}

/** @throws NotSimple */
export function compilePath(node: AstNode, compiler: Compiler): Evaluate {
  const nodes = nodesOf(node['steps']);
  const first = nodes[0];
  if (first === undefined) throw new NotSimple('an empty path', node.position);
  for (const step of nodes) refuseTuple(step);
  const absolute = first.type === 'variable';
  const constructed = first['consarray'] === true;
  // What a predicate or a group makes of a constructor need not be an array, and JSONata would go through its "length" regardless.
  if (constructed && !isPlainConstructor(first)) throw new NotSimple('a path from a filtered array constructor', first.position);
  const keepSingleton = node['keepSingletonArray'] === true;
  const steps = nodes.map((step) => ({ evaluate: compiler.compile(step), filters: compileFilters(step['stages'], compiler) }));
  const group = compilePathGroup(node, compiler);
  const general = generalPath(steps, { absolute, constructed, keepSingleton, group });
  const names = nodes.map(plainName);
  return keepSingleton || group !== undefined ? general : fastPath(names, general);
}

function refuseTuple(step: AstNode): void {
  if (step.type === 'sort') throw new NotSimple('a sort (^)', step.position);
  if (step['focus'] !== undefined) throw new NotSimple('a context variable (@)', step.position);
  if (step['index'] !== undefined) throw new NotSimple('a position variable (#)', step.position);
  if (step['ancestor'] !== undefined || step['tuple'] !== undefined) throw new NotSimple('a parent (%)', step.position);
}

function isPlainConstructor(step: AstNode): boolean {
  return step.type === 'unary' && step['predicate'] === undefined && step['group'] === undefined && step['stages'] === undefined;
}

function plainName(step: AstNode): string | undefined {
  const plain = step.type === 'name' && step['stages'] === undefined && step['keepArray'] !== true && step['group'] === undefined;
  return plain && step['predicate'] === undefined && typeof step.value === 'string' ? step.value : undefined;
}

function compilePathGroup(node: AstNode, compiler: Compiler): Evaluate | undefined {
  const group = node['group'];
  if (group === undefined) return undefined;
  if (!isRecord(group)) throw new NotSimple('an unknown grouping', node.position);
  return compileGroup(group['lhs'], typeof group['position'] === 'number' ? group['position'] : undefined, compiler);
}

/** Property after property, as long as no array comes in between. */
function fastPath(names: readonly (string | undefined)[], general: Evaluate): Evaluate {
  const known = names.filter((name) => name !== undefined);
  if (known.length !== names.length) return general;
  return (input, run) => {
    if (Array.isArray(input)) return general(input, run);
    run.tick(known.length);
    let value: unknown = input;
    for (const name of known) {
      if (Array.isArray(value)) return general(input, run);
      if (!isRecord(value) || !Object.hasOwn(value, name)) return undefined;
      value = value[name];
    }
    // A sequence that was bound or constructed before counts as many items, not as one.
    return isSequence(value) ? general(input, run) : value;
  };
}

interface PathShape {
  readonly absolute: boolean;
  readonly constructed: boolean;
  readonly keepSingleton: boolean;
  readonly group: Evaluate | undefined;
}

function generalPath(steps: readonly Step[], shape: PathShape): Evaluate {
  return (input, run) => {
    let items: unknown[] = Array.isArray(input) && !shape.absolute ? input : sequenceOf(input);
    for (const [index, step] of steps.entries()) {
      const made =
        index === 0 && shape.constructed ? step.evaluate(items, run) : evaluateStep(step, items, run, index === steps.length - 1);
      items = Array.isArray(made) ? made : [made];
      if (items.length === 0) break;
    }
    if (shape.keepSingleton) {
      if (isConstructed(items) && !isSequence(items)) items = sequenceOf(items);
      // JSONata also marks arrays of the input here, which nothing reads.
      if (isSequence(items)) items.keepSingleton = true;
    }
    return shape.group === undefined ? items : shape.group(items, run);
  };
}

function evaluateStep(step: Step, items: readonly unknown[], run: Run, last: boolean): unknown[] {
  const found: unknown[] = [];
  for (const item of items) {
    run.tick();
    let value = step.evaluate(item, run);
    for (const filter of step.filters) value = filter(value, run);
    if (value !== undefined) found.push(value);
  }
  const only = found[0];
  if (last && found.length === 1 && Array.isArray(only) && !isSequence(only)) return only;
  const flat = emptySequence();
  for (const value of found) {
    if (!Array.isArray(value) || isConstructed(value)) {
      flat.push(value);
    } else {
      run.tick(value.length);
      for (const member of value) flat.push(member);
    }
  }
  return flat;
}
