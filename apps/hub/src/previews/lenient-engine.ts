/** An engine for drafts: what does not compile fails when it is evaluated, so that the rest of a draft can be shown. */
import { type CompiledExpression, type ExpressionEngine, isHubError } from '@nave/core';

export function lenientEngine(engine: ExpressionEngine): ExpressionEngine {
  return {
    compile(text, options) {
      try {
        return engine.compile(text, options);
      } catch (error) {
        if (!isHubError(error)) throw error;
        const failing: CompiledExpression = { text, simple: false, evaluate: () => Promise.reject(error) };
        return failing;
      }
    },
    close: () => engine.close(),
  };
}
