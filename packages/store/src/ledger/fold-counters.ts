/** Sums the acceptance counters of ended transactions into minutes, each exactly once. */
import type { Database } from '../database.ts';
import { Prisma } from '../generated/client.ts';
import { guarded } from '../guarded.ts';

/** Counters of one transaction of this work; more are the next one's. */
const ROWS_MAX = 5_000;
const TIMEOUT_MS = 20_000;

interface FoldState {
  from: bigint;
  floor: bigint;
  last: bigint;
  xmin: bigint;
  xmax: bigint;
}

/**
 * Only counters of transactions that ended are folded: below the oldest running one none can appear any more. In a cluster restored from a dump transaction
 * numbers start anew: what was folded before is then told by its ids.
 * @returns true when there is more to fold
 */
export async function foldCounters({ prisma }: Pick<Database, 'prisma'>): Promise<boolean> {
  return guarded(async () => {
    if (!(await isDue(prisma))) return false;
    return prisma.$transaction(
      async (tx) => {
        const [state] = await tx.$queryRaw<FoldState[]>(Prisma.sql`SELECT folded_xid AS from, floor_id AS floor, folded_id AS last,
            pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS xmin, pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS xmax
          FROM ledger_state WHERE id = 1 FOR UPDATE`);
        if (state === undefined) return false;
        if (state.from > state.xmax) return restart(tx, state);
        const [step] = await tx.$queryRaw<{ rows: number; end: bigint; last: bigint | null }[]>(Prisma.sql`SELECT count(*)::int AS rows,
            CASE WHEN count(*) > ${ROWS_MAX} THEN max(xid) ELSE ${state.xmin} END AS end, max(id) AS last
          FROM (SELECT id, xid FROM accepted_count WHERE xid >= ${state.from} AND xid < ${state.xmin} AND id > ${state.floor}
            ORDER BY xid, id LIMIT ${ROWS_MAX + 1}) AS next`);
        if (step === undefined || step.rows === 0) return false;
        await addMinutes(tx, Prisma.sql`xid >= ${state.from} AND xid < ${step.end} AND id > ${state.floor}`);
        await tx.$executeRaw(
          Prisma.sql`UPDATE ledger_state SET folded_xid = ${step.end}, folded_id = greatest(folded_id, ${step.last}) WHERE id = 1`,
        );
        return step.rows > ROWS_MAX;
      },
      { timeout: TIMEOUT_MS, maxWait: TIMEOUT_MS },
    );
  });
}

/**
 * Whether there may be something to fold: one look instead of a transaction, in a hub where nothing happens. Counters are looked for between two bounds: from
 * one alone the planner expects so many that it would read the whole table for the first.
 */
export const FOLD_DUE_SQL = Prisma.sql`
  SELECT folded_xid > newest OR EXISTS (SELECT FROM accepted_count WHERE xid >= folded_xid AND xid < newest AND id > floor_id) AS due
  FROM ledger_state CROSS JOIN (SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS newest) AS now WHERE ledger_state.id = 1`;

async function isDue(prisma: Pick<Database['prisma'], '$queryRaw'>): Promise<boolean> {
  const [row] = await prisma.$queryRaw<{ due: boolean }[]>(FOLD_DUE_SQL);
  return row?.due === true;
}

type Tx = Prisma.TransactionClient;

/** What the former cluster counted and had not folded when the dump was made; its transaction numbers lie ahead of ours. */
async function restart(tx: Tx, { last, xmax }: FoldState): Promise<boolean> {
  await addMinutes(tx, Prisma.sql`id > ${last} AND xid >= ${xmax}`);
  // Ids go on where the dump ended: all later ones are this cluster's.
  await tx.$executeRaw(Prisma.sql`UPDATE ledger_state SET folded_xid = 0, folded_id = floor.id, floor_id = floor.id
    FROM (SELECT greatest(max(id), ${last}::bigint) AS id FROM accepted_count WHERE id > ${last} AND xid >= ${xmax}) AS floor WHERE ledger_state.id = 1`);
  return true;
}

async function addMinutes(tx: Tx, which: Prisma.Sql): Promise<void> {
  await tx.$executeRaw(Prisma.sql`INSERT INTO ledger_minute AS m (minute, route, accepted)
    SELECT minute, route, sum(n)::int FROM (${countedRuns(which)}) AS counted GROUP BY minute, route ORDER BY minute, route
    ON CONFLICT (minute, route) DO UPDATE SET accepted = m.accepted + EXCLUDED.accepted, found = NULL, open = true`);
}

/** `(minute, route, n)` of counters; the form of the keys is that of the accept statement: `<route>@<minute>`. */
export function countedRuns(which: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`SELECT (right(run.key, 16) || ':00Z')::timestamptz AS minute, left(run.key, -17) AS route, run.value::int AS n
    FROM accepted_count CROSS JOIN LATERAL jsonb_each_text(runs) AS run WHERE ${which}`;
}
