/** A spoke's policy, completed: what is given, over the defaults of the kind, over those of the hub. */
import type { PolicyInput, RetryInput } from '@nave/api-schema';
import { DEFAULT_POLICY, parseDuration, RETRY_PRESETS, type RetryPolicy, type SpokePolicy } from '@nave/core';

/** @param given checked: durations are durations */
export function completePolicy(given: PolicyInput, kindDefaults: Partial<SpokePolicy>): SpokePolicy {
  const base: SpokePolicy = { ...DEFAULT_POLICY, ...kindDefaults };
  return {
    concurrency: given.concurrency ?? base.concurrency,
    timeoutMs: durationOr(given.timeout, base.timeoutMs),
    rate: given.rate === undefined ? base.rate : given.rate && { limit: given.rate.limit, perMs: durationOr(given.rate.per, 1_000) },
    retry: given.retry === undefined ? base.retry : completeRetry(given.retry, base.retry),
    breaker: {
      failures: given.breaker?.failures ?? base.breaker.failures,
      cooldownMs: durationOr(given.breaker?.cooldown, base.breaker.cooldownMs),
    },
    retryBudget: {
      ratio: given.retryBudget?.ratio ?? base.retryBudget.ratio,
      perMinute: given.retryBudget?.perMinute ?? base.retryBudget.perMinute,
    },
    operations: { ...base.operations, ...completeOperations(given.operations ?? {}, base) },
  };
}

function completeOperations(given: NonNullable<PolicyInput['operations']>, base: SpokePolicy): SpokePolicy['operations'] {
  return Object.fromEntries(
    Object.entries(given).map(([name, { timeout, retry }]) => {
      const own = base.operations[name];
      return [
        name,
        {
          timeoutMs: timeout === undefined ? (own?.timeoutMs ?? null) : parseDuration(timeout),
          retry: retry === undefined ? (own?.retry ?? null) : completeRetry(retry, own?.retry ?? base.retry),
        },
      ];
    }),
  );
}

function completeRetry(given: RetryInput, base: RetryPolicy): RetryPolicy {
  if (given.preset !== undefined) return RETRY_PRESETS[given.preset];
  const { scheduleMs, ...curve } = base;
  const reshaped = [given.attempts, given.base, given.max, given.factor].some((field) => field !== undefined);
  return {
    attempts: given.attempts ?? curve.attempts,
    baseMs: durationOr(given.base, curve.baseMs),
    maxMs: durationOr(given.max, curve.maxMs),
    factor: given.factor ?? curve.factor,
    jitter: given.jitter ?? curve.jitter,
    // A fixed list of delays stands only as long as nobody describes another curve.
    ...(scheduleMs === undefined || reshaped ? {} : { scheduleMs }),
  };
}

function durationOr(text: string | undefined, fallbackMs: number): number {
  return (text === undefined ? null : parseDuration(text)) ?? fallbackMs;
}
