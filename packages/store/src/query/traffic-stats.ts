/** Totals of a time window by spoke and route, at bounded cost: slices of the window are read exactly while small and extrapolated when busy. */
import type { Database } from '../database.ts';
import { Prisma } from '../generated/client.ts';
import { guarded } from '../guarded.ts';
import { type Slices, sampled, slicesOf } from './sampled-slices.ts';

export interface TrafficStats {
  asOfMs: number;
  windowMs: number;
  /** False when some slice was too busy to be read whole: figures are then estimates. */
  exact: boolean;
  messages: { spoke: string; received: number; unrouted: number }[];
  /** Deliveries created in the window, by spoke and route. */
  deliveries: DeliveryStats[];
}

export interface DeliveryStats {
  spoke: string;
  route: string;
  total: number;
  succeeded: number;
  dead: number;
  skipped: number;
  cancelled: number;
  open: number;
  /** From creation to end of succeeded deliveries; nulls without any. */
  latencyMs: Percentiles;
}

/** Many short slices follow bursts better than few long ones. */
const SLICES = 200;

/** Only deliveries and messages whose ids lie in the window are read, over the primary key. */
export function trafficStats({ prisma }: Pick<Database, 'prisma'>, nowMs: number, windowMs: number): Promise<TrafficStats> {
  return guarded(async () => {
    const slices = slicesOf(nowMs - windowMs, nowMs, SLICES);
    const [messages, deliveries] = await Promise.all([
      prisma.$queryRaw<(TrafficStats['messages'][number] & { exact: boolean })[]>(messageStatsSql(slices)),
      prisma.$queryRaw<(Omit<DeliveryStats, 'latencyMs'> & Percentiles & { exact: boolean })[]>(deliveryStatsSql(slices)),
    ]);
    return {
      asOfMs: nowMs,
      windowMs,
      exact: [...messages, ...deliveries].every(({ exact }) => exact),
      messages: messages.map(({ spoke, received, unrouted }) => ({ spoke, received, unrouted })),
      deliveries: deliveries.map(({ p50, p95, p99, exact: _exact, ...counts }) => ({ ...counts, latencyMs: latencyOf({ p50, p95, p99 }) })),
    };
  });
}

export interface Percentiles {
  p50: number | null;
  p95: number | null;
  p99: number | null;
}

function messageStatsSql(slices: Slices): Prisma.Sql {
  return Prisma.sql`WITH ${sampled('message', 'spoke, unrouted', slices)}
    SELECT spoke, round(sum(factor))::float8 AS received, coalesce(round(sum(factor) FILTER (WHERE unrouted)), 0)::float8 AS unrouted, bool_and(exact) AS exact
    FROM picked JOIN weight USING (number) GROUP BY spoke ORDER BY spoke`;
}

function deliveryStatsSql(slices: Slices): Prisma.Sql {
  const count = (states: string) => Prisma.raw(`coalesce(round(sum(factor) FILTER (WHERE state IN (${states}))), 0)::float8`);
  const percentile = (share: number) =>
    Prisma.raw(
      `(percentile_cont(${share}) WITHIN GROUP (ORDER BY extract(epoch FROM finished_at - created_at) * 1000) FILTER (WHERE state = 'succeeded'))::float8`,
    );
  return Prisma.sql`WITH ${sampled('delivery', 'spoke, route, state, created_at, finished_at', slices)}
    SELECT spoke, route, round(sum(factor))::float8 AS total, ${count("'succeeded', 'compensated'")} AS succeeded, ${count("'dead'")} AS dead,
      ${count("'skipped'")} AS skipped, ${count("'cancelled'")} AS cancelled, ${count("'pending', 'active', 'retrying', 'held', 'unknown'")} AS open,
      ${percentile(0.5)} AS p50, ${percentile(0.95)} AS p95, ${percentile(0.99)} AS p99, bool_and(exact) AS exact
    FROM picked JOIN weight USING (number) GROUP BY spoke, route ORDER BY spoke, route`;
}

/** Whole milliseconds; clocks that leapt back give none below 0. */
export function latencyOf({ p50, p95, p99 }: Percentiles): Percentiles {
  const ms = (value: number | null) => (value === null ? null : Math.max(0, Math.round(value)));
  return { p50: ms(p50), p95: ms(p95), p99: ms(p99) };
}
