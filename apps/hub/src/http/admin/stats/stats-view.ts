/** Traffic figures as the API shows them: summed per spoke and per route. */
import type { Stats } from '@nave/api-schema';
import { formatDuration } from '@nave/core';
import type { DeliveryStats, TrafficStats } from '@nave/store';

type Counts = Stats['deliveries'];
type Latency = DeliveryStats['latencyMs'];

export function statsView({ asOfMs, windowMs, exact, messages, deliveries }: TrafficStats): Stats {
  const perSecond = (count: number) => Math.round((count / (windowMs / 1_000)) * 1_000) / 1_000;
  const received = sum(messages.map((row) => row.received));
  const unrouted = sum(messages.map((row) => row.unrouted));
  const group = (by: 'spoke' | 'route') =>
    [...Map.groupBy(deliveries, (row) => row[by])].map(([name, rows]) => ({
      name,
      ...countsOf(rows, perSecond),
      latencyMs: weighted(rows),
    }));
  return {
    asOf: new Date(asOfMs).toISOString(),
    window: formatDuration(windowMs),
    exact,
    messages: { received, unrouted, ratePerSecond: perSecond(received) },
    deliveries: countsOf(deliveries, perSecond),
    sources: messages.map((row) => ({ ...row, ratePerSecond: perSecond(row.received) })),
    spokes: group('spoke').map(({ name, ...rest }) => ({ spoke: name, ...rest })),
    routes: group('route').map(({ name, ...rest }) => ({ route: name, ...rest })),
  };
}

function countsOf(rows: readonly DeliveryStats[], perSecond: (count: number) => number): Counts {
  const of = (field: 'total' | 'succeeded' | 'dead' | 'skipped' | 'cancelled' | 'open') => sum(rows.map((row) => row[field]));
  const [succeeded, dead] = [of('succeeded'), of('dead')];
  const errorShare = succeeded + dead === 0 ? 0 : Math.round((dead / (succeeded + dead)) * 10_000) / 10_000;
  const counts = { total: of('total'), succeeded, dead, skipped: of('skipped'), cancelled: of('cancelled'), open: of('open') };
  return { ...counts, ratePerSecond: perSecond(succeeded), errorShare };
}

/** Percentiles of several groups cannot be joined exactly: the mean weighted by successes is near enough to compare spokes and routes. */
function weighted(rows: readonly DeliveryStats[]): Latency {
  const total = sum(rows.map((row) => (row.latencyMs.p50 === null ? 0 : row.succeeded)));
  const of = (share: 'p50' | 'p95' | 'p99') =>
    total === 0 ? null : Math.round(sum(rows.map((row) => (row.latencyMs[share] ?? 0) * row.succeeded)) / total);
  return { p50: of('p50'), p95: of('p95'), p99: of('p99') };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
