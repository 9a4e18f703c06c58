/** Calls of functions, `$f(...)` and `... ~> $f(...)`, in the simple lane. */
import { failureOf } from '../failure.ts';
import { type AstNode, isNode, nodesOf } from '../parse/ast.ts';
import type { Compiler } from './compiler.ts';
import { constructName, NotSimple } from './not-simple.ts';
import type { Evaluate, Run } from './run.ts';
import { functionCost, SIMPLE_FUNCTIONS, type SimpleFunction } from './simple-functions.ts';
import { isFunctionName } from './variable.ts';

/** @throws NotSimple */
export function compileCall(node: AstNode, compiler: Compiler): Evaluate {
  const nodes = nodesOf(node['arguments']);
  const called = calledFunction(node['procedure'], nodes, node.position, compiler);
  const args = nodes.map((argument) => compiler.compile(argument));
  return (input, run) => {
    const values = args.map((argument) => argument(input, run));
    return call(called, values, input, run, node.position);
  };
}

/** @throws NotSimple */
export function compileApply(node: AstNode, compiler: Compiler): Evaluate {
  const { lhs, rhs } = node;
  if (!isNode(lhs) || !isNode(rhs)) throw new NotSimple('an unknown form of ~>', node.position);
  const left = compiler.compile(lhs);
  if (rhs.type === 'function') {
    const nodes = nodesOf(rhs['arguments']);
    const called = calledFunction(rhs['procedure'], [lhs, ...nodes], rhs.position, compiler);
    const args = nodes.map((argument) => compiler.compile(argument));
    return (input, run) => {
      const first = left(input, run);
      const values = args.map((argument) => argument(input, run));
      return call(called, [first, ...values], input, run, rhs.position);
    };
  }
  const called = calledFunction(rhs, [lhs], rhs.position, compiler);
  return (input, run) => call(called, [left(input, run)], null, run, rhs.position);
}

interface Called {
  readonly name: string;
  readonly run: SimpleFunction['run'];
  readonly cost: number;
}

function calledFunction(procedure: unknown, args: readonly AstNode[], position: number | undefined, compiler: Compiler): Called {
  const plain =
    isNode(procedure) && procedure.type === 'variable' && procedure['predicate'] === undefined && procedure['group'] === undefined;
  if (isNode(procedure) && (procedure.type === 'lambda' || procedure.type === 'transform' || procedure.type === 'partial')) {
    throw new NotSimple(constructName(procedure.type), procedure.position);
  }
  if (!plain || typeof procedure.value !== 'string') throw new NotSimple('a call of something other than a named function', position);
  const name = procedure.value;
  if (compiler.slotOf(name) !== undefined) throw new NotSimple(`a call of the variable $${name}`, position);
  const found = SIMPLE_FUNCTIONS.get(name);
  if (found === undefined) throw new NotSimple(isFunctionName(name) ? `the function $${name}` : `the unknown function $${name}`, position);
  const problem = found.problem?.(args);
  if (problem !== undefined) throw new NotSimple(`the function $${name} ${problem}`, position);
  return { name, run: found.run, cost: functionCost(name) };
}

function call(called: Called, args: readonly unknown[], input: unknown, run: Run, position: number | undefined): unknown {
  run.tick(called.cost);
  try {
    return called.run(args, input, run, position ?? 0);
  } catch (error) {
    throw failureOf(error, { position, token: called.name });
  }
}
