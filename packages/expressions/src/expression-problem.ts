/** Checks an expression where it is written: in spokes and routes, before they are stored. */
import { isHubError } from '@nave/core';
import { parseExpression } from './parse/parse-expression.ts';
import { compileSimple } from './simple/compile-simple.ts';

/**
 * What is wrong with `text` for the lane.
 * @returns a sentence with the place, or null when it compiles
 */
export function expressionProblem(text: string, lane: 'simple' | 'any'): string | null {
  try {
    const simple = compileSimple(parseExpression(text));
    if (lane === 'any' || typeof simple === 'function') return null;
    const place = simple.position === undefined ? '' : ` (position ${simple.position})`;
    return `Only simple expressions may stand here, and this one has ${simple.construct}${place}`;
  } catch (error) {
    if (isHubError(error)) return error.detail;
    throw error;
  }
}
