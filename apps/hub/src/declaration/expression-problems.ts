/** Whether an expression compiles where it stands. */
import { type ExpressionEngine, type FieldProblem, isHubError } from '@nave/core';

/** @param lane `simple` where the expression runs while a message is accepted */
export function expressionProblems(
  engine: ExpressionEngine,
  text: string | null | undefined,
  lane: 'simple' | 'any',
  path: string,
): FieldProblem[] {
  if (text === null || text === undefined) return [];
  try {
    engine.compile(text, { lane });
    return [];
  } catch (error) {
    if (!isHubError(error)) throw error;
    return [{ path, message: error.detail }];
  }
}
