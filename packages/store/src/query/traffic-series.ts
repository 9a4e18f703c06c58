/** Traffic over time, one point per step: the same bounded reading of slices as the totals, so that it costs the same over any number of rows. */
import type { Database } from '../database.ts';
import { Prisma } from '../generated/client.ts';
import { guarded } from '../guarded.ts';
import { sampled, slicesOf } from './sampled-slices.ts';
import { latencyOf, type Percentiles } from './traffic-stats.ts';

export interface SeriesQuery {
  /** Begin of the first step. */
  fromMs: number;
  stepMs: number;
  /** Steps; the last one may lie partly in the future. */
  count: number;
  /** Messages from it, deliveries to it; null = all. */
  spoke: string | null;
  /** Its deliveries; messages are then the runs that it began. */
  route: string | null;
}

export interface SeriesPoint {
  atMs: number;
  received: number;
  unrouted: number;
  /** Deliveries created in the step, whatever became of them since. */
  total: number;
  succeeded: number;
  dead: number;
  skipped: number;
  cancelled: number;
  open: number;
  /** From creation to end of the succeeded ones; nulls without any. */
  latencyMs: Percentiles;
}

export interface TrafficSeries {
  /** False when some slice was too busy to be read whole: figures are then estimates. */
  exact: boolean;
  points: SeriesPoint[];
}

/** Slices of all steps together, about: each step has at least one. */
const SLICES = 240;

type Point = Omit<SeriesPoint, 'atMs'>;
type MessageBucket = { bucket: number; exact: boolean } & Pick<Point, 'received' | 'unrouted'>;
type DeliveryBucket = { bucket: number; exact: boolean; runs: number } & Percentiles & Omit<Point, 'received' | 'unrouted' | 'latencyMs'>;

export function trafficSeries({ prisma }: Pick<Database, 'prisma'>, query: SeriesQuery): Promise<TrafficSeries> {
  return guarded(async () => {
    const [messages, deliveries] = await Promise.all([
      query.route === null ? prisma.$queryRaw<MessageBucket[]>(messageSeriesSql(query)) : [],
      prisma.$queryRaw<DeliveryBucket[]>(deliverySeriesSql(query)),
    ]);
    const received = new Map(messages.map((row) => [row.bucket, row]));
    const delivered = new Map(deliveries.map((row) => [row.bucket, row]));
    const points = Array.from({ length: query.count }, (_, bucket): SeriesPoint => {
      const of = delivered.get(bucket);
      const came = received.get(bucket);
      return {
        atMs: query.fromMs + bucket * query.stepMs,
        received: (query.route === null ? came?.received : of?.runs) ?? 0,
        unrouted: came?.unrouted ?? 0,
        total: of?.total ?? 0,
        succeeded: of?.succeeded ?? 0,
        dead: of?.dead ?? 0,
        skipped: of?.skipped ?? 0,
        cancelled: of?.cancelled ?? 0,
        open: of?.open ?? 0,
        latencyMs: latencyOf(of ?? { p50: null, p95: null, p99: null }),
      };
    });
    return { exact: [...messages, ...deliveries].every(({ exact }) => exact), points };
  });
}

function slicing({ fromMs, stepMs, count }: SeriesQuery) {
  const perStep = Math.max(1, Math.floor(SLICES / count));
  const slices = slicesOf(fromMs, fromMs + count * stepMs, count * perStep);
  return { slices, bucket: Prisma.raw(`((number - 1) / ${perStep})::int AS bucket`) };
}

/** Exported so that a test can ask PostgreSQL for its plan. */
export function messageSeriesSql(query: SeriesQuery): Prisma.Sql {
  const { slices, bucket } = slicing(query);
  const only = query.spoke === null ? Prisma.empty : Prisma.sql`AND spoke = ${query.spoke}`;
  return Prisma.sql`WITH ${sampled('message', 'unrouted', slices, only)}
    SELECT ${bucket}, round(sum(factor))::float8 AS received, coalesce(round(sum(factor) FILTER (WHERE unrouted)), 0)::float8 AS unrouted,
      bool_and(exact) AS exact
    FROM picked JOIN weight USING (number) GROUP BY 1`;
}

/** Spoke and route are looked at after the rows were picked: no index holds them for finished deliveries. */
export function deliverySeriesSql(query: SeriesQuery): Prisma.Sql {
  const { slices, bucket } = slicing(query);
  const spoke = query.spoke === null ? Prisma.empty : Prisma.sql`AND spoke = ${query.spoke}`;
  const route = query.route === null ? Prisma.empty : Prisma.sql`AND route = ${query.route}`;
  const count = (condition: string) => Prisma.raw(`coalesce(round(sum(factor) FILTER (WHERE ${condition})), 0)::float8`);
  const percentile = (share: number) =>
    Prisma.raw(
      `(percentile_cont(${share}) WITHIN GROUP (ORDER BY extract(epoch FROM finished_at - created_at) * 1000) FILTER (WHERE state = 'succeeded'))::float8`,
    );
  return Prisma.sql`WITH ${sampled('delivery', 'spoke, route, step, replay_id, state, created_at, finished_at', slices)}
    SELECT ${bucket}, round(sum(factor))::float8 AS total, ${count('step = 0 AND replay_id IS NULL')} AS runs,
      ${count("state IN ('succeeded', 'compensated')")} AS succeeded, ${count("state = 'dead'")} AS dead, ${count("state = 'skipped'")} AS skipped,
      ${count("state = 'cancelled'")} AS cancelled, ${count("state IN ('pending', 'active', 'retrying', 'held', 'unknown')")} AS open,
      ${percentile(0.5)} AS p50, ${percentile(0.95)} AS p95, ${percentile(0.99)} AS p99, bool_and(exact) AS exact
    FROM picked JOIN weight USING (number) WHERE true ${spoke} ${route} GROUP BY 1`;
}
