/** Core's ExpressionEngine: simple expressions in this process, the others in child processes. */
import { availableParallelism } from 'node:os';
import { type CompiledExpression, type ExpressionEngine, type ExpressionScope, HubError, isHubError } from '@nave/core';
import { ChildPool } from './child/pool.ts';
import { failureOf, LimitFailure } from './failure.ts';
import { failureText } from './failure-text.ts';
import { UuidSequence } from './hub/uuid.ts';
import { LIMITS } from './limits.ts';
import { compileError, parseExpression } from './parse/parse-expression.ts';
import { compileSimple, type NotSimpleReason, type SimpleExpression } from './simple/compile-simple.ts';

export interface ExpressionEngineOptions {
  /** Most child processes at once; by default half of the processors, at most 4. */
  poolSize?: number;
  /** Of one evaluation in a child process. Default 100. */
  timeoutMs?: number;
  /** Heap of a child process. Default 64. */
  memoryMb?: number;
  /** The value maps of the hub, for `$lookup("table", key)`. Without it every key is unknown. */
  lookup?: (table: string, key: string) => string | undefined;
  /** Runs simple expressions in a child process too: for drafts of people, which must not take time of this process. */
  isolated?: boolean;
}

interface Entry {
  readonly expression: CompiledExpression;
  readonly reason: NotSimpleReason | undefined;
}

type Lookup = NonNullable<ExpressionEngineOptions['lookup']>;

/** Makes the engine. Nothing is started before the first expression that is not simple is evaluated. */
export function createExpressionEngine(options: ExpressionEngineOptions = {}): ExpressionEngine {
  const lookup: Lookup = options.lookup ?? (() => undefined);
  const pool = new ChildPool({
    size: options.poolSize ?? Math.max(1, Math.min(4, Math.floor(availableParallelism() / 2))),
    timeoutMs: options.timeoutMs ?? 100,
    memoryMb: options.memoryMb ?? 64,
    lookup,
  });
  const cache = new Map<string, Entry>();
  const entryOf = (text: string): Entry => {
    const entry = cache.get(text) ?? compileEntry(text, pool, lookup, options.isolated ?? false);
    // Set again, the entry is the youngest; the first of the map is the one unused for longest.
    cache.delete(text);
    cache.set(text, entry);
    if (cache.size > LIMITS.cacheMax)
      for (const oldest of cache.keys()) {
        cache.delete(oldest);
        break;
      }
    return entry;
  };
  return {
    compile(text, { lane = 'any' } = {}) {
      const { expression, reason } = entryOf(text);
      if (lane === 'simple' && reason !== undefined) {
        throw compileError(`Only simple expressions may stand here, and this one has ${reason.construct}`, reason.position);
      }
      return expression;
    },
    close: () => pool.close(),
  };
}

function compileEntry(text: string, pool: ChildPool, lookup: Lookup, isolated: boolean): Entry {
  const simple = compileSimple(parseExpression(text));
  const isSimple = typeof simple === 'function';
  if (isSimple && !isolated) return { reason: undefined, expression: simpleExpression(text, simple, lookup) };
  const evaluate: CompiledExpression['evaluate'] = (root, scope) => evaluateInChild(text, pool, root, scope);
  return { reason: isSimple ? undefined : simple, expression: { text, simple: isSimple, evaluate } };
}

function simpleExpression(text: string, simple: SimpleExpression, lookup: Lookup): CompiledExpression {
  return {
    text,
    simple: true,
    async evaluate(root, scope) {
      try {
        return simple({
          root,
          bindings: scope?.bindings ?? {},
          scope: {
            nowMs: scope?.nowMs,
            uuids: scope === undefined ? undefined : new UuidSequence(scope.seed),
            responses: scope?.responses ?? {},
          },
          lookup,
        });
      } catch (error) {
        throw evaluationError(error);
      }
    },
  };
}

async function evaluateInChild(text: string, pool: ChildPool, root: unknown, scope: ExpressionScope | undefined): Promise<unknown> {
  try {
    return await pool.run({
      text,
      root,
      bindings: scope?.bindings ?? {},
      responses: scope?.responses ?? {},
      nowMs: scope?.nowMs,
      seed: scope?.seed,
    });
  } catch (error) {
    throw evaluationError(error);
  }
}

function evaluationError(error: unknown): HubError {
  if (isHubError(error)) return error;
  const failure = failureOf(error);
  if (failure instanceof LimitFailure) return new HubError('expression.limit', { detail: `Stopped: ${failure.message}` });
  return new HubError('expression.evaluate', { detail: failureText(failure) });
}
