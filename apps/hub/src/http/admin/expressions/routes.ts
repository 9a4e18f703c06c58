/** `/expressions/evaluate`: what an expression gives on an input, for forms that show it while somebody types. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { ExpressionEvaluate, ExpressionEvaluation, PROBLEM_REPLIES } from '@nave/api-schema';
import { isHubError } from '@nave/core';
import { stepResponses } from '@nave/pipeline';
import { expressionFault } from '../../../previews/expression-fault.ts';
import type { AdminDeps } from '../admin-deps.ts';

/** `$uuid()` gives the same ids each time: a preview that changes by itself would look like an edit. */
const SEED = 'preview';

export const expressionRoutes: FastifyPluginAsyncTypebox<{ deps: AdminDeps }> = async (app, { deps }) => {
  app.post(
    '/expressions/evaluate',
    {
      config: { role: 'operator' },
      schema: {
        tags: ['routes'],
        summary: 'Evaluate an expression on an input; nothing is stored',
        description: 'With the limits of mappings (100 ms, 64 MB). 429 while too many are tried out at this moment.',
        body: ExpressionEvaluate,
        response: { 200: ExpressionEvaluation, ...PROBLEM_REPLIES },
      },
    },
    ({ body }): Promise<ExpressionEvaluation> =>
      deps.previews.run(async () => {
        const { expression: text, input, scope = 'route', headers = {}, query = {}, method = 'POST' } = body;
        try {
          const expression = deps.previews.engine.compile(text, { lane: scope === 'inbound' ? 'simple' : 'any' });
          const value = await expression.evaluate(input, {
            ...{ seed: SEED, nowMs: deps.clock.now(), bindings: { headers, query, method } },
            responses: scope === 'inbound' ? {} : stepResponses(stepsOf(input)),
          });
          return { ok: true as const, nothing: value === undefined, value: value ?? null, simple: expression.simple };
        } catch (error) {
          if (!isHubError(error) || !error.code.startsWith('expression.')) throw error;
          const { message, position } = expressionFault(error.detail);
          return { ok: false as const, error: { message, ...(position === null ? {} : { position }) } };
        }
      }),
  );
};

/** The answers of earlier steps as the root has them. */
function stepsOf(input: unknown): Readonly<Record<string, unknown>> {
  const steps: unknown = typeof input === 'object' && input !== null && 'steps' in input ? input.steps : null;
  return typeof steps === 'object' && steps !== null ? Object.fromEntries(Object.entries(steps)) : {};
}
