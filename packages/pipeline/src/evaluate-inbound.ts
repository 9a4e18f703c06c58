/** Expressions over what arrives: its type, its keys, its lane. They see the body and the request, and nothing of the hub. */
import { type CompiledExpression, HubError, isHubError, type RawRequest } from '@nave/core';
import { expressionScope } from './expression-root.ts';

/**
 * @param where name of the expression, for the refusal
 * @throws HubError `request.invalid` when it fails on this body
 */
export async function evaluateInbound(
  expression: CompiledExpression,
  data: unknown,
  request: Pick<RawRequest, 'headers' | 'query' | 'method'>,
  seed: string,
  nowMs: number,
  where: string,
): Promise<unknown> {
  const { headers, query, method } = request;
  try {
    return await expression.evaluate(data, expressionScope(seed, nowMs, { bindings: { headers, query, method } }));
  } catch (error) {
    if (!isHubError(error)) throw error;
    throw new HubError('request.invalid', {
      detail: `The spoke's inbound expression "${where}" failed on this body: ${error.detail}`,
      cause: error,
    });
  }
}
