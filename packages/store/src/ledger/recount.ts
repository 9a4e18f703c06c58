/** Counts the runs and messages of a stretch of time again, from their rows, and sets them beside what was accepted: one statement, so one snapshot. */
import { lowestUuidAt } from '@nave/core';
import { Prisma } from '../generated/client.ts';
import { countedRuns } from './fold-counters.ts';
import { countsOf, RUN_STATE_SQL, RUN_STATES, type RunCounts } from './run-states.ts';

/** Whole minutes: `fromMs` inclusive, `toMs` exclusive, ms since the epoch. */
export interface Span {
  fromMs: number;
  toMs: number;
}

export interface MinuteCount {
  minuteMs: number;
  /** Empty: messages. */
  route: string;
  accepted: number;
  /** Runs of which every step is there, or messages. */
  found: number;
  states: RunCounts;
}

export type Reader = Pick<Prisma.TransactionClient, '$queryRaw'>;

interface Row {
  minute: Date;
  route: string;
  accepted: number;
  found: number;
  states: unknown;
}

/** Reads deliveries and messages of the stretch over their primary keys: ids carry the minute of acceptance, those of replays' deliveries too. */
export async function recount(prisma: Reader, span: Span): Promise<MinuteCount[]> {
  // Known before, so that the planner sees how little is not folded yet; it only grows, so nothing is missed.
  const [state] = await prisma.$queryRaw<{ folded: bigint }[]>(Prisma.sql`SELECT folded_xid AS folded FROM ledger_state WHERE id = 1`);
  const rows = await prisma.$queryRaw<Row[]>(recountSql(span, state?.folded ?? 0n));
  return rows.map(({ minute, states, ...row }) => ({ ...row, minuteMs: minute.getTime(), states: countsOf(states) }));
}

const STATES = Prisma.raw(RUN_STATES.map((state) => `'${state}', count(*) FILTER (WHERE last AND run_state = '${state}')`).join(', '));
const NO_REPLAY = Prisma.raw(`'00000000-0000-0000-0000-000000000000'::uuid`);

/**
 * A run is its delivery of step 0; its state is that of its last delivery. It counts as found only when no step is missing: between the first and the last
 * (`holed`), or after a last one that succeeded (`cut`: the next is inserted in the same transaction).
 */
export function recountSql({ fromMs, toMs }: Span, foldedXid: bigint): Prisma.Sql {
  const [from, to] = [new Date(fromMs).toISOString(), new Date(toMs).toISOString()];
  const [low, high] = [lowestUuidAt(fromMs), lowestUuidAt(toMs)];
  return Prisma.sql`WITH later AS MATERIALIZED (
      SELECT message_id, route, route_version, coalesce(replay_id, ${NO_REPLAY}) AS run, max(step) AS step, count(*) AS n
      FROM delivery WHERE id >= ${low}::uuid AND id < ${high}::uuid AND step > 0 GROUP BY 1, 2, 3, 4
    ), version AS MATERIALIZED (
      SELECT route, version, jsonb_array_length(spec->'steps') AS steps FROM route_version WHERE jsonb_array_length(spec->'steps') > 1
    ), placed AS (
      SELECT nave_minute_of(d.id) AS minute, d.route, d.step = 0 AS first, d.step = coalesce(l.step, 0) AS last, ${Prisma.raw(RUN_STATE_SQL)} AS run_state,
        l.n < l.step AS holed, d.state = 'succeeded' AND d.step + 1 < v.steps AS cut
      FROM delivery d
        LEFT JOIN later l ON l.message_id = d.message_id AND l.route = d.route AND l.route_version = d.route_version AND l.run = coalesce(d.replay_id, ${NO_REPLAY})
        LEFT JOIN version v ON v.route = d.route AND v.version = d.route_version
      WHERE d.id >= ${low}::uuid AND d.id < ${high}::uuid
    ), found AS (
      SELECT minute, route, (count(*) FILTER (WHERE first) - count(*) FILTER (WHERE last AND (cut OR holed)))::int AS found, jsonb_build_object(${STATES}) AS states
      FROM placed GROUP BY minute, route
      UNION ALL
      SELECT nave_minute_of(id), '', count(*)::int, NULL FROM message WHERE id >= ${low}::uuid AND id < ${high}::uuid GROUP BY 1
    ), state AS MATERIALIZED (
      SELECT folded_xid, floor_id FROM ledger_state WHERE id = 1
    ), accepted AS (
      SELECT minute, route, sum(n)::int AS accepted FROM (
        SELECT minute, route, accepted AS n FROM ledger_minute WHERE minute >= ${from}::timestamptz AND minute < ${to}::timestamptz
        UNION ALL
        SELECT minute, route, n FROM (${countedRuns(Prisma.sql`xid >= ${foldedXid}::bigint AND xid >= (SELECT folded_xid FROM state) AND id > (SELECT floor_id FROM state)`)}) AS tail
        WHERE minute >= ${from}::timestamptz AND minute < ${to}::timestamptz
      ) AS both_parts GROUP BY minute, route
    )
    SELECT minute, route, coalesce(a.accepted, 0) AS accepted, coalesce(f.found, 0) AS found, f.states
    FROM accepted a FULL JOIN found f USING (minute, route) ORDER BY minute, route`;
}
