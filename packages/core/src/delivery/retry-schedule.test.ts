import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RETRY_PRESETS } from './retry-policy.ts';
import { retrySchedule } from './retry-schedule.ts';

const POLICY = { attempts: 4, baseMs: 1_000, maxMs: 60_000, factor: 2, jitter: true };

describe('retrySchedule', () => {
  it('lists what the policy has left, each counted from the one before', () => {
    expect(retrySchedule(POLICY, 1, 0, 10_000)).toEqual([
      { attempt: 2, atMs: 10_000 },
      { attempt: 3, atMs: 12_000 },
      { attempt: 4, atMs: 16_000 },
    ]);
  });

  it('starts anew after a retry by a person, and goes on counting', () => {
    expect(retrySchedule(POLICY, 4, 4, 0).map(({ attempt }) => attempt)).toEqual([5, 6, 7, 8]);
  });

  it('has nothing to say when nothing is left', () => {
    expect(retrySchedule(POLICY, 4, 0, 0)).toEqual([]);
    expect(retrySchedule(POLICY, 9, 0, 0)).toEqual([]);
  });

  it('shows the published times of standard-webhooks', () => {
    const times = retrySchedule(RETRY_PRESETS['standard-webhooks'], 0, 0, 0).map(({ atMs }) => atMs / 1_000);
    const at = (hours: number, minutes: number, seconds: number) => hours * 3_600 + minutes * 60 + seconds;
    expect(times).toEqual([
      ...[0, 5, at(0, 5, 5), at(0, 35, 5), at(2, 35, 5), at(7, 35, 5)],
      ...[at(17, 35, 5), at(31, 35, 5), at(51, 35, 5), at(75, 35, 5)],
    ]);
  });

  it('spreads stripe over about three days', () => {
    const last = retrySchedule(RETRY_PRESETS.stripe, 0, 0, 0).at(-1);
    expect(last?.atMs).toBeLessThanOrEqual(72 * 3_600_000);
    expect(last?.atMs).toBeGreaterThan(70 * 3_600_000);
  });

  it('is at most twenty entries, numbered on, and never goes back in time', () => {
    fc.assert(
      fc.property(fc.nat(1_000), fc.nat(1_000), fc.integer({ min: 1, max: 2_000 }), (count, base, attempts) => {
        const schedule = retrySchedule({ ...POLICY, attempts }, count, Math.min(base, count), 5);
        expect(schedule.length).toBeLessThanOrEqual(20);
        for (const [n, { attempt, atMs }] of schedule.entries()) {
          expect(attempt).toBe(count + 1 + n);
          expect(atMs).toBeGreaterThanOrEqual(schedule[n - 1]?.atMs ?? 5);
        }
      }),
    );
  });
});
