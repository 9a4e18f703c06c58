/** A stored delivery as the API shows it. */
import type { Delivery } from '@nave/api-schema';
import type { DeliveryDetail } from '@nave/store';

export function deliveryView({
  stepName,
  source: _source,
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
