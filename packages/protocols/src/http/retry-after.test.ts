import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRetryAfter } from './retry-after.ts';

const now = Date.UTC(1994, 10, 6, 8, 49, 0);

describe('Retry-After', () => {
  it.each([
    ['0', 0],
    ['120', 120_000],
    [' 7 ', 7_000],
    ['Sun, 06 Nov 1994 08:49:37 GMT', 37_000],
    ['Sunday, 06-Nov-94 08:49:37 GMT', 37_000],
    ['Sun Nov  6 08:49:37 1994', 37_000],
    ['Sun, 06 Nov 1994 08:00:00 GMT', 0],
  ])('%s', (value, waitMs) => {
    expect(parseRetryAfter(value, now)).toBe(waitMs);
  });

  it.each(['', '-1', '1.5', '1e3', 'soon', '2026-11-21', '99999999999', 'Sun, 99 Nov 1994 08:49:37 GMT'])('ignores %j', (value) => {
    expect(parseRetryAfter(value, now)).toBe(null);
  });

  it('is never negative and never throws', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        expect(parseRetryAfter(value, now) ?? 0).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
