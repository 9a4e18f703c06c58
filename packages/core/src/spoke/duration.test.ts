import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration } from './duration.ts';

describe('parseDuration', () => {
  it.each([
    ['250ms', 250],
    ['10s', 10_000],
    ['5m', 300_000],
    ['1h', 3_600_000],
    ['7d', 604_800_000],
    ['0s', 0],
  ])('%s is %i ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each(['', '10', 's', '-1s', '1.5s', '1 s', ' 1s', '1s\n', '1S', '1w', '1e3s', '1234567890s', '٣s', '1msx', 'constructor'])(
    '%j is none',
    (text) => {
      expect(parseDuration(text)).toBeNull();
    },
  );

  it('is none where milliseconds can no longer be counted exactly', () => {
    expect(parseDuration('999999999d')).toBeNull();
    expect(parseDuration('104249991d')).toBe(104_249_991 * 86_400_000);
  });

  it('reads back what formatDuration writes', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 999_999_999 }), (ms) => void expect(parseDuration(formatDuration(ms))).toBe(ms)));
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const ms = parseDuration(text);
        expect(ms === null || (Number.isSafeInteger(ms) && ms >= 0)).toBe(true);
      }),
    );
  });
});
