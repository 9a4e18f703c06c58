/** Counts a stretch of the ledger again from the rows, for somebody who does not want to take the hub's own checks for granted. */
import type { Database } from '../database.ts';
import { guarded } from '../guarded.ts';
import type { LedgerDifference } from './differences.ts';
import { type KnownIds, knownIds } from './known-ids.ts';
import { differencesOf } from './ledger-report.ts';
import { nextSpan } from './ledger-state.ts';
import { recount } from './recount.ts';

export interface LedgerVerdict {
  fromMs: number;
  /** Everything before was counted; the next call goes on here. */
  reachedMs: number;
  done: boolean;
  runs: { accepted: number; found: number };
  messages: { accepted: number; found: number };
  differences: LedgerDifference[];
}

const DIFFERENCES_MAX = 1_000;
/** Of a span, whose messages are looked for. */
const MINUTES_MAX = 30;

/**
 * @param fromMs whole minute; what an earlier version counted and dropped days are left out
 * @param untilMs exclusive
 * @param patienceMs the call ends with what it reached after so long
 */
export function verifyLedger(
  { prisma }: Pick<Database, 'prisma'>,
  fromMs: number,
  untilMs: number,
  { patienceMs, now }: { patienceMs: number; now: () => number },
): Promise<LedgerVerdict> {
  return guarded(async () => {
    const { startedAt } = await prisma.ledgerState.findUniqueOrThrow({ where: { id: 1 } });
    const start = Math.max(fromMs, startedAt.getTime());
    const verdict: LedgerVerdict = {
      ...{ fromMs: start, reachedMs: start, done: false, differences: [] },
      runs: { accepted: 0, found: 0 },
      messages: { accepted: 0, found: 0 },
    };
    const deadline = now() + patienceMs;
    while (now() < deadline && verdict.differences.length < DIFFERENCES_MAX) {
      const span = await nextSpan(prisma, verdict.reachedMs, untilMs);
      if (span === null) return { ...verdict, reachedMs: Math.max(untilMs, start), done: true };
      const counts = await recount(prisma, span);
      for (const { route, accepted, found } of counts) {
        const sum = route === '' ? verdict.messages : verdict.runs;
        sum.accepted += accepted;
        sum.found += found;
      }
      const differing = counts.filter(({ accepted, found }) => accepted !== found);
      if (differing.length > 0) {
        const known = new Map<number, KnownIds>();
        for (const minuteMs of [...new Set(differing.map((count) => count.minuteMs))].slice(0, MINUTES_MAX))
          known.set(minuteMs, await knownIds(prisma, [minuteMs]));
        verdict.differences.push(...differencesOf(differing, known));
      }
      verdict.reachedMs = span.toMs;
    }
    return verdict;
  });
}
