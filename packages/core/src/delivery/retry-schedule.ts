/** When a delivery will be tried again if every attempt fails: the times a person plans by. */
import type { RetryPolicy } from './retry-policy.ts';
import { backoffMs } from './retry-policy.ts';

const ENTRIES_MAX = 20;

export interface ScheduledAttempt {
  /** Number of the attempt, as it will be shown. */
  attempt: number;
  atMs: number;
}

/**
 * The attempts that the policy has left, at their latest: without jitter, each counted from the one before as if that failed at once. At most twenty.
 * @param attemptCount attempts made
 * @param attemptBase attempts the policy does not count
 * @param firstAtMs when the next one is due, milliseconds since the epoch
 */
export function retrySchedule(policy: RetryPolicy, attemptCount: number, attemptBase: number, firstAtMs: number): ScheduledAttempt[] {
  const schedule: ScheduledAttempt[] = [];
  let atMs = firstAtMs;
  for (let attempt = attemptCount + 1; attempt - attemptBase <= policy.attempts && schedule.length < ENTRIES_MAX; attempt++) {
    schedule.push({ attempt, atMs });
    atMs += backoffMs({ ...policy, jitter: false }, attempt - attemptBase, 0);
  }
  return schedule;
}
