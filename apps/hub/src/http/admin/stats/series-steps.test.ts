import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seriesSteps } from './series-steps.ts';

const NOW = Date.parse('2026-11-21T08:00:07.123Z');

describe('the steps of a series', () => {
  it.each([
    ['5m', 5, 61],
    ['1h', 30, 121],
    ['24h', 900, 97],
    ['7d', 7_200, 85],
  ])('of %s are %d s long', (window, seconds, count) => {
    const steps = seriesSteps(NOW, window);
    expect(steps).toMatchObject({ stepMs: seconds * 1_000, count });
    expect(steps.fromMs % steps.stepMs).toBe(0);
  });

  it('cover the window up to this moment, whatever it is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 7 * 24 * 60 }), fc.integer({ min: 0, max: 4e12 }), (minutes, now) => {
        const { windowMs, fromMs, stepMs, count } = seriesSteps(now, `${minutes}m`);
        expect(count).toBeLessThanOrEqual(121);
        expect(fromMs <= now - windowMs + stepMs && fromMs + count * stepMs > now).toBe(true);
        expect(fromMs + (count - 1) * stepMs <= now).toBe(true);
      }),
    );
  });

  it('may be given', () => {
    expect(seriesSteps(NOW, '1h', '10s')).toMatchObject({ stepMs: 10_000, count: 361 });
  });

  it.each([
    ['4m', undefined],
    ['8d', undefined],
    ['1h', '1s'],
    ['1h', '2h'],
    ['1h', '7500ms'],
    ['5m', '0s'],
  ])('window %s with step %s is refused', (window, step) => {
    expect(() => seriesSteps(NOW, window, step)).toThrow(expect.objectContaining({ code: 'request.malformed' }));
  });
});
