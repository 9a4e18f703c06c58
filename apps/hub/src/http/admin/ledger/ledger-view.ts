/** The ledger as the API shows it. */
import type { Ledger, LedgerDifference, LedgerVerdict } from '@nave/api-schema';
import type { LedgerReport, LedgerLine as Line, LedgerDifference as StoredDifference, LedgerVerdict as StoredVerdict } from '@nave/store';

type Totals = Ledger['totals'];

const iso = (ms: number) => new Date(ms).toISOString();

export function ledgerView(report: LedgerReport): Ledger {
  const { messages, differences } = report;
  const items = report.lines.map((line) => ({
    route: line.route,
    minute: line.minuteMs === null ? null : iso(line.minuteMs),
    ...countsOf(line),
  }));
  return {
    from: iso(report.fromMs),
    to: iso(report.toMs),
    ok: differences.length === 0,
    checkedUntil: report.checkedUntilMs === 0 ? null : iso(report.checkedUntilMs),
    totals: items.reduce((totals, item) => plus(totals, item), countsOf(null)),
    messages: { ...messages, difference: messages.accepted - messages.unchecked - messages.found },
    items,
    differences: differences.map(differenceView),
    blockedDays: report.blockedDays,
  };
}

export function verdictView(verdict: StoredVerdict): LedgerVerdict {
  return {
    ok: verdict.differences.length === 0,
    from: iso(verdict.fromMs),
    to: iso(verdict.reachedMs),
    next: verdict.done ? null : iso(verdict.reachedMs),
    runs: verdict.runs,
    messages: verdict.messages,
    differences: verdict.differences.map(differenceView),
  };
}

function differenceView({ id, kind, route, from, to, accepted, found, messageIds, foundAt }: StoredDifference): LedgerDifference {
  return {
    id: id === 0 ? null : id,
    kind: kind === 'runs' || kind === 'messages' ? kind : 'counters',
    route,
    from: from.toISOString(),
    to: to.toISOString(),
    accepted,
    found,
    missing: accepted - found,
    messageIds,
    foundAt: id === 0 ? null : foundAt.toISOString(),
  };
}

function countsOf(line: Line | null): Totals {
  return {
    accepted: line?.accepted ?? 0,
    succeeded: line?.succeeded ?? 0,
    filtered: line?.filtered ?? 0,
    skipped: line?.skipped ?? 0,
    running: line?.running ?? 0,
    waiting: line?.waiting ?? 0,
    held: line?.held ?? 0,
    unknown: line?.unknown ?? 0,
    dead: line?.dead ?? 0,
    cancelled: line?.cancelled ?? 0,
    compensated: line?.compensated ?? 0,
    unchecked: line?.unchecked ?? 0,
    difference: line === null ? 0 : line.accepted - line.unchecked - line.found,
  };
}

function plus(a: Totals, b: Totals): Totals {
  return {
    accepted: a.accepted + b.accepted,
    succeeded: a.succeeded + b.succeeded,
    filtered: a.filtered + b.filtered,
    skipped: a.skipped + b.skipped,
    running: a.running + b.running,
    waiting: a.waiting + b.waiting,
    held: a.held + b.held,
    unknown: a.unknown + b.unknown,
    dead: a.dead + b.dead,
    cancelled: a.cancelled + b.cancelled,
    compensated: a.compensated + b.compensated,
    unchecked: a.unchecked + b.unchecked,
    difference: a.difference + b.difference,
  };
}
