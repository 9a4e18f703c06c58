/** Everything wrong with a route beyond its shape, all at once. */
import type { OperationDeclaration } from '@nave/adapter-kit';
import type { RouteSpec } from '@nave/api-schema';
import { type ExpressionEngine, type FieldProblem, typePatternProblem } from '@nave/core';
import { callProblems } from '../reply/call-problems.ts';
import { expressionProblems } from './expression-problems.ts';

/** What a route must know of a spoke it names. */
export interface SpokeFacts {
  kind: string;
  delivers: boolean;
  operations: readonly OperationDeclaration[];
}

export type FindSpoke = (name: string) => SpokeFacts | null;

/** JSON Pointers below the route. */
export function routeProblems(spec: RouteSpec, findSpoke: FindSpoke, expressions: ExpressionEngine): FieldProblem[] {
  const problems: FieldProblem[] = [];
  if (!findSpoke(spec.from.spoke)) problems.push({ path: '/from/spoke', message: 'there is no spoke of this name' });
  const pattern = typePatternProblem(spec.from.type);
  if (pattern !== null) problems.push({ path: '/from/type', message: pattern });
  // Both are evaluated while a message is accepted.
  problems.push(...expressionProblems(expressions, spec.when, 'simple', '/when'));
  problems.push(...expressionProblems(expressions, spec.orderingKey, 'simple', '/orderingKey'));
  problems.push(...callProblems(spec, expressions));
  const names = new Set<string>();
  for (const [index, step] of spec.steps.entries()) {
    if (names.has(step.name)) problems.push({ path: `/steps/${index}/name`, message: 'another step has this name' });
    names.add(step.name);
    problems.push(...expressionProblems(expressions, step.input, 'any', `/steps/${index}/input`));
  }
  return [...problems, ...stepTargetProblems(spec, findSpoke)];
}

/** Problems with the spokes and operations that the steps name: these also change when a spoke does. */
export function stepTargetProblems(spec: RouteSpec, findSpoke: FindSpoke): FieldProblem[] {
  return spec.steps.flatMap(({ to, operation }, index) => {
    const spoke = findSpoke(to);
    if (!spoke) return [{ path: `/steps/${index}/to`, message: 'there is no spoke of this name' }];
    if (!spoke.delivers) return [{ path: `/steps/${index}/to`, message: `a spoke of kind ${spoke.kind} only sends` }];
    const message = operationProblem(spoke, operation);
    if (message !== null) return [{ path: `/steps/${index}/operation`, message }];
    return [];
  });
}

/** What is wrong with an operation of a spoke; null = the only one, which must exist then. */
export function operationProblem(spoke: SpokeFacts, operation: string | null): string | null {
  const names = spoke.operations.map(({ name }) => name);
  if (operation !== null && !names.includes(operation)) return `unknown operation, ${expected(names)}`;
  return operation === null && names.length !== 1 ? `required, ${expected(names)}` : null;
}

function expected(names: readonly string[]): string {
  if (names.length === 0) return 'the spoke has none';
  return `expected one of ${names.slice(0, 30).join(', ')}${names.length > 30 ? ', ...' : ''}`;
}
