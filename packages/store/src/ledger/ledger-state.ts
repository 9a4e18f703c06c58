/** How far the ledger has come, and which stretch comes next: bounded by rows, so that no turn reads much. */
import type { Database } from '../database.ts';
import { Prisma } from '../generated/client.ts';
import type { Span } from './recount.ts';

/** Runs and messages of a stretch, about. One minute is always taken whole. */
const ROWS_MAX = 20_000;
const SPAN_MAX_MS = 86_400_000;
const MINUTES_MAX = 1_440;

type Prismas = Pick<Database['prisma'], '$queryRaw'>;

/**
 * The next stretch from a moment on, never over midnight (UTC) and never into a day whose rows were dropped; null when there is none before `untilMs`.
 * @param fromMs a whole minute
 */
export async function nextSpan(prisma: Prismas, fromMs: number, untilMs: number): Promise<Span | null> {
  for (let from = fromMs; ; ) {
    const start = await nextKept(prisma, from);
    if (start === null || start >= untilMs) return null;
    const midnight = (Math.floor(start / SPAN_MAX_MS) + 1) * SPAN_MAX_MS;
    const end = Math.min(midnight, untilMs);
    if (!(await wasDropped(prisma, start))) return { fromMs: start, toMs: await affordable(prisma, start, end) };
    from = midnight;
  }
}

async function affordable(prisma: Prismas, fromMs: number, toMs: number): Promise<number> {
  const rows = await prisma.$queryRaw<{ minute: Date; total: number }[]>(Prisma.sql`
    SELECT minute, (sum(sum(accepted)) OVER (ORDER BY minute))::float8 AS total FROM ledger_minute
    WHERE minute >= ${new Date(fromMs).toISOString()}::timestamptz AND minute < ${new Date(toMs).toISOString()}::timestamptz
    GROUP BY minute ORDER BY minute LIMIT ${MINUTES_MAX}`);
  const beyond = rows.find(({ total, minute }) => total > ROWS_MAX && minute.getTime() > fromMs);
  return beyond === undefined ? toMs : beyond.minute.getTime();
}

async function wasDropped(prisma: Prismas, atMs: number): Promise<boolean> {
  const rows = await prisma.$queryRaw<unknown[]>(
    Prisma.sql`SELECT 1 AS dropped FROM ledger_day WHERE day = ${new Date(atMs).toISOString().slice(0, 10)}::date AND dropped_at IS NOT NULL`,
  );
  return rows.length > 0;
}

/** Minutes with open runs are counted again after so long. */
const AGAIN_MS = 60_000;
/** What is open for longer waits for a person: it comes after what is under way. */
const UNDER_WAY_MS = 86_400_000;

/** Minutes that may have changed since they were counted: those under way first, and those not looked at for longest; whole minutes, bounded by rows. */
export async function changingMinutes(prisma: Prismas, fromMs: number, untilMs: number, nowMs: number): Promise<number[]> {
  const recentMs = Math.max(fromMs, nowMs - UNDER_WAY_MS);
  const old = recentMs > fromMs ? await openMinutes(prisma, fromMs, Math.min(recentMs, untilMs), nowMs) : [];
  const rows = [...(await openMinutes(prisma, recentMs, untilMs, nowMs)), ...old];
  const minutes: number[] = [];
  let total = 0;
  for (const { minute, accepted } of rows) {
    total += accepted;
    if (minutes.length > 0 && total > ROWS_MAX) break;
    minutes.push(minute.getTime());
  }
  return minutes;
}

/** Those counted longest ago first; bounded, for thousands of minutes may hold a dead delivery each. */
function openMinutes(prisma: Prismas, fromMs: number, untilMs: number, nowMs: number): Promise<{ minute: Date; accepted: number }[]> {
  const at = (ms: number) => Prisma.sql`${new Date(ms).toISOString()}::timestamptz`;
  return prisma.$queryRaw(Prisma.sql`
    SELECT minute, max(accepted)::int AS accepted FROM (
      SELECT minute, accepted, checked_at FROM ledger_minute
      WHERE open AND minute >= ${at(fromMs)} AND minute < ${at(untilMs)} AND (checked_at IS NULL OR checked_at < ${at(nowMs - AGAIN_MS)})
      ORDER BY checked_at NULLS FIRST LIMIT 200
    ) AS open GROUP BY minute ORDER BY min(checked_at) NULLS FIRST`);
}

/** The first moment from `fromMs` on where something was counted or a partition says that something may be; null when there is none. */
async function nextKept(prisma: Prismas, fromMs: number): Promise<number | null> {
  const from = new Date(fromMs).toISOString();
  const [row] = await prisma.$queryRaw<{ message: string | null; delivery: string | null; minute: Date | null }[]>(Prisma.sql`SELECT
    (${firstPartition('message', from)}) AS message, (${firstPartition('delivery', from)}) AS delivery,
    (SELECT min(minute) FROM ledger_minute WHERE minute >= ${from}::timestamptz) AS minute`);
  const days = [row?.message, row?.delivery].flatMap((name) => (name ? [dayOfPartition(name)] : []));
  const moments = row?.minute ? [...days, row.minute.getTime()] : days;
  return moments.length === 0 ? null : Math.max(fromMs, Math.min(...moments));
}

/** The first day that has a table of its own, by the index of names: a hub that keeps months has thousands of tables and indexes. */
function firstPartition(table: 'message' | 'delivery', from: string): Prisma.Sql {
  // What follows the digits in ASCII ends the range.
  const [low, high] = [`${table}_${from.slice(0, 10).replaceAll('-', '')}`, `${table}_:`];
  return Prisma.sql`SELECT relname::text FROM pg_class WHERE relname >= ${low}::name AND relname < ${high}::name AND relispartition AND relkind = 'r'
      AND relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = ${table}::text::regclass) AND relname ~ '_[0-9]{8}$' ORDER BY relname LIMIT 1`;
}

/** Midnight (UTC) of the day that a table is of, ms since the epoch. */
function dayOfPartition(name: string): number {
  const day = name.slice(-8);
  return Date.UTC(Number(day.slice(0, 4)), Number(day.slice(4, 6)) - 1, Number(day.slice(6)));
}
