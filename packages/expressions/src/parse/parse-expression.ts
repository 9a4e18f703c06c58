/** Text to syntax tree, with everything refused that no lane may run. */
import { HubError } from '@nave/core';
import jsonata from 'jsonata';
import { propertyOf } from '../failure.ts';
import { LIMITS } from '../limits.ts';
import { regexProblem } from '../regex/re2-regex.ts';
import { type AstNode, isNode, visitNodes } from './ast.ts';
import { textProblem } from './text-problem.ts';

const UNREPEATABLE = new Set(['random', 'shuffle']);

/** A HubError `expression.compile` with the place. */
export function compileError(message: string, position: number | undefined): HubError {
  return new HubError('expression.compile', { detail: position === undefined ? message : `${message} (position ${position})` });
}

/**
 * Parses one expression.
 * @throws HubError `expression.compile` with JSONata's code, message and position, or with the bound that it breaks
 */
export function parseExpression(text: string): AstNode {
  const problem = textProblem(text);
  if (problem !== null) throw compileError(problem, undefined);
  const tree = parse(text);
  if (!isNode(tree)) throw compileError('The expression is empty', 0);
  let refused: { message: string; position: number | undefined } | undefined;
  const small = visitNodes(tree, LIMITS.nodesMax, (node) => {
    const message = nodeProblem(node);
    if (message !== null) refused ??= { message, position: node.position };
  });
  if (!small) throw compileError(`The expression has more than ${LIMITS.nodesMax} parts`, undefined);
  if (refused !== undefined) throw compileError(refused.message, refused.position);
  return tree;
}

function parse(text: string): unknown {
  try {
    return jsonata(text).ast();
  } catch (error) {
    if (error instanceof RangeError) throw compileError('The expression is nested too deeply', undefined);
    const code = propertyOf(error, 'code');
    const message = propertyOf(error, 'message');
    const position = propertyOf(error, 'position');
    const words = typeof message === 'string' ? message : 'The expression cannot be read';
    throw compileError(typeof code === 'string' ? `${code}: ${words}` : words, typeof position === 'number' ? position : undefined);
  }
}

function nodeProblem(node: AstNode): string | null {
  if (node.type === 'regex') return regexProblem(node.value);
  if (node.type === 'variable' && typeof node.value === 'string' && UNREPEATABLE.has(node.value)) {
    return `$${node.value} is not available: a mapping must give the same result when it runs again`;
  }
  return null;
}
