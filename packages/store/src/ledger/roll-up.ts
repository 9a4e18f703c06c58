/** Rolls old acceptance counters up: compared with the audit chain once more, attested by a signed entry, deleted. The minutes keep their sums. */
import { createHash } from 'node:crypto';
import type { Logger } from '@nave/core';
import { acceptedSpanOf, recountSpan } from '../audit/accepted-span.ts';
import { auditRow } from '../audit/audit-entry.ts';
import type { CheckpointSigner } from '../audit/chain.ts';
import type { Database } from '../database.ts';
import { Prisma } from '../generated/client.ts';
import { countedRuns } from './fold-counters.ts';
import { ROLLED_UP, type RolledUp, signRollUp } from './rolled-up.ts';

/** So long counters stay as they were written. */
const KEPT_MS = 48 * 3_600_000;
const ROWS_MAX = 20_000;
const SPANS_MAX = 500;
const TIMEOUT_MS = 25_000;

interface SpanRow {
  seq: bigint;
  at: Date;
  detail: unknown;
}

/** @returns counters deleted */
export async function rollUp(
  { db, signer, logger }: { db: Pick<Database, 'prisma'>; signer: CheckpointSigner; logger: Logger },
  nowMs: number,
): Promise<number> {
  if (!(await isDue(db.prisma, nowMs))) return 0;
  return db.prisma.$transaction(
    async (tx) => {
      const [state] = await tx.$queryRaw<{ rolled: bigint; folded: bigint }[]>(
        Prisma.sql`SELECT rolled_seq AS rolled, folded_id AS folded FROM ledger_state WHERE id = 1 FOR UPDATE`,
      );
      if (state === undefined) return 0;
      const entries = await tx.$queryRaw<SpanRow[]>(Prisma.sql`SELECT seq, at, detail FROM audit
        WHERE action = 'messages.accepted' AND actor = 'hub' AND seq > ${state.rolled} ORDER BY seq LIMIT ${SPANS_MAX}`);
      const sum: RolledUp = { fromSeq: 0, toSeq: 0, spans: 0, rows: 0, messages: 0, days: {}, digest: '' };
      const digest = createHash('sha256');
      let reached = state.rolled;
      for (const entry of entries) {
        const span = acceptedSpanOf(entry.detail);
        if (entry.at.getTime() > nowMs - KEPT_MS || (span !== null && BigInt(span.lastId) > state.folded) || sum.rows >= ROWS_MAX) break;
        const now = span === null ? null : await recountSpan(tx, span);
        if (span === null || now?.digest !== span.digest) {
          // What was changed stays as evidence; the roll-up ends before it and begins anew behind it.
          if (sum.spans > 0) break;
          logger.error({ seq: Number(entry.seq) }, 'acceptance counters do not fit the audit chain and are not rolled up');
          reached = entry.seq;
          continue;
        }
        await addDays(tx, sum, span);
        await tx.$executeRaw(
          Prisma.sql`DELETE FROM accepted_count WHERE xid >= ${BigInt(span.fromXid)} AND xid < ${BigInt(span.toXid)} AND id <= ${BigInt(span.lastId)}`,
        );
        digest.update(`${entry.seq}\n${span.digest}\n`);
        reached = entry.seq;
        sum.fromSeq ||= Number(entry.seq);
        sum.toSeq = Number(entry.seq);
        sum.spans += 1;
        sum.rows += span.rows;
        sum.messages += span.messages;
      }
      if (reached === state.rolled) return 0;
      await tx.$executeRaw(Prisma.sql`UPDATE ledger_state SET rolled_seq = ${reached} WHERE id = 1`);
      if (sum.spans === 0) return 0;
      const detail = { ...signRollUp({ ...sum, digest: digest.digest('base64') }, signer) };
      await tx.audit.create({ data: auditRow({ atMs: nowMs, actor: 'hub', action: ROLLED_UP, subject: 'ledger', detail }) });
      return sum.rows;
    },
    { timeout: TIMEOUT_MS, maxWait: TIMEOUT_MS },
  );
}

/** Whether the next digest is old enough: one look instead of a transaction that reads hundreds of them, nearly always for nothing. */
async function isDue(prisma: Pick<Database['prisma'], '$queryRaw'>, nowMs: number): Promise<boolean> {
  const [next] = await prisma.$queryRaw<{ at: Date }[]>(Prisma.sql`SELECT audit.at FROM ledger_state CROSS JOIN LATERAL (
      SELECT at FROM audit WHERE action = 'messages.accepted' AND actor = 'hub' AND seq > rolled_seq ORDER BY seq LIMIT 1
    ) AS audit WHERE ledger_state.id = 1`);
  return next !== undefined && next.at.getTime() <= nowMs - KEPT_MS;
}

async function addDays(
  tx: Prisma.TransactionClient,
  sum: RolledUp,
  span: { fromXid: string; toXid: string; lastId: string },
): Promise<void> {
  const which = Prisma.sql`xid >= ${BigInt(span.fromXid)} AND xid < ${BigInt(span.toXid)} AND id <= ${BigInt(span.lastId)}`;
  const days = await tx.$queryRaw<{ day: string; runs: number; messages: number }[]>(Prisma.sql`
    SELECT to_char(minute AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, coalesce(sum(n) FILTER (WHERE route <> ''), 0)::float8 AS runs,
      coalesce(sum(n) FILTER (WHERE route = ''), 0)::float8 AS messages
    FROM (${countedRuns(which)}) AS counted GROUP BY 1`);
  for (const { day, runs, messages } of days) {
    const before = sum.days[day] ?? { runs: 0, messages: 0 };
    sum.days[day] = { runs: before.runs + runs, messages: before.messages + messages };
  }
}
