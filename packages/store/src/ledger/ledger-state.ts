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

/** Minutes that may have changed since they were counted, those not looked at for longest first; whole minutes, bounded by rows. */
export async function changingMinutes(prisma: Prismas, fromMs: number, untilMs: number, notSinceMs: number): Promise<number[]> {
  const rows = await prisma.$queryRaw<{ minute: Date; accepted: number }[]>(Prisma.sql`
    SELECT minute, max(accepted)::int AS accepted FROM (
      SELECT minute, accepted, checked_at FROM ledger_minute
      WHERE open AND minute >= ${new Date(fromMs).toISOString()}::timestamptz AND minute < ${new Date(untilMs).toISOString()}::timestamptz AND (checked_at IS NULL OR checked_at < ${new Date(notSinceMs).toISOString()}::timestamptz)
      ORDER BY checked_at NULLS FIRST LIMIT 200
    ) AS open GROUP BY minute ORDER BY min(checked_at) NULLS FIRST`);
  const minutes: number[] = [];
  let total = 0;
  for (const { minute, accepted } of rows) {
    total += accepted;
    if (minutes.length > 0 && total > ROWS_MAX) break;
    minutes.push(minute.getTime());
  }
  return minutes;
}

/** The first moment from `fromMs` on where something was counted or a partition says that something may be; null when there is none. */
async function nextKept(prisma: Prismas, fromMs: number): Promise<number | null> {
  const from = new Date(fromMs).toISOString();
  const [row] = await prisma.$queryRaw<{ day: Date | null; minute: Date | null }[]>(Prisma.sql`SELECT
    (SELECT min(to_date(right(c.relname, 8), 'YYYYMMDD')::timestamp AT TIME ZONE 'UTC') FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
      WHERE i.inhparent IN ('message'::regclass, 'delivery'::regclass) AND c.relname ~ '_[0-9]{8}$'
        AND to_date(right(c.relname, 8), 'YYYYMMDD')::timestamp AT TIME ZONE 'UTC' + interval '1 day' > ${from}::timestamptz) AS day,
    (SELECT min(minute) FROM ledger_minute WHERE minute >= ${from}::timestamptz) AS minute`);
  const moments = [row?.day, row?.minute].flatMap((moment) => (moment ? [moment.getTime()] : []));
  return moments.length === 0 ? null : Math.max(fromMs, Math.min(...moments));
}
