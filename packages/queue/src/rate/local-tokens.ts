/** Tokens counted in this process alone: for tests, and while neither Redis nor PostgreSQL can be reached. */
import type { TokenSource } from '@nave/core';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { limiterPerRule } from './limiter-per-rule.ts';
import { takeTokens } from './take-tokens.ts';

export function createLocalTokenSource(): TokenSource {
  const limiterOf = limiterPerRule(({ points, windowMs }) => new RateLimiterMemory({ points, duration: windowMs / 1_000 }));
  return {
    take: (key, wanted, rate) => takeTokens(limiterOf, key, wanted, rate),
    close: async () => undefined,
  };
}
