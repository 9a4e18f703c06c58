/** What follows from asking a system whether an earlier request was done, whose answer never came. */
import { LOOKUP_SETTLE_MS, REASONS, toldMs } from './next-step.ts';
import type { Outcome } from './outcome.ts';
import { backoffMs, type RetryPolicy } from './retry-policy.ts';

/** `unsure`: nobody answered, or the answer says neither. */
export type LookupAnswer = 'done' | 'notDone' | 'unsure';

export type LookupStep =
  | { state: 'succeeded' }
  /** Not done: it may be sent again, at once. */
  | { state: 'pending'; delayMs: 0; reason: string }
  /** `delayMs`: until the next lookup; null when only a person can say. */
  | { state: 'unknown'; delayMs: number | null; reason: string }
  | { state: 'dead'; reason: string };

export interface LookupDecisionInput {
  answer: LookupAnswer;
  outcome: Outcome;
  /** Attempts of the operation itself so far, those a person wrote off left out. */
  sends: number;
  /** Lookups since the last request left, this one included. */
  lookups: number;
  /** Of the operation itself. */
  policy: RetryPolicy;
  /** Of the lookup. */
  lookupPolicy: RetryPolicy;
  /** A number in [0, 1) for the jitter. */
  random: number;
}

/**
 * Decides what follows from a lookup. The pause that the policy wants between two attempts is spent before the last lookup and not after it: what was sent may
 * still be done meanwhile, and nothing should lie between "not done" and sending again.
 */
export function nextLookupStep({ answer, outcome, sends, lookups, policy, lookupPolicy, random }: LookupDecisionInput): LookupStep {
  if (answer === 'done') return { state: 'succeeded' };
  if (answer === 'notDone') {
    if (sends >= policy.attempts) return { state: 'dead', reason: REASONS.exhausted };
    const pause = backoffMs(policy, Math.max(1, sends), random);
    if (lookups === 1 && pause > LOOKUP_SETTLE_MS) return { state: 'unknown', delayMs: pause, reason: REASONS.notDone };
    return { state: 'pending', delayMs: 0, reason: REASONS.notDone };
  }
  if (lookups >= lookupPolicy.attempts) return { state: 'unknown', delayMs: null, reason: REASONS.lookupFailed };
  const delayMs = Math.max(LOOKUP_SETTLE_MS, backoffMs(lookupPolicy, lookups, random), toldMs(outcome));
  return { state: 'unknown', delayMs, reason: REASONS.unanswered };
}
