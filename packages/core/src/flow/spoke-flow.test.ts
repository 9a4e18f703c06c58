import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FlowEvent, nextFlow, ORDINARY_FLOW, type SpokeFlow, THROTTLE_MAX_MS } from './spoke-flow.ts';

const POLICY = { threshold: 3, cooldownMs: 1_000 };
const failed = (failures = 1): FlowEvent => ({ kind: 'observed', reset: false, failures, ...POLICY });
const worked = (failures = 0): FlowEvent => ({ kind: 'observed', reset: true, failures, ...POLICY });
const probed = (result: 'answered' | 'failed' | 'none'): FlowEvent => ({ kind: 'probed', result, cooldownMs: POLICY.cooldownMs });
const PROBING: FlowEvent = { kind: 'probing', leaseMs: 5_000 };

function walk(events: readonly (readonly [atMs: number, event: FlowEvent])[], from: SpokeFlow = ORDINARY_FLOW): SpokeFlow {
  return events.reduce((flow, [atMs, event]) => nextFlow(flow, event, atMs), from);
}

describe('the breaker', () => {
  it('opens at so many failures in a row over all workers, and not before', () => {
    expect(walk([[1, failed(2)]])).toMatchObject({ breaker: 'closed', failures: 2 });
    expect(
      walk([
        [1, failed(2)],
        [2, failed()],
      ]),
    ).toMatchObject({ breaker: 'open', openedAtMs: 2, probeAtMs: 1_002 });
  });

  it('counts anew after a success', () => {
    expect(
      walk([
        [1, failed(2)],
        [2, worked(1)],
        [3, failed()],
      ]),
    ).toMatchObject({ breaker: 'closed', failures: 2 });
    expect(
      walk([
        [1, failed(2)],
        [2, worked()],
      ]),
    ).toEqual(ORDINARY_FLOW);
  });

  it('opens once: what was under way then changes nothing, neither way', () => {
    const open = walk([[1, failed(3)]]);
    expect(walk([[2, failed(9)]], open)).toBe(open);
    expect(walk([[2, worked()]], open)).toBe(open);
  });

  it('lets one probe go when the cooldown has passed, and another when that one was lost', () => {
    const open = walk([[0, failed(3)]]);
    expect(nextFlow(open, PROBING, 999)).toBe(open);
    const half = nextFlow(open, PROBING, 1_000);
    expect(half).toMatchObject({ breaker: 'half-open', openedAtMs: 0, probeAtMs: 6_000 });
    expect(nextFlow(half, PROBING, 5_999)).toBe(half);
    expect(nextFlow(half, PROBING, 6_000)).toMatchObject({ breaker: 'half-open', probeAtMs: 11_000 });
  });

  it('closes and drains when the probe is answered, waits a cooldown more when it failed, and little when it taught nothing', () => {
    const half = walk([
      [0, failed(3)],
      [1_000, PROBING],
    ]);
    expect(nextFlow(half, probed('answered'), 1_100)).toEqual({ ...ORDINARY_FLOW, drain: { startedAtMs: 1_100, rate: null } });
    expect(nextFlow(half, probed('failed'), 1_100)).toMatchObject({ breaker: 'open', openedAtMs: 0, probeAtMs: 2_100 });
    expect(nextFlow({ ...half }, { kind: 'probed', result: 'none', cooldownMs: 60_000 }, 1_100)).toMatchObject({ probeAtMs: 2_100 });
    // The answer of a probe that was taken for lost, after another one has decided.
    expect(nextFlow(ORDINARY_FLOW, probed('failed'), 9)).toBe(ORDINARY_FLOW);
  });

  it('keeps its order in any sequence of events: open only from enough failures, half-open only when due, closed only by an answer or a person', () => {
    const event = fc.oneof<fc.Arbitrary<FlowEvent>[]>(
      fc.record({ reset: fc.boolean(), failures: fc.nat(4) }).map((seen) => ({ kind: 'observed', ...POLICY, ...seen })),
      fc.constant(PROBING),
      fc.constantFrom<FlowEvent>(probed('answered'), probed('failed'), probed('none')),
      fc.nat(2 * THROTTLE_MAX_MS).map((forMs) => ({ kind: 'throttled', forMs })),
      fc.constantFrom<FlowEvent>({ kind: 'drain', rate: 7 }, { kind: 'drained' }, { kind: 'budget-exhausted' }, { kind: 'reset' }),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(2_000), event), { maxLength: 60 }), (steps) => {
        let flow = ORDINARY_FLOW;
        let now = 0;
        let inARow = 0;
        for (const [passedMs, each] of steps) {
          now += passedMs;
          const next = nextFlow(flow, each, now);
          if (each.kind === 'observed' && flow.breaker === 'closed') inARow = (each.reset ? 0 : inARow) + each.failures;
          if (next.breaker !== flow.breaker) {
            if (next.breaker === 'open' && flow.breaker === 'closed') expect(inARow).toBeGreaterThanOrEqual(POLICY.threshold);
            if (next.breaker === 'half-open') expect(flow.probeAtMs).toBeLessThanOrEqual(now);
            if (next.breaker === 'closed') expect(each.kind === 'reset' || each.kind === 'probed').toBe(true);
          }
          if (next.breaker === 'closed') {
            expect(next).toMatchObject({ openedAtMs: null, probeAtMs: null });
            expect(next.failures).toBeLessThan(POLICY.threshold);
          } else expect(next.probeAtMs).not.toBeNull();
          if (next.breaker === 'closed' && flow.breaker !== 'closed') inARow = 0;
          if (each.kind === 'reset') inARow = 0;
          expect(next.throttledUntilMs ?? 0).toBeLessThanOrEqual(now + THROTTLE_MAX_MS);
          expect(next.throttledUntilMs ?? 0).toBeGreaterThanOrEqual(flow.throttledUntilMs ?? 0);
          flow = next;
        }
      }),
    );
  });
});

describe('back-off', () => {
  it('only ever grows, up to its bound, and takes no nonsense', () => {
    const held = nextFlow(ORDINARY_FLOW, { kind: 'throttled', forMs: 5_000 }, 100);
    expect(held.throttledUntilMs).toBe(5_100);
    expect(nextFlow(held, { kind: 'throttled', forMs: 1_000 }, 200)).toBe(held);
    expect(nextFlow(held, { kind: 'throttled', forMs: 86_400_000 }, 200).throttledUntilMs).toBe(200 + THROTTLE_MAX_MS);
    for (const forMs of [Number.NaN, -5, 0]) expect(nextFlow(ORDINARY_FLOW, { kind: 'throttled', forMs }, 100)).toBe(ORDINARY_FLOW);
  });
});

describe('drains and budgets', () => {
  it('start and end, and an empty budget is noted once a minute', () => {
    const draining = nextFlow(ORDINARY_FLOW, { kind: 'drain', rate: 10 }, 5);
    expect(draining.drain).toEqual({ startedAtMs: 5, rate: 10 });
    expect(nextFlow(draining, { kind: 'drained' }, 9)).toEqual(ORDINARY_FLOW);
    const noted = nextFlow(ORDINARY_FLOW, { kind: 'budget-exhausted' }, 1);
    expect(nextFlow(noted, { kind: 'budget-exhausted' }, 60_000)).toBe(noted);
    expect(nextFlow(noted, { kind: 'budget-exhausted' }, 60_001).budgetExhaustedAtMs).toBe(60_001);
  });
});
