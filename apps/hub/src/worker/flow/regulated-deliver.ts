/** Between an attempt and its record: what it says about the spoke is noted, a probe is spared, and a retry waits for the retry budget. */
import {
  type ClaimedDelivery,
  type DeliveryRecord,
  evidenceOf,
  type FlowEvent,
  LOOKUP_SETTLE_MS,
  type ProbeResult,
  REASONS,
  type RecordedAttempt,
  type SpokePolicy,
} from '@nave/core';
import type { Deliver } from '@nave/pipeline';
import type { FailureCount } from './failure-count.ts';
import type { FlowGate } from './flow-gate.ts';
import type { RetryBudgets } from './retry-budgets.ts';

export interface RegulationDeps {
  deliver: Deliver;
  count: Pick<FailureCount, 'observe'>;
  gate: Pick<FlowGate, 'refused' | 'took'>;
  budgets: RetryBudgets;
  policyOf: (spoke: string) => SpokePolicy | null;
  /** Notes something for all workers, without waiting. */
  note: (spoke: string, event: FlowEvent) => void;
}

export interface RegulatedDeliver {
  deliver: Deliver;
  /** Waits for what a delivery that is about to be sent as a probe says. `claimed` answers false when it is not sent after all. */
  probe(deliveryId: string, claimed: () => Promise<boolean>, patienceMs: number): Promise<ProbeResult>;
}

export function createRegulatedDeliver(deps: RegulationDeps): RegulatedDeliver {
  const probes = new Map<string, (result: ProbeResult) => void>();

  function throttled(spoke: string, { retryAfterMs }: RecordedAttempt): void {
    deps.gate.refused(spoke);
    if (retryAfterMs !== undefined && retryAfterMs > 0) deps.note(spoke, { kind: 'throttled', forMs: retryAfterMs });
  }

  function afterProbe(spoke: string, record: DeliveryRecord, attempt: RecordedAttempt): { record: DeliveryRecord; result: ProbeResult } {
    if (attempt.outcome === 'throttled') throttled(spoke, attempt);
    const evidence = evidenceOf(attempt.outcome, attempt.status);
    if (evidence === 'up') return { record, result: 'answered' };
    const failed = evidence === 'down' || attempt.outcome === 'throttled' || attempt.outcome === 'unknown';
    // Nor does a lookup that nobody answered bring the delivery closer to waiting for a person.
    if (failed && record.lookup === true && record.state === 'unknown') {
      const again = { delayMs: record.delayMs ?? LOOKUP_SETTLE_MS, reason: REASONS.unanswered };
      return { record: { ...record, ...again, spared: true }, result: 'failed' };
    }
    const used = record.state === 'retrying' || (record.state === 'dead' && record.reason === REASONS.exhausted);
    // The hub asked, not the delivery's policy: the attempt is seen, and costs nothing.
    return {
      record:
        failed && used ? { ...record, state: 'held', heldBy: 'breaker', reason: attempt.outcome, delayMs: null, spared: true } : record,
      result: failed ? 'failed' : 'none',
    };
  }

  function afterAttempt(spoke: string, record: DeliveryRecord, attempt: RecordedAttempt): DeliveryRecord {
    const evidence = evidenceOf(attempt.outcome, attempt.status);
    deps.count.observe(spoke, evidence);
    if (evidence === 'up') deps.gate.took(spoke);
    if (attempt.outcome === 'throttled') throttled(spoke, attempt);
    const policy = deps.policyOf(spoke);
    if (policy === null) return record;
    if (attempt.number === 1) deps.budgets.earn(spoke, policy);
    if (record.state !== 'retrying') return record;
    const waitMs = deps.budgets.take(spoke, policy);
    if (waitMs === 0) return record;
    deps.note(spoke, { kind: 'budget-exhausted' });
    return { ...record, delayMs: Math.max(record.delayMs ?? 0, waitMs) };
  }

  function settle(delivery: ClaimedDelivery, record: DeliveryRecord | null): DeliveryRecord | null {
    const probe = probes.get(delivery.id);
    if (record === null || record.attempt === null) return record;
    if (probe === undefined) return afterAttempt(delivery.spoke, record, record.attempt);
    const after = afterProbe(delivery.spoke, record, record.attempt);
    probe(after.result);
    return after.record;
  }

  return {
    async deliver(delivery, stopping, lease) {
      try {
        return settle(delivery, await deps.deliver(delivery, stopping, lease));
      } finally {
        // Nothing was learnt unless it was settled: then this changes nothing.
        probes.get(delivery.id)?.('none');
      }
    },
    async probe(deliveryId, claimed, patienceMs) {
      let timer: NodeJS.Timeout | undefined;
      const result = new Promise<ProbeResult>((resolve) => {
        probes.set(deliveryId, resolve);
        timer = setTimeout(resolve, patienceMs, 'none');
        timer.unref();
      });
      try {
        return (await claimed()) ? await result : 'none';
      } finally {
        clearTimeout(timer);
        probes.delete(deliveryId);
      }
    },
  };
}
