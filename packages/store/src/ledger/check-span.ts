/** One stretch of the ledger counted again, kept, and its differences brought up to date. */
import type { Database } from '../database.ts';
import { Prisma } from '../generated/client.ts';
import { guarded } from '../guarded.ts';
import { type LedgerDifference, settleDay } from './differences.ts';
import { type MinuteCount, recount, type Span } from './recount.ts';
import { CHANGING } from './run-states.ts';

const DAY_MS = 86_400_000;

export function dayOf(ms: number): number {
  return Math.floor(ms / DAY_MS) * DAY_MS;
}

/** @returns differences that are new or changed */
export function checkSpan({ prisma }: Pick<Database, 'prisma'>, span: Span, nowMs: number): Promise<LedgerDifference[]> {
  return guarded(async () => {
    const counts = await recount(prisma, span);
    await keep(prisma, span, counts, nowMs);
    const changed: LedgerDifference[] = [];
    for (let day = dayOf(span.fromMs); day < span.toMs; day += DAY_MS) changed.push(...(await settleDay(prisma, day, nowMs)));
    return changed;
  });
}

/**
 * A minute whose counters are not all folded yet stays as it is: it is open, and counted again later. Surplus rows get a minute of their own. Only what changed
 * is written.
 */
async function keep(prisma: Database['prisma'], { fromMs, toMs }: Span, counts: readonly MinuteCount[], nowMs: number): Promise<void> {
  if (counts.length === 0) return;
  const column = <T>(pick: (row: MinuteCount) => T) => counts.map(pick);
  const final = (row: MinuteCount) => row.route === '' || CHANGING.every((state) => row.states[state] === 0);
  const now = new Date(nowMs).toISOString();
  const counted = Prisma.sql`unnest(${column((r) => new Date(r.minuteMs).toISOString())}::timestamptz[], ${column((r) => r.route)}::text[],
    ${column((r) => r.accepted)}::int[], ${column((r) => r.found)}::int[], ${column((r) => JSON.stringify(r.states))}::jsonb[], ${column((r) => !final(r))}::bool[])
    AS c(minute, route, accepted, found, states, open)`;
  await prisma.$executeRaw(Prisma.sql`UPDATE ledger_minute AS m SET found = c.found, states = CASE WHEN c.route <> '' THEN c.states END, open = c.open,
      checked_at = ${now}::timestamptz
    FROM ${counted} WHERE m.minute = c.minute AND m.route = c.route AND m.accepted = c.accepted
      AND m.minute >= ${new Date(fromMs).toISOString()}::timestamptz AND m.minute < ${new Date(toMs).toISOString()}::timestamptz
      AND (m.open OR c.open OR m.found IS DISTINCT FROM c.found OR c.route <> '' AND m.states IS DISTINCT FROM c.states)`);
  await prisma.$executeRaw(Prisma.sql`INSERT INTO ledger_minute (minute, route, accepted, found, states, open, checked_at)
    SELECT minute, route, 0, found, CASE WHEN route <> '' THEN states END, open, ${now}::timestamptz FROM ${counted} WHERE accepted = 0 AND found > 0
    ON CONFLICT DO NOTHING`);
}
