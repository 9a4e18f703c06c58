import {
  type ClaimedDelivery,
  DEFAULT_POLICY,
  type DeliveryRecord,
  type FlowEvent,
  type FlowReading,
  type FlowStore,
  nextFlow,
  ORDINARY_FLOW,
  type OutcomeKind,
  type SpokeFlow,
} from '@nave/core';
import { buildRecord, recordingLogger } from '@nave/testkit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFailureCount } from './failure-count.ts';
import { createFlowGate } from './flow-gate.ts';
import { createFlowState } from './flow-state.ts';
import { createRegulatedDeliver } from './regulated-deliver.ts';
import { createRetryBudgets } from './retry-budgets.ts';

const POLICY = {
  ...DEFAULT_POLICY,
  concurrency: 8,
  breaker: { failures: 3, cooldownMs: 1_000 },
  retryBudget: { ratio: 0.1, perMinute: 6 },
};

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** The rows that all workers share, with the clock of their database. */
function sharedFlows() {
  const rows = new Map<string, SpokeFlow>();
  const shut = new Set<string>();
  let changes = 0;
  const store: Pick<FlowStore, 'read' | 'change'> = {
    read: async (): Promise<FlowReading> => ({ nowMs: Date.now(), flows: new Map(rows), shut: new Set(shut) }),
    async change(events) {
      changes += 1;
      const named = [...new Set(events.map(([spoke]) => spoke))];
      const answers = named.map((spoke) => {
        const before = rows.get(spoke) ?? ORDINARY_FLOW;
        const after = events.filter(([name]) => name === spoke).reduce((flow, [, event]) => nextFlow(flow, event, Date.now()), before);
        rows.set(spoke, after);
        return { spoke, before, after };
      });
      return { nowMs: Date.now(), changes: answers };
    },
  };
  return { rows, shut, store, changes: () => changes };
}

function worker(shared: ReturnType<typeof sharedFlows>) {
  const logger = recordingLogger();
  const state = createFlowState({ store: shared.store, logger });
  const gate = createFlowGate(state, () => POLICY.concurrency);
  const policyOf = () => POLICY;
  const count = createFailureCount({ state, policyOf, logger });
  const noted: FlowEvent[] = [];
  const note = (spoke: string, event: FlowEvent) => {
    noted.push(event);
    void state.change([[spoke, event]]);
  };
  let next: (delivery: ClaimedDelivery) => DeliveryRecord | null = (delivery) => buildRecord(delivery);
  const regulated = createRegulatedDeliver({
    ...{ gate, count, policyOf, note, budgets: createRetryBudgets(() => 0.5, Date.now) },
    deliver: async (delivery) => next(delivery),
  });
  const opened: string[] = [];
  gate.onRoom((spoke) => opened.push(spoke));
  return {
    ...{ state, gate, count, noted, regulated, opened },
    /** Runs one delivery whose attempt ends so. */
    deliver(
      outcome: OutcomeKind,
      changes: Partial<DeliveryRecord> = {},
      more: { status?: number | null; retryAfterMs?: number } = {},
      id = 'd',
    ) {
      const status = more.status === undefined ? (outcome === 'ok' ? 200 : outcome === 'fault' ? 500 : null) : more.status;
      next = (delivery) => {
        const record = buildRecord(delivery);
        const attempt = record.attempt && { ...record.attempt, outcome, status, retryAfterMs: more.retryAfterMs };
        return { ...record, state: outcome === 'ok' ? 'succeeded' : 'retrying', delayMs: 100, attempt, ...changes };
      };
      return regulated.deliver(claimed(id), new AbortController().signal);
    },
    givesBack: (record: DeliveryRecord | null, id = 'd') => {
      next = () => record;
      return regulated.deliver(claimed(id), new AbortController().signal);
    },
  };
}

function claimed(id: string): ClaimedDelivery {
  return {
    ...{ id, messageId: id, source: 'shop', route: 'r', routeVersion: 1, step: 0, stepName: 's', spoke: 'erp', operation: 'o' },
    ...{ attemptCount: 0, attemptBase: 0, fence: 1, input: null, replayId: null, laneKey: null, createdAtMs: 0 },
    sending: false,
    lookups: 0,
    message: {
      type: 't',
      receivedAtMs: 0,
      content: new Uint8Array(),
      contentType: '',
      correlationId: null,
      traceparent: null,
      orderingKey: null,
    },
  };
}

describe('the breaker of a worker', () => {
  it('closes its gate at so many failures in a row, counted together with another worker', async () => {
    const shared = sharedFlows();
    const [one, two] = [worker(shared), worker(shared)];
    two.state.start();
    await one.deliver('fault');
    await vi.advanceTimersByTimeAsync(60);
    await two.state.refresh();
    await two.deliver('timeout');
    await two.deliver('unreachable');
    await vi.advanceTimersByTimeAsync(1);
    expect(shared.rows.get('erp')?.breaker).toBe('open');
    expect(two.gate.room('erp', 5, 0)).toBe(0);
    expect(two.gate.room('crm', 5, 0)).toBe(5);
    await one.state.refresh();
    expect(one.gate.room('erp', 5, 0)).toBe(0);
    await two.state.close();
  });

  it('starts anew after a success, and writes nothing for a spoke that is well', async () => {
    const shared = sharedFlows();
    const one = worker(shared);
    for (const outcome of ['ok', 'ok', 'fault', 'fault', 'ok', 'fault', 'fault'] as const) await one.deliver(outcome);
    await one.count.flush();
    expect(shared.rows.get('erp')).toMatchObject({ breaker: 'closed', failures: 2 });
    await one.deliver('ok');
    await one.count.flush();
    expect(shared.rows.get('erp')).toMatchObject({ failures: 0 });
    const before = shared.changes();
    for (let n = 0; n < 50; n++) await one.deliver('ok');
    await one.deliver('rejected', { state: 'dead', delayMs: null }, { status: 422 });
    await one.count.flush();
    expect(shared.changes()).toBe(before);
  });

  it('opens even when a success follows within the same batch', async () => {
    const shared = sharedFlows();
    const one = worker(shared);
    await Promise.all([one.deliver('fault'), one.deliver('fault'), one.deliver('fault'), one.deliver('ok')]);
    await one.count.flush();
    expect(shared.rows.get('erp')?.breaker).toBe('open');
  });

  it('counts no mapping that failed, no refusal, and no request for patience', async () => {
    const shared = sharedFlows();
    const one = worker(shared);
    for (let n = 0; n < 5; n++) {
      await one.deliver('invalid', { state: 'dead', delayMs: null });
      await one.deliver('rejected', { state: 'dead', delayMs: null });
      await one.givesBack(buildRecord(claimed('d'), { state: 'pending', attempt: null }));
      await one.givesBack(null);
    }
    await one.count.flush();
    expect(shared.rows.size).toBe(0);
  });
});

describe('a probe', () => {
  const probing = (one: ReturnType<typeof worker>, sent = true) => one.regulated.probe('probe', async () => sent, 5_000);

  it.each([
    ['ok', 'succeeded', null, 'answered'],
    ['rejected', 'dead', 422, 'answered'],
    ['fault', 'retrying', 500, 'failed'],
    ['throttled', 'retrying', 429, 'failed'],
    ['timeout', 'unknown', null, 'failed'],
    ['invalid', 'dead', null, 'none'],
  ] as const)('that ends %s (%s) with status %s says: %s', async (outcome, state, status, expected) => {
    const one = worker(sharedFlows());
    const result = probing(one);
    await one.deliver(outcome, { state }, { status }, 'probe');
    expect(await result).toBe(expected);
  });

  it('that failed is spared: held again, its attempt seen and not counted, also when it was the last', async () => {
    const one = worker(sharedFlows());
    for (const changes of [{ state: 'retrying' as const }, { state: 'dead' as const, reason: 'retries.exhausted', delayMs: null }]) {
      const result = probing(one);
      const record = await one.deliver('fault', changes, {}, 'probe');
      expect(record).toMatchObject({ state: 'held', heldBy: 'breaker', delayMs: null, spared: true, attempt: { outcome: 'fault' } });
      expect(await result).toBe('failed');
    }
    // What may have been done stays unknown, what the configuration refuses stays refused.
    for (const changes of [{ state: 'unknown' as const }, { state: 'dead' as const, reason: 'rejected' }]) {
      const result = probing(one);
      const record = await one.deliver('timeout', { ...changes, delayMs: null }, {}, 'probe');
      expect(record).toMatchObject(changes);
      expect(record?.spared).toBeUndefined();
      expect(await result).toBe('failed');
    }
  });

  it('that asked in vain what became of a delivery is asked again, and does not count towards leaving that to a person', async () => {
    const one = worker(sharedFlows());
    const result = probing(one);
    const last = { state: 'unknown' as const, lookup: true, delayMs: null, reason: 'lookup.failed' };
    const record = await one.deliver('timeout', last, {}, 'probe');
    expect(record).toMatchObject({ state: 'unknown', lookup: true, spared: true, delayMs: 2_000, reason: 'unanswered' });
    expect(await result).toBe('failed');
  });

  it('teaches nothing when it is not sent, given back, or never ends', async () => {
    const one = worker(sharedFlows());
    expect(await probing(one, false)).toBe('none');
    const back = probing(one);
    await one.givesBack(buildRecord(claimed('probe'), { state: 'pending', attempt: null }), 'probe');
    expect(await back).toBe('none');
    const lost = probing(one);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await lost).toBe('none');
  });
});

describe('back-off', () => {
  it('stops the whole spoke at once and in every worker, until the time is over', async () => {
    const shared = sharedFlows();
    const [one, two] = [worker(shared), worker(shared)];
    one.state.start();
    two.state.start();
    await vi.advanceTimersByTimeAsync(0);
    const record = await one.deliver('throttled', {}, { status: 429, retryAfterMs: 2_000 });
    expect(record).toMatchObject({ state: 'retrying' });
    expect(one.gate.room('erp', 5, 0)).toBe(0);
    await vi.advanceTimersByTimeAsync(310);
    expect(two.gate.room('erp', 5, 0)).toBe(0);
    await vi.advanceTimersByTimeAsync(2_000);
    expect([one.opened, two.opened]).toEqual([['erp'], ['erp']]);
    expect(two.gate.room('erp', 5, 0)).toBe(5);
    // Whoever was told goes on slower than before.
    expect(one.gate.room('erp', 8, 0)).toBe(4);
    await Promise.all([one.state.close(), two.state.close()]);
  });

  it('without a time halves what runs at once, and rises again step by step', async () => {
    const one = worker(sharedFlows());
    await one.deliver('throttled', {}, { status: 429 });
    await one.deliver('throttled', {}, { status: 429 });
    expect([one.gate.room('erp', 8, 0), one.gate.room('erp', 8, 3), one.gate.room('erp', 8, 9)]).toEqual([4, 1, 0]);
    for (let n = 0; n < 4; n++) await one.deliver('ok');
    expect(one.gate.room('erp', 8, 0)).toBe(5);
    for (let n = 0; n < 50; n++) await one.deliver('ok');
    expect(one.gate.room('erp', 100, 0)).toBe(100);
  });
});

describe('pausing', () => {
  it('closes the gate of every worker within moments, and opens it again', async () => {
    const shared = sharedFlows();
    const one = worker(shared);
    one.state.start();
    await vi.advanceTimersByTimeAsync(0);
    shared.shut.add('erp');
    await vi.advanceTimersByTimeAsync(300);
    expect(one.gate.room('erp', 5, 0)).toBe(0);
    shared.shut.clear();
    await vi.advanceTimersByTimeAsync(300);
    expect([one.gate.room('erp', 5, 0), one.opened]).toEqual([5, ['erp']]);
    await one.state.close();
  });
});

describe('the retry budget', () => {
  it('puts retries off when it is used up, and notes it', async () => {
    const one = worker(sharedFlows());
    const delays: number[] = [];
    for (let n = 0; n < 14; n++) {
      const record = await one.deliver('throttled', {}, { status: 429 });
      delays.push(record?.delayMs ?? 0);
    }
    expect(delays.slice(0, 12).every((delay) => delay === 100)).toBe(true);
    expect(delays.at(-1)).toBeGreaterThan(5_000);
    expect(one.noted.some(({ kind }) => kind === 'budget-exhausted')).toBe(true);
  });
});
