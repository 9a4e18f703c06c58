/** A stretch of time cut into slices whose rows are read whole while they are few, and extrapolated from the first ones when they are many. */
import { lowestUuidAt } from '@nave/core';
import { Prisma } from '../generated/client.ts';

export interface Slices {
  lows: string[];
  highs: string[];
  sliceMs: number;
}

/** Rows read per slice: with 200 slices at most 60,000 of each table, about a tenth of a second. */
const ROWS_PER_SLICE = 300;

/** @param fromMs begin of the first slice @param toMs end of the last one, itself included: what is being accepted this very millisecond is part of it */
export function slicesOf(fromMs: number, toMs: number, count: number): Slices {
  const sliceMs = (toMs - fromMs) / count;
  const edge = (index: number) => lowestUuidAt(Math.round(fromMs + index * sliceMs));
  const lows = Array.from({ length: count }, (_, index) => edge(index));
  const highs = lows.map((_, index) => (index === count - 1 ? lowestUuidAt(toMs + 1) : edge(index + 1)));
  return { lows, highs, sliceMs };
}

/**
 * The CTEs `picked` (the rows of each slice, oldest first, with the slice's `number` from 1) and `weight` (per slice: `factor`, how much longer it is than
 * the time its rows span, and `exact`, whether all of it was read).
 * The whole stretch is named once more, as constants: so the planner leaves out the tables of all other days, which takes most of its time.
 * @param columns names of ours, never a caller's @param only a further condition that an index of the table begins with
 */
export function sampled(
  table: 'message' | 'delivery',
  columns: string,
  { lows, highs, sliceMs }: Slices,
  only: Prisma.Sql = Prisma.empty,
): Prisma.Sql {
  const ms = (id: string) => `('x' || lpad(left(${id}::text, 8) || substr(${id}::text, 10, 4), 16, '0'))::bit(64)::bigint`;
  return Prisma.sql`slice AS MATERIALIZED (SELECT * FROM unnest(${lows}::uuid[], ${highs}::uuid[]) WITH ORDINALITY AS s(low, high, number)),
    picked AS MATERIALIZED (
      SELECT s.number, s.low, t.* FROM slice s CROSS JOIN LATERAL (
        SELECT id, ${Prisma.raw(columns)} FROM ${Prisma.raw(table)}
        WHERE id >= s.low AND id < s.high AND id >= ${lows[0]}::uuid AND id < ${highs.at(-1)}::uuid ${only} ORDER BY id LIMIT ${ROWS_PER_SLICE}
      ) AS t
    ), weight AS (
      SELECT number, count(*) < ${ROWS_PER_SLICE} AS exact,
        CASE WHEN count(*) < ${ROWS_PER_SLICE} THEN 1.0 ELSE greatest(1.0, ${sliceMs}::float8 / greatest(1, ${Prisma.raw(ms('max(id::text)'))} - ${Prisma.raw(ms('min(low::text)'))})) END AS factor
      FROM picked GROUP BY number
    )`;
}
