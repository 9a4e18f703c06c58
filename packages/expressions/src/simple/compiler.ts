/** What the compile functions of the simple lane share: the way back to the node compiler, and the variables in sight. */

import { LIMITS } from '../limits.ts';
import type { AstNode } from '../parse/ast.ts';
import { NotSimple } from './not-simple.ts';
import type { Evaluate } from './run.ts';

/** Variables are resolved while compiling: without functions of their own, expressions have lexical scope only. */
export class Compiler {
  readonly #compileNode: (node: AstNode, compiler: Compiler) => Evaluate;
  readonly #blocks: Map<string, number>[] = [];
  #slots = 0;
  #depth = 0;

  constructor(compileNode: (node: AstNode, compiler: Compiler) => Evaluate) {
    this.#compileNode = compileNode;
  }

  /** @throws NotSimple */
  compile(node: AstNode): Evaluate {
    this.#depth += 1;
    if (this.#depth > LIMITS.simpleDepthMax) throw new NotSimple(`more than ${LIMITS.simpleDepthMax} levels of nesting`, node.position);
    const compiled = this.#compileNode(node, this);
    this.#depth -= 1;
    return compiled;
  }

  /** Runs `inside` with a new set of variables. */
  inBlock<Result>(inside: () => Result): Result {
    this.#blocks.push(new Map());
    const result = inside();
    this.#blocks.pop();
    return result;
  }

  /** A slot for `name`, seen by what is compiled after this. */
  declare(name: string): number {
    const slot = this.#slots;
    this.#slots += 1;
    this.#blocks.at(-1)?.set(name, slot);
    return slot;
  }

  /** The slot that `name` stands for here. */
  slotOf(name: string): number | undefined {
    return this.#blocks.findLast((names) => names.has(name))?.get(name);
  }
}
