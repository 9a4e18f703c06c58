/** The ledger is only worth what its counters are: they are compared with the digests in the audit chain, and sums of days with what was rolled up into them. */
import { acceptedSpanOf, recountSpan } from '../audit/accepted-span.ts';
import type { Database } from '../database.ts';
import { Prisma } from '../generated/client.ts';
import { dayOf } from './check-span.ts';
import { type LedgerDifference, standDifference } from './differences.ts';

const SPANS_MAX = 50;
const ROWS_MAX = 20_000;
/** What was deleted cannot come back: the audit keeps naming it, the ledger's difference ends after so long. */
const STANDS_MS = 3 * 86_400_000;

/** Compares the next digests with their counters; after the last it begins again behind what was rolled up. */
export async function compareCounters({ prisma }: Pick<Database, 'prisma'>, nowMs: number): Promise<LedgerDifference[]> {
  await prisma.ledgerDifference.updateMany({
    where: { kind: 'counters', resolvedAt: null, foundAt: { lt: new Date(nowMs - STANDS_MS) } },
    data: { resolvedAt: new Date(nowMs) },
  });
  const state = await prisma.ledgerState.findUniqueOrThrow({ where: { id: 1 }, select: { verifiedSeq: true, rolledSeq: true } });
  const after = BigInt(Math.max(Number(state.verifiedSeq), Number(state.rolledSeq)));
  const entries = await prisma.$queryRaw<{ seq: bigint; at: Date; detail: unknown }[]>(Prisma.sql`SELECT seq, at, detail FROM audit
    WHERE action = 'messages.accepted' AND actor = 'hub' AND seq > ${after} ORDER BY seq LIMIT ${SPANS_MAX}`);
  const found: LedgerDifference[] = [];
  let rows = 0;
  let reached = state.rolledSeq;
  for (const entry of entries) {
    const span = acceptedSpanOf(entry.detail);
    if (span !== null) {
      rows += span.rows;
      const now = await recountSpan(prisma, span);
      // A roll-up by another process meanwhile: it compared them.
      if (now?.digest !== span.digest && !(await rolledMeanwhile(prisma, entry.seq))) {
        const at = entry.at.getTime();
        found.push(
          await standDifference(prisma, {
            ...{ kind: 'counters', route: '', day: dayOf(at), fromMs: Math.floor(at / 60_000) * 60_000 - 60_000, toMs: at },
            ...{ accepted: span.rows, found: now?.rows ?? 0, messageIds: [], nowMs },
            detail: {
              what: 'acceptance counters do not fit their digest in the audit chain',
              auditSeq: Number(entry.seq),
              messages: span.messages,
            },
          }),
        );
      }
    }
    reached = entry.seq;
    if (rows >= ROWS_MAX) break;
  }
  await prisma.ledgerState.updateMany({ where: { id: 1 }, data: { verifiedSeq: reached } });
  return found;
}

async function rolledMeanwhile(prisma: Database['prisma'], seq: bigint): Promise<boolean> {
  const { rolledSeq } = await prisma.ledgerState.findUniqueOrThrow({ where: { id: 1 }, select: { rolledSeq: true } });
  return seq <= rolledSeq;
}

/** Less in the minutes of a day than roll-ups of its counters attest: somebody lowered them. @param day midnight UTC, ms since the epoch */
export async function compareDay({ prisma }: Pick<Database, 'prisma'>, day: number, nowMs: number): Promise<LedgerDifference[]> {
  const name = new Date(day).toISOString().slice(0, 10);
  // Counters of a day are rolled up two days later, give or take what waited.
  const [attested] = await prisma.$queryRaw<{ runs: number; messages: number }[]>(Prisma.sql`
    SELECT coalesce(sum((detail->'days'->${name}->>'runs')::float8), 0) AS runs, coalesce(sum((detail->'days'->${name}->>'messages')::float8), 0) AS messages
    FROM audit WHERE action = 'ledger.rolledup' AND actor = 'hub' AND detail->'days'->${name} IS NOT NULL`);
  if (attested === undefined || attested.runs + attested.messages === 0) return [];
  const [kept] = await prisma.$queryRaw<{ runs: number; messages: number }[]>(Prisma.sql`
    SELECT coalesce(sum(accepted) FILTER (WHERE route <> ''), 0)::float8 AS runs, coalesce(sum(accepted) FILTER (WHERE route = ''), 0)::float8 AS messages
    FROM ledger_minute WHERE minute >= ${new Date(day).toISOString()}::timestamptz AND minute < ${new Date(day + 86_400_000).toISOString()}::timestamptz`);
  if (kept === undefined || (kept.runs >= attested.runs && kept.messages >= attested.messages)) return [];
  return [
    await standDifference(prisma, {
      ...{ kind: 'counters', route: '', day, fromMs: day, toMs: day + 86_400_000, messageIds: [], nowMs },
      ...{ accepted: attested.runs + attested.messages, found: kept.runs + kept.messages },
      detail: { what: 'the ledger holds less than the signed roll-ups of its counters', runs: attested.runs, messages: attested.messages },
    }),
  ];
}
