/** The figures of the queues, from delivery rows: open rows over the partial indexes, speed from a bounded sample of what finished just now. */
import { lowestUuidAt } from '@nave/core';
import type { Database } from '../database.ts';
import { Prisma } from '../generated/client.ts';
import { guarded } from '../guarded.ts';

export interface QueueFigures {
  spoke: string;
  paused: boolean;
  depth: { pending: number; active: number; retrying: number; held: number; unknown: number; dead: number };
  /** Age of the oldest delivery that should be under way (pending, active or retrying); 0 when there is none. */
  oldestSeconds: number;
  /** Deliveries finished per second, over the last minute. */
  ratePerSecond: number;
  /** From creation to end, of succeeded deliveries that finished in the last minute; nulls without any. */
  latencyMs: { p50: number | null; p95: number | null; p99: number | null };
}

/** Newest deliveries looked at for speed; under more traffic the rate is extrapolated from the time they span. */
const SAMPLE_MAX = 20_000;
/** Deliveries looked at just before the oldest open one of a spoke that works off a backlog. */
const BACKLOG_SAMPLE_MAX = 1_000;
const WINDOW_MS = 60_000;
/** A delivery that took longer than this from creation to end is only seen when its spoke has a backlog. */
const RECENT_MS = 600_000;

interface DepthRow {
  spoke: string;
  state: keyof QueueFigures['depth'];
  count: number;
  oldest: Date | null;
  oldestId: string | null;
}

interface SpeedRow {
  spoke: string;
  rate: number;
  p50: number | null;
  p95: number | null;
  p99: number | null;
}

type Reader = Pick<Database['prisma'], '$queryRaw' | 'spoke'>;

/** Figures of every spoke (or of one), in the order of their names. Spokes that were deleted but still have open deliveries are there too. */
export function queueFigures({ prisma }: Pick<Database, 'prisma'>, nowMs: number, only: string | null = null): Promise<QueueFigures[]> {
  return guarded(async () => {
    const [spokes, depths, recent] = await Promise.all([
      prisma.spoke.findMany({ where: only === null ? {} : { name: only }, select: { name: true, paused: true } }),
      prisma.$queryRaw<DepthRow[]>(depthSql(only)),
      prisma.$queryRaw<SpeedRow[]>(speedSql(nowMs, only)),
    ]);
    const backlog = await backlogSpeed(prisma, nowMs, depths);
    const byDepth = Map.groupBy(depths, ({ spoke }) => spoke);
    const paused = new Map(spokes.map(({ name, paused: is }) => [name, is]));
    const names = [...new Set([...paused.keys(), ...byDepth.keys()])].sort();
    return names.map((spoke) => {
      const rows = byDepth.get(spoke) ?? [];
      const oldest = rows.flatMap((row) => (row.oldest === null ? [] : [row.oldest.getTime()]));
      const speed = faster(
        recent.find((row) => row.spoke === spoke),
        backlog.get(spoke),
      );
      return {
        spoke,
        paused: paused.get(spoke) ?? false,
        depth: depthOf(rows),
        oldestSeconds: oldest.length === 0 ? 0 : Math.max(0, (nowMs - Math.min(...oldest)) / 1_000),
        ratePerSecond: speed?.rate ?? 0,
        latencyMs: latencyOf(speed),
      };
    });
  });
}

/** Open rows by spoke and state. Every branch is a partial index: finished rows are in none of them. */
export function depthSql(only: string | null): Prisma.Sql {
  const spoke = only === null ? Prisma.empty : Prisma.sql`AND spoke = ${only}`;
  return Prisma.sql`
    SELECT spoke, state::text AS state, count(*)::int AS count, min(created_at) AS oldest, min(id::text) AS "oldestId"
    FROM delivery WHERE due_at IS NOT NULL AND state IN ('pending', 'active', 'retrying') ${spoke} GROUP BY spoke, state
    UNION ALL
    SELECT spoke, state::text, count(*)::int, NULL, NULL FROM delivery WHERE state IN ('held', 'unknown', 'dead') ${spoke} GROUP BY spoke, state`;
}

/** Speed by spoke from the newest deliveries by id. */
export function speedSql(nowMs: number, only: string | null): Prisma.Sql {
  const now = Prisma.sql`${new Date(nowMs).toISOString()}::timestamptz`;
  const spoke = only === null ? Prisma.empty : Prisma.sql`AND spoke = ${only}`;
  return Prisma.sql`
    WITH sample AS MATERIALIZED (
      SELECT spoke, state, created_at, finished_at FROM delivery WHERE id >= ${lowestUuidAt(nowMs - RECENT_MS)}::uuid
      ORDER BY id DESC LIMIT ${SAMPLE_MAX}
    ), span AS (
      SELECT CASE WHEN count(*) < ${SAMPLE_MAX} THEN 60.0 ELSE least(60.0, greatest(0.1, extract(epoch FROM ${now} - min(created_at)))) END AS seconds FROM sample
    )
    SELECT spoke, (count(*) / (SELECT seconds FROM span))::float8 AS rate, ${percentiles()}
    FROM sample WHERE finished_at > ${now} - (SELECT seconds FROM span) * interval '1 second' ${spoke} GROUP BY spoke`;
}

/** A spoke that works off a backlog finishes deliveries much older than the newest ones: they lie just before its oldest open one. */
async function backlogSpeed(prisma: Reader, nowMs: number, depths: readonly DepthRow[]): Promise<Map<string, SpeedRow>> {
  const oldest = new Map<string, string>();
  for (const { spoke, state, oldestId } of depths) {
    if (state === 'retrying' || oldestId === null) continue;
    const known = oldest.get(spoke);
    if (known === undefined || oldestId < known) oldest.set(spoke, oldestId);
  }
  const late = [...oldest].filter(([, id]) => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16) < nowMs - 5_000).slice(0, 100);
  if (late.length === 0) return new Map();
  const now = Prisma.sql`${new Date(nowMs).toISOString()}::timestamptz`;
  const rows = await prisma.$queryRaw<SpeedRow[]>(Prisma.sql`
    SELECT b.spoke, s.* FROM unnest(${late.map(([spoke]) => spoke)}::text[], ${late.map(([, id]) => id)}::uuid[]) AS b(spoke, id) CROSS JOIN LATERAL (
      SELECT (count(*) / greatest(0.1, CASE WHEN count(*) < ${BACKLOG_SAMPLE_MAX} THEN ${WINDOW_MS / 1_000} ELSE extract(epoch FROM ${now} - min(finished_at)) END))::float8 AS rate,
        ${percentiles()}
      FROM (SELECT * FROM delivery d WHERE d.id < b.id ORDER BY d.id DESC LIMIT ${BACKLOG_SAMPLE_MAX}) AS d
      WHERE d.spoke = b.spoke AND finished_at > ${now} - interval '60 seconds' HAVING count(*) > 0
    ) AS s`);
  return new Map(rows.map((row) => [row.spoke, row]));
}

function percentiles(): Prisma.Sql {
  const of = (share: number) =>
    Prisma.raw(
      `(percentile_cont(${share}) WITHIN GROUP (ORDER BY extract(epoch FROM finished_at - created_at) * 1000) FILTER (WHERE state = 'succeeded'))::float8`,
    );
  return Prisma.sql`${of(0.5)} AS p50, ${of(0.95)} AS p95, ${of(0.99)} AS p99`;
}

function depthOf(rows: readonly DepthRow[]): QueueFigures['depth'] {
  const depth = { pending: 0, active: 0, retrying: 0, held: 0, unknown: 0, dead: 0 };
  for (const { state, count } of rows) if (state in depth) depth[state] += count;
  return depth;
}

function faster(a: SpeedRow | undefined, b: SpeedRow | undefined): SpeedRow | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a.rate >= b.rate ? a : b;
}

function latencyOf(speed: SpeedRow | undefined): QueueFigures['latencyMs'] {
  const ms = (value: number | null | undefined) => (value === null || value === undefined ? null : Math.max(0, Math.round(value)));
  return { p50: ms(speed?.p50), p95: ms(speed?.p95), p99: ms(speed?.p99) };
}
