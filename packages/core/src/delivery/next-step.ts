/** The one decision of delivering: what follows from an attempt. Pure, so that it can be tested for every case. */
import type { Idempotency, Outcome } from './outcome.ts';
import { backoffMs, RETRY_AFTER_MAX_MS, type RetryPolicy } from './retry-policy.ts';

export type NextStep =
  | { state: 'succeeded' }
  | { state: 'retrying'; delayMs: number; reason: string }
  | { state: 'unknown'; reason: string }
  | { state: 'dead'; reason: string };

/** Why a delivery is dead or waits, as shown in `reason`: a short code, stable over versions. */
export const REASONS = {
  exhausted: 'retries.exhausted',
  rejected: 'rejected',
  invalid: 'invalid',
  unanswered: 'unanswered',
} as const;

export interface DecisionInput {
  outcome: Outcome;
  policy: RetryPolicy;
  /** Number of this attempt, from 1. */
  attempt: number;
  idempotent: Idempotency;
  /** Statuses that are retried, or refused, whatever their class says. */
  retryOn?: readonly number[];
  rejectOn?: readonly number[];
  /** A number in [0, 1) for the jitter. */
  random: number;
}

/**
 * Decides what follows from an attempt (contract, section 5 "HTTP to outcome").
 * `throttled fault unreachable timeout` are retried until the policy is used up, `rejected invalid` are dead at once, `retryOn` and `rejectOn` override;
 * an unanswered request on an operation that is never idempotent is `unknown` and is not sent again.
 */
export function nextStep(input: DecisionInput): NextStep {
  const { outcome, policy, attempt } = input;
  if (outcome.kind === 'ok') return { state: 'succeeded' };
  const unanswered = outcome.status === null && outcome.sent && outcome.kind !== 'rejected' && outcome.kind !== 'invalid';
  if (outcome.kind === 'unknown' || (unanswered && input.idempotent === 'never')) return { state: 'unknown', reason: REASONS.unanswered };
  if (!isRetried(input)) return { state: 'dead', reason: outcome.kind === 'invalid' ? REASONS.invalid : REASONS.rejected };
  if (attempt >= policy.attempts) return { state: 'dead', reason: REASONS.exhausted };
  const backoff = backoffMs(policy, attempt, input.random);
  // An adapter that could not read the header may say NaN.
  const told = Math.min(outcome.retryAfterMs || 0, RETRY_AFTER_MAX_MS);
  return { state: 'retrying', delayMs: Math.max(backoff, told), reason: outcome.kind };
}

function isRetried({ outcome, retryOn, rejectOn }: DecisionInput): boolean {
  if (outcome.status !== null) {
    if (rejectOn?.includes(outcome.status)) return false;
    if (retryOn?.includes(outcome.status)) return true;
  }
  return outcome.kind === 'throttled' || outcome.kind === 'fault' || outcome.kind === 'unreachable' || outcome.kind === 'timeout';
}
