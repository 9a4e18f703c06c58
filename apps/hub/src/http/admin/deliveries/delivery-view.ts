/** A stored delivery as the API shows it. */
import type { Delivery, DeliveryDetail as ShownDetail } from '@nave/api-schema';
import { type RetryPolicy, retrySchedule } from '@nave/core';
import type { DeliveryDetail } from '@nave/store';
import { possibleIn } from './interventions.ts';

export function deliveryView({
  stepName,
  source: _source,
  attemptBase: _attemptBase,
  nextAttemptAt,
  createdAt,
  finishedAt,
  attempts,
  ...row
}: DeliveryDetail): Delivery {
  return {
    ...row,
    step: stepName,
    nextAttemptAt: nextAttemptAt?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
    attempts: attempts.map(({ number, startedAt, durationMs, outcome, status, detail }) => ({
      ...{ number, startedAt: startedAt.toISOString(), durationMs },
      ...{ outcome, status, detail },
    })),
  };
}

/**
 * With what comes and what a person may do now.
 * @param policy of its operation; null when the spoke or the operation is gone
 * @param nowMs milliseconds since the epoch
 */
export function deliveryDetailView(row: DeliveryDetail, policy: RetryPolicy | null, nowMs: number): ShownDetail {
  const { state, heldBy, attemptCount, attemptBase, nextAttemptAt } = row;
  const comes = policy !== null && (state === 'pending' || state === 'retrying');
  const firstAtMs = Math.max(nextAttemptAt?.getTime() ?? nowMs, nowMs);
  const schedule = comes ? retrySchedule(policy, attemptCount, attemptBase, firstAtMs) : [];
  return {
    ...deliveryView(row),
    schedule: schedule.map(({ attempt, atMs }) => ({ attempt, at: new Date(atMs).toISOString() })),
    actions: possibleIn(state, heldBy),
    choices: state === 'unknown' ? ['done', 'notDone'] : [],
  };
}
