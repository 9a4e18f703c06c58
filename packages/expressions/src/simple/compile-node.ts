/** Compiles a node of JSONata's tree to a function; whatever is not listed here is not simple. */
import { ExpressionFailure } from '../failure.ts';
import { type AstNode, isNode, nodesOf } from '../parse/ast.ts';
import { compileApply, compileCall } from './call.ts';
import type { Compiler } from './compiler.ts';
import { compileFilters } from './filter.ts';
import { compileGroup } from './group.ts';
import { constructName, NotSimple } from './not-simple.ts';
import { isNumeric, isTrue, OPERATORS, operate } from './operators.ts';
import { compilePath } from './path.ts';
import type { Evaluate } from './run.ts';
import { collapse, isRecord, lookupName } from './sequence.ts';
import { compileVariable } from './variable.ts';
import { evaluateWildcard } from './wildcard.ts';

const KINDS: Readonly<Record<string, (node: AstNode, compiler: Compiler) => Evaluate>> = {
  path: compilePath,
  name: (node) => {
    const name = String(node.value);
    return (input) => lookupName(input, name);
  },
  string: literal,
  number: literal,
  value: literal,
  variable: compileVariable,
  wildcard: () => evaluateWildcard,
  binary: compileBinary,
  unary: compileUnary,
  condition: compileCondition,
  block: compileBlock,
  function: compileCall,
  apply: compileApply,
};

/** @throws NotSimple, naming the part that only a child process may run */
export function compileNode(node: AstNode, compiler: Compiler): Evaluate {
  const compile = Object.hasOwn(KINDS, node.type) ? KINDS[node.type] : undefined;
  if (compile === undefined) throw new NotSimple(constructName(node.type), node.position);
  if (node['tuple'] !== undefined || node['focus'] !== undefined || node['index'] !== undefined) {
    throw new NotSimple('a context or position variable (@, #) or a parent (%)', node.position);
  }
  const core = compile(node, compiler);
  if (compile === literal && node['predicate'] === undefined && node['group'] === undefined) return core;
  const filters = compileFilters(node['predicate'], compiler);
  const group = node.type === 'path' ? undefined : node['group'];
  const grouping = isRecord(group) ? compileGroup(group['lhs'], node.position, compiler) : undefined;
  const keepArray = node['keepArray'] === true;
  if (filters.length === 0 && grouping === undefined) {
    return (input, run) => {
      run.tick();
      return collapse(core(input, run), keepArray);
    };
  }
  return (input, run) => {
    run.tick();
    let value = core(input, run);
    for (const filter of filters) value = filter(value, run);
    return collapse(grouping === undefined ? value : grouping(value, run), keepArray);
  };
}

/** The node below `node` under `name`. */
function part(node: AstNode, name: string): AstNode {
  const child = node[name];
  if (!isNode(child)) throw new NotSimple(`an unknown form of "${node.type}"`, node.position);
  return child;
}

function literal(node: AstNode): Evaluate {
  const { value } = node;
  return () => value;
}

function compileBinary(node: AstNode, compiler: Compiler): Evaluate {
  const token = String(node.value);
  const left = compiler.compile(part(node, 'lhs'));
  const right = compiler.compile(part(node, 'rhs'));
  if (token === 'and') return (input, run) => isTrue(left(input, run), run) && isTrue(right(input, run), run);
  if (token === 'or') return (input, run) => isTrue(left(input, run), run) || isTrue(right(input, run), run);
  const operator = Object.hasOwn(OPERATORS, token) ? OPERATORS[token] : undefined;
  if (operator === undefined) throw new NotSimple(token === '..' ? 'a range (..)' : `the operator ${token}`, node.position);
  const { position } = node;
  return (input, run) => operate(operator, left(input, run), right(input, run), run, position, token);
}

function compileUnary(node: AstNode, compiler: Compiler): Evaluate {
  if (node.value === '{') return compileGroup(node['lhs'], node.position, compiler);
  if (node.value === '[') return compileArray(node, compiler);
  if (node.value !== '-') throw new NotSimple(`the operator ${String(node.value)}`, node.position);
  const operand = compiler.compile(part(node, 'expression'));
  return (input, run) => {
    const value = operand(input, run);
    if (value === undefined) return undefined;
    if (!isNumeric(value)) throw new ExpressionFailure('D1002', { position: node.position, token: '-' });
    return -value;
  };
}

function compileArray(node: AstNode, compiler: Compiler): Evaluate {
  const nodes = nodesOf(node['expressions']);
  // JSONata asks for the value "[" only, so the text "[" counts as a constructor too.
  const items = nodes.map((item) => ({ evaluate: compiler.compile(item), nested: item.value === '[' }));
  const constructed = node['consarray'] === true;
  return (input, run) => {
    const result: unknown[] = [];
    for (const item of items) {
      const value = item.evaluate(input, run);
      if (value === undefined) continue;
      if (item.nested || !Array.isArray(value)) {
        result.push(value);
      } else {
        run.tick(value.length);
        for (const member of value) result.push(member);
      }
    }
    if (constructed) Object.defineProperty(result, 'cons', { value: true });
    return result;
  };
}

function compileCondition(node: AstNode, compiler: Compiler): Evaluate {
  const condition = compiler.compile(part(node, 'condition'));
  const then = compiler.compile(part(node, 'then'));
  const otherwise = node['else'] === undefined ? undefined : compiler.compile(part(node, 'else'));
  return (input, run) => (isTrue(condition(input, run), run) ? then(input, run) : otherwise?.(input, run));
}

function compileBlock(node: AstNode, compiler: Compiler): Evaluate {
  const steps = compiler.inBlock(() => nodesOf(node['expressions']).map((step) => compileStatement(step, compiler)));
  return (input, run) => {
    let result: unknown;
    for (const step of steps) result = step(input, run);
    return result;
  };
}

/** Only here may a variable be bound: elsewhere JSONata's parallel evaluation decides who sees it. */
function compileStatement(node: AstNode, compiler: Compiler): Evaluate {
  if (node.type !== 'bind') return compiler.compile(node);
  if (node['predicate'] !== undefined || node['group'] !== undefined) throw new NotSimple('a filtered binding', node.position);
  const name = part(node, 'lhs').value;
  const compiled = compiler.compile(part(node, 'rhs'));
  if (typeof name !== 'string' || name === '' || name === '$') throw new NotSimple('a binding of $ or $$', node.position);
  const slot = compiler.declare(name);
  return (input, run) => {
    const value = compiled(input, run);
    run.slots[slot] = value;
    return value;
  };
}
