import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffMs, RETRY_PRESETS } from './retry-policy.ts';

const policy = fc.record({
  attempts: fc.integer({ min: 1, max: 1_000 }),
  baseMs: fc.nat(10_000_000),
  maxMs: fc.nat(100_000_000),
  factor: fc.double({ min: 1, max: 50, noNaN: true }),
  jitter: fc.boolean(),
});
const attempt = fc.integer({ min: 1, max: 5_000 });
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('backoffMs', () => {
  it('doubles from the base to the cap', () => {
    const plain = { attempts: 10, baseMs: 1_000, maxMs: 5_000, factor: 2, jitter: false };
    expect([1, 2, 3, 4, 5].map((n) => backoffMs(plain, n, 0.7))).toEqual([1_000, 2_000, 4_000, 5_000, 5_000]);
  });

  it('stays between nothing and the cap, in whole milliseconds, however many attempts there were', () => {
    fc.assert(
      fc.property(policy, attempt, random, (of, n, chance) => {
        const ms = backoffMs(of, n, chance);
        expect(Number.isInteger(ms)).toBe(true);
        expect(ms).toBeGreaterThanOrEqual(0);
        expect(ms).toBeLessThanOrEqual(of.maxMs);
      }),
    );
  });

  it('draws from the whole range with full jitter', () => {
    const jittered = { attempts: 10, baseMs: 1_000, maxMs: 60_000, factor: 2, jitter: true };
    expect(backoffMs(jittered, 3, 0)).toBe(0);
    expect(backoffMs(jittered, 3, 0.5)).toBe(2_000);
    expect(backoffMs(jittered, 3, 0.999_999)).toBe(4_000);
  });
});

describe('the presets', () => {
  it.each(Object.entries(RETRY_PRESETS))('%s has a delay for every attempt but the last', (_name, preset) => {
    if ('scheduleMs' in preset) expect(preset.scheduleMs).toHaveLength(preset.attempts - 1);
    for (let n = 1; n < preset.attempts; n++) expect(backoffMs(preset, n, 0.5)).toBeGreaterThan(0);
  });

  it('spreads standard-webhooks as its specification says, within a tenth', () => {
    const first = RETRY_PRESETS['standard-webhooks'];
    expect([0, 0.999].map((chance) => Math.round(backoffMs(first, 1, chance) / 100))).toEqual([45, 55]);
    const total = Array.from({ length: 9 }, (_, n) => backoffMs(first, n + 1, 0.5)).reduce((a, b) => a + b, 0);
    expect(total / 3_600_000).toBeCloseTo(75.6, 0);
  });
});
