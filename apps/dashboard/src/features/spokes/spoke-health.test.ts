import type { Queue } from '@nave/api-schema';
import { describe, expect, it } from 'vitest';
import { spokeState, waitingOf } from './spoke-health.ts';

const queue = (more: Partial<Queue> = {}): Queue => ({
  spoke: 'erp',
  depth: { pending: 1, active: 2, retrying: 3, held: 4, unknown: 5, dead: 6 },
  oldestSeconds: 0,
  ratePerSecond: 0,
  latencyMs: { p50: null, p95: null, p99: null },
  paused: false,
  breaker: 'closed',
  flow: { openedAt: null, probeAt: null, throttledUntil: null, draining: null, retryBudgetExhaustedAt: null },
  ...more,
});
const on = { enabled: true, paused: false };

describe('the state of a spoke', () => {
  it('tells what a person did before what happened', () => {
    expect(spokeState({ enabled: false, paused: true }, queue({ breaker: 'open' }), 5, 0)).toBe('disabled');
    expect(spokeState({ enabled: true, paused: true }, queue({ breaker: 'open' }), 5, 0)).toBe('paused');
    expect(spokeState(on, queue({ breaker: 'half-open' }), 5, 0)).toBe('half-open');
  });

  it('is throttled only while the system still asks for patience', () => {
    const patient = queue({ flow: { ...queue().flow, throttledUntil: '2026-01-01T00:00:10.000Z' } });
    expect(spokeState(on, patient, 5, Date.parse('2026-01-01T00:00:09Z'))).toBe('throttled');
    expect(spokeState(on, patient, 5, Date.parse('2026-01-01T00:00:11Z'))).toBe('healthy');
  });

  it('is idle without traffic, and not called so while the traffic is not known', () => {
    expect(spokeState(on, queue(), 0, 0)).toBe('idle');
    expect(spokeState(on, queue(), null, 0)).toBe('healthy');
    expect(spokeState(on, null, 0, 0)).toBe('idle');
  });

  it('counts as waiting what is not on its way, and nothing that is over', () => {
    expect(waitingOf(queue())).toBe(8);
    expect(waitingOf(undefined)).toBeNull();
  });
});
