/** Expressions, tried out. */
import type { ExpressionEvaluate, ExpressionEvaluation } from '@nave/api-schema';
import type { Transport } from '../transport/transport.ts';

export function expressionsResource(transport: Transport) {
  return {
    /** What an expression gives on an input; what is wrong with it is an answer too. Refused with 429 while too many are tried out. */
    evaluate: (body: ExpressionEvaluate) =>
      transport.request<ExpressionEvaluation>({ method: 'POST', path: '/api/v1/expressions/evaluate', body }),
  };
}
