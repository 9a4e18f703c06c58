/**
 * The `RateLimit-Policy` and `RateLimit` fields of an answer (draft-ietf-httpapi-ratelimit-headers-10): structured fields with one policy, `q` messages in
 * `w` seconds, `r` of them left, anew in `t` seconds.
 */
import type { Allowance } from './caller-limits.ts';

export function rateLimitFields({ rate, remaining, resetMs }: Allowance): Record<'ratelimit-policy' | 'ratelimit', string> {
  // The draft knows whole seconds only: shorter windows are told as what they allow in one.
  const windowSeconds = Math.max(1, Math.ceil(rate.perMs / 1_000));
  const quota = rate.perMs < 1_000 ? Math.floor((rate.limit * 1_000) / rate.perMs) : rate.limit;
  return {
    'ratelimit-policy': `"default";q=${quota};w=${windowSeconds}`,
    ratelimit: `"default";r=${Math.max(0, remaining)};t=${secondsOf(resetMs)}`,
  };
}

/** Whole seconds after which the allowance is renewed, at least one: the same number stands in `Retry-After`. */
export function secondsOf(resetMs: number): number {
  return Math.max(1, Math.ceil(resetMs / 1_000));
}
