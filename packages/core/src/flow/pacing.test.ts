import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AdaptiveLimit } from './adaptive-limit.ts';
import { evidenceOf } from './breaker-evidence.ts';
import { estimateSeconds, rampOf, rampSeconds, rampTotal } from './ramp.ts';
import { BUDGET_DELAY_MAX_MS, RetryAllowance } from './retry-allowance.ts';

describe('a ramp', () => {
  const ramps = fc
    .tuple(fc.integer({ min: 1, max: 1_000 }), fc.integer({ min: 1, max: 100_000 }))
    .map(([start, max]) => rampOf(start, max));

  it('starts small, doubles each second and never goes faster than its bound', () => {
    const ramp = rampOf(10, 80);
    expect(rampTotal(ramp, 0)).toBe(10);
    const perSecond = [1, 2, 3, 4, 5].map((s) => rampTotal(ramp, s * 1_000) - rampTotal(ramp, (s - 1) * 1_000));
    expect(perSecond.map(Math.round)).toEqual([14, 29, 58, 80, 80]);
    fc.assert(
      fc.property(ramps, fc.nat(100_000), fc.nat(10_000), (each, atMs, moreMs) => {
        const more = rampTotal(each, atMs + moreMs) - rampTotal(each, atMs);
        expect(more).toBeGreaterThanOrEqual(0);
        expect(more).toBeLessThanOrEqual((each.max * moreMs) / 1_000 + 1e-6 * (1 + rampTotal(each, atMs)));
      }),
    );
  });

  it('tells how long so many take', () => {
    expect(rampSeconds(rampOf(10, 500), 0)).toBe(0);
    expect([rampSeconds(rampOf(10, 2), 3), estimateSeconds(rampOf(10, 2), 3), estimateSeconds(rampOf(10, 500), 1_000)]).toEqual([1, 2, 7]);
    fc.assert(
      fc.property(ramps, fc.integer({ min: 1, max: 1_000_000 }), (ramp, count) => {
        const seconds = rampSeconds(ramp, count);
        expect(rampTotal(ramp, seconds * 1_000)).toBeGreaterThanOrEqual(count - 0.01);
        if (seconds > 1) expect(rampTotal(ramp, (seconds - 1) * 1_000)).toBeLessThan(count + 0.01);
      }),
    );
  });

  it('never starts faster than it may go', () => {
    expect(rampOf(100, 5)).toEqual({ start: 5, max: 5 });
    expect(rampOf(0, null)).toEqual({ start: 1, max: 500 });
  });
});

describe('a retry budget', () => {
  it('lets retries go while it lasts, then spreads them at its floor, and drops none', () => {
    const budget = new RetryAllowance({ ratio: 0, perMinute: 60 }, 0);
    const waits = Array.from({ length: 720 }, () => budget.take(0, 0.5));
    expect(waits.slice(0, 120).every((wait) => wait === 0)).toBe(true);
    expect(waits[120]).toBe(1_000);
    expect(waits[179]).toBe(60_000);
    expect(waits.at(-1)).toBe(BUDGET_DELAY_MAX_MS);
  });

  it('is earned by first attempts and by time', () => {
    const budget = new RetryAllowance({ ratio: 0.5, perMinute: 6 }, 0);
    for (let n = 0; n < 12; n++) budget.take(0, 0);
    expect(budget.take(0, 0.5)).toBe(10_000);
    for (let n = 0; n < 4; n++) budget.earn();
    expect(budget.take(0, 0.5)).toBe(0);
    expect(budget.take(10_000, 0.5)).toBe(0);
    expect(budget.take(10_000, 0.5)).toBe(10_000);
  });

  it('never puts off longer than its bound, nor by less than nothing, and recovers from any debt within it', () => {
    fc.assert(
      fc.property(
        fc.record({ ratio: fc.double({ min: 0, max: 10, noNaN: true }), perMinute: fc.nat(10_000) }),
        fc.array(fc.tuple(fc.boolean(), fc.nat(5_000), fc.double({ min: 0, max: 0.999, noNaN: true })), { maxLength: 200 }),
        (terms, steps) => {
          const budget = new RetryAllowance(terms, 0);
          let now = 0;
          for (const [retry, passedMs, random] of steps) {
            now += passedMs;
            if (!retry) budget.earn();
            else {
              const wait = budget.take(now, random);
              expect(wait).toBeGreaterThanOrEqual(0);
              expect(wait).toBeLessThanOrEqual(BUDGET_DELAY_MAX_MS);
            }
          }
          if (terms.perMinute > 0) expect(budget.take(now + BUDGET_DELAY_MAX_MS + 60_000, 0)).toBe(0);
        },
      ),
    );
  });
});

describe('an adaptive limit', () => {
  it('halves once for refusals that come together, never to nothing, and rises by one for each full round', () => {
    const limit = new AdaptiveLimit(8);
    limit.refused(0);
    limit.refused(10);
    expect(limit.allowed).toBe(4);
    expect([limit.took(), limit.took(), limit.took(), limit.took()]).toEqual([false, false, false, true]);
    expect(limit.allowed).toBe(5);
    for (let n = 1; n < 9; n++) limit.refused(n * 1_000);
    expect(limit.allowed).toBe(1);
    expect(limit.took()).toBe(true);
  });
});

describe('evidence', () => {
  it.each([
    ['ok', 200, 'up'],
    ['rejected', 422, 'up'],
    ['rejected', null, 'none'],
    ['invalid', null, 'none'],
    ['invalid', 200, 'up'],
    ['fault', 500, 'down'],
    ['timeout', null, 'down'],
    ['unreachable', null, 'down'],
    ['throttled', 429, 'none'],
    ['unknown', null, 'none'],
  ] as const)('%s with status %s: %s', (outcome, status, expected) => {
    expect(evidenceOf(outcome, status)).toBe(expected);
  });
});
