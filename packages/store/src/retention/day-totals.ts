/** What the ledger keeps of a day whose rows are dropped: what was accepted and what became of it, by route. */

import type { Database } from '../database.ts';
import { nextSpan } from '../ledger/ledger-state.ts';
import { type MinuteCount, recount } from '../ledger/recount.ts';
import { addCounts, noRuns, type RunCounts } from '../ledger/run-states.ts';
import { DAY_MS } from './day-partitions.ts';

/** By route; the empty route counts messages. */
export type DayTotals = Record<string, RunCounts & { accepted: number; found: number }>;

/** Counts a day once more, in bounded stretches. @param day midnight UTC, ms since the epoch */
export async function dayTotals(prisma: Database['prisma'], day: number): Promise<DayTotals> {
  const totals: DayTotals = {};
  for (let fromMs = day; ; ) {
    const span = await nextSpan(prisma, fromMs, day + DAY_MS);
    if (span === null) return totals;
    for (const minute of await recount(prisma, span)) add(totals, minute);
    fromMs = span.toMs;
  }
}

function add(totals: DayTotals, { route, accepted, found, states }: MinuteCount): void {
  totals[route] ??= { accepted: 0, found: 0, ...noRuns() };
  const total = totals[route];
  total.accepted += accepted;
  total.found += found;
  addCounts(total, states);
}

/** True when every run is finished. */
export function isFinal(totals: DayTotals): boolean {
  return Object.values(totals).every(({ running, waiting, held, unknown }) => running + waiting + held + unknown === 0);
}
