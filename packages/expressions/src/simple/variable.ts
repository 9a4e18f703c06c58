/** Variables: `$` and `$$`, those bound in the expression, and those the caller binds (`$headers`). */

import { HUB_FUNCTIONS } from '../hub/hub-functions.ts';
import { NATIVE_FUNCTIONS } from '../native-functions.ts';
import type { AstNode } from '../parse/ast.ts';
import type { Compiler } from './compiler.ts';
import { NotSimple } from './not-simple.ts';
import type { Evaluate } from './run.ts';

/** Whether `$name` is a function unless the expression binds it. */
export function isFunctionName(name: string): boolean {
  return NATIVE_FUNCTIONS.has(name) || Object.hasOwn(HUB_FUNCTIONS, name);
}

/** @throws NotSimple for a function used as a value */
export function compileVariable(node: AstNode, compiler: Compiler): Evaluate {
  const name = typeof node.value === 'string' ? node.value : '';
  if (name === '') return context;
  if (name === '$') return (_input, run) => run.options.root;
  const slot = compiler.slotOf(name);
  if (slot !== undefined) return (_input, run) => run.slots[slot];
  if (isFunctionName(name)) throw new NotSimple(`the function $${name} as a value`, node.position);
  return (_input, run) => (Object.hasOwn(run.options.bindings, name) ? run.options.bindings[name] : undefined);
}

function context(input: unknown): unknown {
  return Array.isArray(input) && 'outerWrapper' in input && input.outerWrapper === true ? input[0] : input;
}
