/** From a route's definition to what the pipeline uses: its expressions compiled, left-out operations filled in. */
import type { CompiledExpression, ExpressionEngine, RouteDefinition } from '@nave/core';
import type { CompiledRoute } from '@nave/pipeline';
import { compileCall } from '../reply/compile-call.ts';

/**
 * @param onlyOperation the operation of a spoke that has exactly one; null for all others
 * @throws HubError `expression.compile` for what the admin API had refused
 */
export function compileRoute(
  definition: RouteDefinition,
  onlyOperation: (spoke: string) => string | null,
  expressions: ExpressionEngine,
): CompiledRoute {
  const compile = (text: string | null, lane: 'simple' | 'any'): CompiledExpression | null =>
    text === null ? null : expressions.compile(text, { lane });
  return {
    definition,
    when: compile(definition.when, 'simple'),
    orderingKey: compile(definition.orderingKey, 'simple'),
    steps: definition.steps.map((step) => ({
      definition: step,
      operation: step.operation ?? onlyOperation(step.to) ?? '',
      input: compile(step.input, 'any'),
    })),
    call: compileCall(definition, expressions),
  };
}
