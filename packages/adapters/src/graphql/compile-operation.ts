/** An operation of a `graphql` spoke, ready to be used: document parsed, expressions compiled. */
import { type CompiledExpression, type ExpressionEngine, HubError, type Idempotency } from '@nave/core';
import { type GraphqlOperation, graphqlProblemText, parseGraphqlDocument } from '@nave/protocols';
import type { GraphqlConfig, GraphqlPaginate, GraphqlSpokeOperation } from './config.ts';
import { idempotencyOf } from './operations.ts';
import { type BuildVariables, compileVariables } from './variables.ts';

export interface CompiledGraphqlOperation {
  declared: GraphqlOperation;
  idempotent: Idempotency;
  /** Other operations ask this one whether they were done: it may say "not done" only when it is sure. */
  isLookup: boolean;
  variables: BuildVariables;
  success: CompiledExpression | null;
  reject: CompiledExpression | null;
  result: CompiledExpression | null;
  paginate: GraphqlPaginate | null;
}

/** @throws HubError `request.invalid` or `expression.compile` for a configuration that was never validated */
export function compileOperations(
  { operations = {} }: GraphqlConfig,
  expressions: ExpressionEngine,
): ReadonlyMap<string, CompiledGraphqlOperation> {
  const lookups = new Set(Object.values(operations).map(({ lookup }) => lookup));
  return new Map(Object.entries(operations).map(([name, one]) => [name, compileOperation(name, one, lookups.has(name), expressions)]));
}

function compileOperation(
  name: string,
  operation: GraphqlSpokeOperation,
  isLookup: boolean,
  expressions: ExpressionEngine,
): CompiledGraphqlOperation {
  const parsed = parseGraphqlDocument(operation.document, operation.operationName);
  if (!parsed.ok) {
    const detail = `The document of ${name} does not parse: ${parsed.problems.map(graphqlProblemText).join('; ')}`;
    throw new HubError('request.invalid', { detail });
  }
  const compile = (text: string | undefined): CompiledExpression | null => (text === undefined ? null : expressions.compile(text));
  return {
    declared: parsed.operation,
    idempotent: idempotencyOf(operation, parsed.operation),
    isLookup,
    variables: compileVariables(operation, parsed.operation, expressions),
    success: compile(operation.success),
    reject: compile(operation.reject),
    result: compile(operation.result),
    paginate: operation.paginate ?? null,
  };
}
