/** Taking tokens through the library, part of what is wanted included. */
import type { TokenGrant, TokenRate } from '@nave/core';
import { RateLimiterRes } from 'rate-limiter-flexible';
import type { RuleLimiter } from './limiter-per-rule.ts';

/** @throws what the store of the limiter threw, where it has no insurance */
export async function takeTokens(
  limiterOf: (rate: TokenRate) => RuleLimiter,
  key: string,
  wanted: number,
  rate: TokenRate,
): Promise<TokenGrant> {
  const { limiter, window } = limiterOf(rate);
  try {
    const taken = await limiter.consume(key, wanted);
    return { granted: wanted, retryAfterMs: 0, remaining: taken.remainingPoints, resetMs: bounded(taken.msBeforeNext, window.windowMs) };
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused;
    // The counter rose by all that was wanted, also by what was beyond the limit: whoever crosses it, and only he, has what was left below it.
    const granted = Math.min(wanted, Math.max(0, window.points - (refused.consumedPoints - wanted)));
    const resetMs = bounded(refused.msBeforeNext, window.windowMs);
    return { granted, retryAfterMs: resetMs, remaining: 0, resetMs };
  }
}

function bounded(ms: number, windowMs: number): number {
  return Math.min(windowMs, Math.max(1, Math.ceil(ms)));
}
