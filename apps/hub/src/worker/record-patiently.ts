/** Recording a result also while the database is away for a moment: without its record the delivery is made once more. */
import { type DeliveryRecord, isHubError } from '@nave/core';
import type { Recorder } from '@nave/pipeline';

/** Longer than a database is away: each result takes the slot of its delivery meanwhile, so what waits is bounded. */
const PATIENCE_MS = 600_000;

/**
 * @param stopping ends the patience
 * @returns false when the lease was no longer ours: the record changed nothing
 * @throws what recording threw, when it cannot pass or did not pass in time
 */
export async function recordPatiently(recorder: Recorder, record: DeliveryRecord, stopping: AbortSignal): Promise<boolean> {
  const deadline = performance.now() + PATIENCE_MS;
  for (let pause = 50; ; pause = Math.min(pause * 2, 1_000)) {
    try {
      return await recorder.record(record);
    } catch (error) {
      const mayPass = isHubError(error) && (error.retryable || error.code === 'store.conflict');
      if (!mayPass || performance.now() > deadline || stopping.aborted) throw error;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}
