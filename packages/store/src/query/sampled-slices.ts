/** A stretch of time cut into slices whose rows are read whole while they are few, and extrapolated from the first ones when they are many. */
import { lowestUuidAt } from '@nave/core';
import { Prisma } from '../generated/client.ts';

export interface Slices {
  lows: string[];
  highs: string[];
}

/** Rows of a slice that are always read. */
const ROWS_PER_SLICE = 300;
/** Rows read in all, divided among the slices that have more: about a tenth of a second of each table. */
const ROWS_MAX = 60_000;

/** @param fromMs begin of the first slice @param toMs end of the last one, itself included: what is being accepted this very millisecond is part of it */
export function slicesOf(fromMs: number, toMs: number, count: number): Slices {
  const sliceMs = (toMs - fromMs) / count;
  const edge = (index: number) => lowestUuidAt(Math.round(fromMs + index * sliceMs));
  const lows = Array.from({ length: count }, (_, index) => edge(index));
  const highs = lows.map((_, index) => (index === count - 1 ? lowestUuidAt(toMs + 1) : edge(index + 1)));
  return { lows, highs };
}

/**
 * The CTEs `picked` (the rows of each slice, oldest first, with the slice's `number` from 1) and `weight` (per slice: `exact`, whether all of it was read, and
 * `factor`, how much longer it goes on than what was read of it). Where few slices are busy they are read whole: a burst is not extrapolated.
 * The whole stretch is named once more, as constants: so the planner leaves out the tables of all other days, which takes most of its time.
 * @param columns names of ours, never a caller's @param only a further condition that an index of the table begins with
 */
export function sampled(
  table: 'message' | 'delivery',
  columns: string,
  { lows, highs }: Slices,
  only: Prisma.Sql = Prisma.empty,
): Prisma.Sql {
  const ms = (id: string) => Prisma.raw(`('x' || lpad(left(${id}::text, 8) || substr(${id}::text, 10, 4), 16, '0'))::bit(64)::bigint`);
  const rows = Prisma.sql`FROM ${Prisma.raw(table)} WHERE id >= s.low AND id < s.high AND id >= ${lows[0]}::uuid AND id < ${highs.at(-1)}::uuid ${only}`;
  return Prisma.sql`slice AS MATERIALIZED (SELECT * FROM unnest(${lows}::uuid[], ${highs}::uuid[]) WITH ORDINALITY AS s(low, high, number)),
    share AS MATERIALIZED (
      SELECT greatest(${ROWS_PER_SLICE}, ${ROWS_MAX} / greatest(1, count(*))) AS most
      FROM slice s CROSS JOIN LATERAL (SELECT id ${rows} ORDER BY id OFFSET ${ROWS_PER_SLICE} LIMIT 1) AS busy
    ), picked AS MATERIALIZED (
      SELECT s.number, t.* FROM slice s CROSS JOIN LATERAL (SELECT id, ${Prisma.raw(columns)} ${rows} ORDER BY id LIMIT (SELECT most FROM share)) AS t
    ), reached AS (
      SELECT number, max(id::text)::uuid AS last, count(*) AS n FROM picked GROUP BY number
    ), weight AS MATERIALIZED (
      SELECT number, beyond.last IS NULL AS exact,
        coalesce((${ms('beyond.last')} - ${ms('s.low')}) / greatest(1, ${ms('r.last')} - ${ms('s.low')})::float8, 1) AS factor
      FROM reached r JOIN slice s USING (number)
        LEFT JOIN LATERAL (SELECT id AS last ${rows} AND id > r.last ORDER BY id DESC LIMIT 1) AS beyond ON r.n = (SELECT most FROM share)
    )`;
}
