/** Maps the input of a step: one function for deliveries and for simulations, so that what is shown before is what is sent later. */
import type { CompiledExpression, MessageContent } from '@nave/core';
import type { EarlierSteps } from './earlier-steps.ts';
import { callBindings, expressionRoot, expressionScope, type RootFacts } from './expression-root.ts';

/** What a mapping that selects nothing is called. */
export const SELECTS_NOTHING = 'expression.evaluate: The mapping selects nothing';

/**
 * @param work the delivery: its id is the seed and its begin the present of the expression
 * @returns undefined when the mapping selects nothing
 * @throws HubError `expression.evaluate` or `expression.limit`
 */
export function mapInput(
  input: CompiledExpression,
  facts: RootFacts,
  content: Pick<MessageContent, 'headers' | 'query' | 'method' | 'path'>,
  { steps, responses }: EarlierSteps,
  work: { id: string; createdAtMs: number },
): Promise<unknown> {
  return input.evaluate(expressionRoot(facts, steps), expressionScope(work.id, work.createdAtMs, { responses, ...callBindings(content) }));
}
