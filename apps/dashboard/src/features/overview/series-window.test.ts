import type { StatsSeries } from '@nave/api-schema';
import { describe, expect, it } from 'vitest';
import { pointsWithin, successShare, sumOf, zoomedQuery } from './series-window.ts';

const NOW = Date.parse('2026-11-21T15:00:00.000Z');
const MINUTE = 60_000;
const point = (at: number, succeeded: number): StatsSeries['points'][number] => ({
  ...{
    at: new Date(at).toISOString(),
    received: 1,
    unrouted: 0,
    total: succeeded + 1,
    succeeded,
    dead: 1,
    skipped: 0,
    cancelled: 0,
    open: 0,
  },
  latencyMs: { p50: null, p95: null, p99: null },
});

describe('a stretch that was zoomed to', () => {
  it('is asked for with a window that covers it, and with finer steps', () => {
    expect(zoomedQuery({ fromMs: NOW - 30 * MINUTE, toMs: NOW - 20 * MINUTE }, NOW)).toEqual({ window: '30m', step: '10s' });
    expect(zoomedQuery({ fromMs: NOW - 24 * 60 * MINUTE, toMs: NOW - 23 * 60 * MINUTE }, NOW)).toEqual({ window: '1440m', step: '173s' });
  });

  it('keeps to what the hub answers', () => {
    expect(zoomedQuery({ fromMs: NOW - MINUTE, toMs: NOW }, NOW)).toEqual({ window: '5m', step: '1s' });
    expect(zoomedQuery({ fromMs: NOW - 8 * 24 * 60 * MINUTE, toMs: NOW }, NOW)).toBeNull();
    expect(zoomedQuery({ fromMs: NOW + MINUTE, toMs: NOW + 2 * MINUTE }, NOW)).toBeNull();
  });

  it('has the points that lie in it, and sums only those', () => {
    const points = [point(NOW - 3 * MINUTE, 2), point(NOW - 2 * MINUTE, 3), point(NOW - MINUTE, 4)];
    const series: StatsSeries = { asOf: new Date(NOW).toISOString(), window: '5m', stepSeconds: 60, exact: true, points };
    const within = pointsWithin(series, { fromMs: NOW - 2 * MINUTE, toMs: NOW - MINUTE });
    expect(within).toEqual([points[1]]);
    expect(sumOf(within)).toEqual({ received: 1, unrouted: 0, total: 4, succeeded: 3, dead: 1, open: 0 });
    expect(sumOf(pointsWithin(series, null)).succeeded).toBe(9);
  });
});

describe('the share of successes', () => {
  it('is missing, not 0 and not 1, where nothing ended', () => {
    expect(successShare({ succeeded: 0, dead: 0 })).toBeNull();
    expect(successShare({ succeeded: 3, dead: 1 })).toBe(0.75);
  });
});
