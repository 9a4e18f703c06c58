/** Retry schedules: exponential backoff with full jitter and a cap (AWS Architecture Blog, "Exponential Backoff And Jitter"). */
export interface RetryPolicy {
  /** Attempts in all, the first included. */
  attempts: number;
  baseMs: number;
  maxMs: number;
  factor: number;
  /** Full jitter: the delay is drawn from [0, backoff]. */
  jitter: boolean;
  /** A fixed list of delays instead of the exponential one; its length + 1 is the number of attempts. */
  scheduleMs?: readonly number[] | undefined;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/**
 * Named schedules. `standard-webhooks` is the example of its specification (github.com/standard-webhooks, spec, "Deliverability and reliability"). Stripe
 * publishes no intervals, only "up to three days with an exponential back off" (docs.stripe.com/webhooks): `stripe` is one such schedule, not theirs.
 */
export const RETRY_PRESETS = {
  'standard-webhooks': {
    attempts: 10,
    baseMs: 5_000,
    maxMs: 24 * HOUR,
    factor: 2,
    jitter: true,
    scheduleMs: [5_000, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR],
  },
  stripe: {
    attempts: 16,
    baseMs: 5 * MINUTE,
    maxMs: 12 * HOUR,
    factor: 2,
    jitter: true,
    scheduleMs: [
      5 * MINUTE,
      30 * MINUTE,
      HOUR,
      2 * HOUR,
      3 * HOUR,
      4 * HOUR,
      5 * HOUR,
      6 * HOUR,
      6 * HOUR,
      6 * HOUR,
      6 * HOUR,
      6 * HOUR,
      8 * HOUR,
      8 * HOUR,
      10 * HOUR,
    ],
  },
  fast: { attempts: 5, baseMs: 200, maxMs: 5_000, factor: 2, jitter: true },
} as const satisfies Record<string, RetryPolicy>;
export type RetryPreset = keyof typeof RETRY_PRESETS;

/** `Retry-After` is honoured up to this. */
export const RETRY_AFTER_MAX_MS = 24 * HOUR;

/**
 * Milliseconds to wait before attempt `attempt + 1`.
 * @param attempt number of the attempt that just ended, from 1
 * @param random a number in [0, 1): injected, so that this stays pure
 */
export function backoffMs(policy: RetryPolicy, attempt: number, random: number): number {
  const fixed = policy.scheduleMs?.[attempt - 1];
  if (fixed !== undefined) return Math.round(policy.jitter ? fixed * (0.9 + random * 0.2) : fixed);
  // No base times an exponent beyond all numbers would be NaN.
  const ceiling = policy.baseMs === 0 ? 0 : Math.min(policy.maxMs, policy.baseMs * policy.factor ** (attempt - 1));
  return Math.round(policy.jitter ? ceiling * random : ceiling);
}
