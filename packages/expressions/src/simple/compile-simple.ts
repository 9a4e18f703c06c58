/** The simple lane: expressions whose work is bounded by their input, run in this process. */
import { failureOf } from '../failure.ts';
import type { AstNode } from '../parse/ast.ts';
import { plainResult } from '../plain.ts';
import { compileNode } from './compile-node.ts';
import { Compiler } from './compiler.ts';
import { NotSimple } from './not-simple.ts';
import { Run, type RunOptions } from './run.ts';
import { sequenceOf } from './sequence.ts';

/** An expression of the simple lane. Throws ExpressionFailure or LimitFailure. */
export type SimpleExpression = (options: RunOptions) => unknown;

/** Why an expression needs a child process. */
export interface NotSimpleReason {
  readonly construct: string;
  readonly position: number | undefined;
}

/** Compiles `tree`, or names the first part that is not simple. */
export function compileSimple(tree: AstNode): SimpleExpression | NotSimpleReason {
  try {
    const evaluate = new Compiler(compileNode).compile(tree);
    return (options) => {
      const run = new Run(options);
      try {
        return plainResult(evaluate(wrap(options.root), run), run);
      } catch (error) {
        throw failureOf(error);
      }
    };
  } catch (error) {
    if (error instanceof NotSimple) return { construct: error.message, position: error.position };
    throw error;
  }
}

/** A root that is an array counts as one item. */
function wrap(root: unknown): unknown {
  if (!Array.isArray(root)) return root;
  const wrapper = sequenceOf(root);
  wrapper.outerWrapper = true;
  return wrapper;
}
