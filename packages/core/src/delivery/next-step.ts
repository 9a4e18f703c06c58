/** The one decision of delivering: what follows from an attempt. Pure, so that it can be tested for every case. */
import type { Idempotency, Outcome } from './outcome.ts';
import { backoffMs, RETRY_AFTER_MAX_MS, type RetryPolicy } from './retry-policy.ts';

export type NextStep =
  | { state: 'succeeded' }
  | { state: 'retrying'; delayMs: number; reason: string }
  /** `delayMs`: until it is looked up; null when only a person can say. */
  | { state: 'unknown'; delayMs: number | null; reason: string }
  | { state: 'dead'; reason: string };

/** Why a delivery is dead or waits, as shown in `reason`: a short code, stable over versions. */
export const REASONS = {
  exhausted: 'retries.exhausted',
  rejected: 'rejected',
  invalid: 'invalid',
  unanswered: 'unanswered',
  /** It may have happened and must not happen twice. */
  atMostOnce: 'at-most-once',
  /** A lookup found nothing; it is sent again. */
  notDone: 'lookup.notDone',
  /** Lookups gave no answer, or there is none to ask any more. */
  lookupFailed: 'lookup.failed',
  /** Worker after worker was lost while they worked on it. */
  workerLost: 'worker.lost',
} as const;

/** Milliseconds between a request that was not answered and the first look for what became of it: a system may answer late and book all the same. */
export const LOOKUP_SETTLE_MS = 2_000;

/** Workers lost in a row on one delivery before it is taken for what kills them. */
export const LOST_MAX = 5;

/** Workers lost in a row from which on a delivery is suspected: it is claimed apart from other suspects, so that it cannot take them with it to `LOST_MAX`. */
export const SUSPECT_AT = 2;

export interface DecisionInput {
  outcome: Outcome;
  policy: RetryPolicy;
  /** Number of this attempt, from 1. */
  attempt: number;
  idempotent: Idempotency;
  /** Whether an operation can tell later if this one was done. Default no. */
  lookup?: boolean;
  /** Once a request has left it is never sent again. Default no. */
  atMostOnce?: boolean;
  /** Statuses that are retried, or refused, whatever their class says. */
  retryOn?: readonly number[];
  rejectOn?: readonly number[];
  /** A number in [0, 1) for the jitter. */
  random: number;
}

/**
 * Decides what follows from an attempt (contract, section 5 "HTTP to outcome").
 * `throttled fault unreachable timeout` are retried until the policy is used up, `rejected invalid` are dead at once, `retryOn` and `rejectOn` override;
 * an unanswered request on an operation that is never idempotent is `unknown` and is not sent again before a lookup says that it was not done.
 * With `atMostOnce` whatever may have reached the system ends: only what never left, and a refusal because of load, is tried again.
 */
export function nextStep(input: DecisionInput): NextStep {
  const { outcome, policy, attempt } = input;
  if (outcome.kind === 'ok') return { state: 'succeeded' };
  const unanswered = outcome.status === null && outcome.sent && outcome.kind !== 'rejected' && outcome.kind !== 'invalid';
  const unsure = outcome.kind === 'unknown' || unanswered;
  if (input.atMostOnce === true && unsure) return { state: 'dead', reason: REASONS.atMostOnce };
  if (outcome.kind === 'unknown' || (unanswered && input.idempotent === 'never')) {
    return { state: 'unknown', delayMs: input.lookup === true ? LOOKUP_SETTLE_MS : null, reason: REASONS.unanswered };
  }
  if (!isRetried(input)) return { state: 'dead', reason: outcome.kind === 'invalid' ? REASONS.invalid : REASONS.rejected };
  if (input.atMostOnce === true && outcome.status !== null && outcome.kind !== 'throttled')
    return { state: 'dead', reason: REASONS.atMostOnce };
  if (attempt >= policy.attempts) return { state: 'dead', reason: REASONS.exhausted };
  const backoff = backoffMs(policy, attempt, input.random);
  return { state: 'retrying', delayMs: Math.max(backoff, toldMs(outcome)), reason: outcome.kind };
}

/** Milliseconds that the other side asked to wait, bounded; 0 when it did not. */
export function toldMs({ retryAfterMs }: Outcome): number {
  // An adapter that could not read the header may say NaN.
  return Math.max(0, Math.min(retryAfterMs || 0, RETRY_AFTER_MAX_MS));
}

function isRetried({ outcome, retryOn, rejectOn }: DecisionInput): boolean {
  if (outcome.status !== null) {
    if (rejectOn?.includes(outcome.status)) return false;
    if (retryOn?.includes(outcome.status)) return true;
  }
  return outcome.kind === 'throttled' || outcome.kind === 'fault' || outcome.kind === 'unreachable' || outcome.kind === 'timeout';
}
