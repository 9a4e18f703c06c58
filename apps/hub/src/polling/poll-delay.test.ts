import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pollBackoffMs } from './poll-delay.ts';

describe('the rest of a poll that failed', () => {
  it.each([
    [60_000, 1, 30_000],
    [60_000, 2, 60_000],
    [60_000, 6, 900_000],
    [60_000, 1_000, 900_000],
    [5_000, 1, 5_000],
    [3_600_000, 20, 3_600_000],
  ])('with an interval of %i ms and %i failures is %i ms', (everyMs, failures, rest) => {
    expect(pollBackoffMs(everyMs, failures, 0, 0.5)).toBe(rest);
  });

  it('is never shorter than the system asked for, and never endless', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1_000, max: 604_800_000 }),
        fc.integer({ min: 1, max: 1e6 }),
        fc.double(),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (every, failures, told, random) => {
          const rest = pollBackoffMs(every, failures, told, random);
          expect(rest).toBeGreaterThan(0);
          expect(rest).toBeLessThanOrEqual(Math.max(every, 900_000) * 1.25 + 86_400_000);
          if (told > 0 && told <= 86_400_000) expect(rest).toBeGreaterThanOrEqual(Math.floor(told));
        },
      ),
    );
  });
});
