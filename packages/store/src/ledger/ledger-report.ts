/** The ledger of a stretch of time for people: recent minutes counted now, older ones as they were last counted, dropped days from their totals. */
import type { Database } from '../database.ts';
import { Prisma } from '../generated/client.ts';
import { guarded } from '../guarded.ts';
import { type LedgerDifference, listDifferences } from './differences.ts';
import type { KnownIds } from './known-ids.ts';
import { type MinuteCount, recount } from './recount.ts';
import { addCounts, countsOf, noRuns, type RunCounts } from './run-states.ts';

export interface LedgerLine extends RunCounts {
  route: string;
  /** Null: over the whole stretch. */
  minuteMs: number | null;
  accepted: number;
  found: number;
  /** Accepted, but not counted again yet. */
  unchecked: number;
}

export interface LedgerReport {
  fromMs: number;
  toMs: number;
  /** Up to here everything was counted again by the hub itself, ms since the epoch. */
  checkedUntilMs: number;
  lines: LedgerLine[];
  messages: { accepted: number; found: number; unchecked: number };
  differences: LedgerDifference[];
  /** Days older than the retention that could not be dropped. */
  blockedDays: { day: string; reason: string }[];
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** Rows that are counted while somebody waits. */
const LIVE_MAX = 100_000;
const BLOCKED_MAX = 100;

/** @param windowMs back from now, down to the whole minute */
export function ledgerReport({ prisma }: Pick<Database, 'prisma'>, nowMs: number, windowMs: number): Promise<LedgerReport> {
  return guarded(async () => {
    const fromMs = Math.floor((nowMs - windowMs) / MINUTE_MS) * MINUTE_MS;
    const toMs = (Math.floor(nowMs / MINUTE_MS) + 1) * MINUTE_MS;
    const { checkedUntil } = await prisma.ledgerState.findUniqueOrThrow({ where: { id: 1 } });
    const byMinute = windowMs <= HOUR_MS;
    const wantedFrom = byMinute ? fromMs : Math.max(fromMs, Math.min(checkedUntil.getTime(), toMs), toMs - HOUR_MS);
    const liveFrom = await affordableFrom(prisma, wantedFrom, toMs);
    const live = await recount(prisma, { fromMs: liveFrom, toMs });
    const stored = await storedLines(prisma, fromMs, liveFrom, byMinute);
    const all = [...stored, ...live.map(lineOf)];
    const [messages, runs] = [all.filter(({ route }) => route === ''), all.filter(({ route }) => route !== '')];
    const blocked = await prisma.ledgerDay.findMany({
      where: { blockedBy: { not: null }, droppedAt: null },
      orderBy: { day: 'asc' },
      take: BLOCKED_MAX,
    });
    return {
      ...{ fromMs, toMs },
      checkedUntilMs: checkedUntil.getTime(),
      lines: byMinute ? runs.sort((a, b) => (b.minuteMs ?? 0) - (a.minuteMs ?? 0) || (a.route < b.route ? -1 : 1)) : perRoute(runs),
      messages: {
        accepted: sum(messages, 'accepted'),
        found: sum(messages, 'found'),
        unchecked: sum(messages, 'unchecked'),
      },
      differences: [...liveDifferences(live), ...(await listDifferences(prisma, fromMs, toMs, true))].filter(isFirstOfItsKind()),
      blockedDays: blocked.map(({ day, blockedBy }) => ({ day: day.toISOString().slice(0, 10), reason: blockedBy ?? '' })),
    };
  });
}

/** A difference of the hub's own check, and the same one seen now, are one. */
function isFirstOfItsKind(): (one: LedgerDifference, index: number, all: LedgerDifference[]) => boolean {
  const overlaps = (a: LedgerDifference, b: LedgerDifference) =>
    a.kind === b.kind && a.route === b.route && a.from.getTime() < b.to.getTime() && b.from.getTime() < a.to.getTime();
  return (one, _index, all) => one.id !== 0 || !all.some((other) => other.id !== 0 && overlaps(one, other));
}

/** The latest part of a stretch whose rows can be counted while somebody waits; whole minutes. */
async function affordableFrom(prisma: Database['prisma'], fromMs: number, toMs: number): Promise<number> {
  const rows = await prisma.$queryRaw<{ minute: Date; total: number }[]>(Prisma.sql`
    SELECT minute, (sum(sum(accepted)) OVER (ORDER BY minute DESC))::float8 AS total FROM ledger_minute
    WHERE minute >= ${new Date(fromMs).toISOString()}::timestamptz AND minute < ${new Date(toMs).toISOString()}::timestamptz GROUP BY minute ORDER BY minute DESC`);
  const beyond = rows.find(({ total }) => total > LIVE_MAX);
  return beyond === undefined ? fromMs : Math.min(beyond.minute.getTime() + MINUTE_MS, toMs - MINUTE_MS);
}

function lineOf({ minuteMs, route, accepted, found, states }: MinuteCount): LedgerLine {
  return { route, minuteMs, accepted, found, unchecked: 0, ...states };
}

async function storedLines(prisma: Database['prisma'], fromMs: number, toMs: number, byMinute: boolean): Promise<LedgerLine[]> {
  if (fromMs >= toMs) return [];
  const states = Prisma.raw(
    Object.keys(noRuns())
      .map((state) => `'${state}', coalesce(sum((states->>'${state}')::int), 0)`)
      .join(', '),
  );
  const minute = byMinute ? Prisma.sql`minute` : Prisma.sql`NULL::timestamptz`;
  const rows = await prisma.$queryRaw<
    { minute: Date | null; route: string; accepted: number; found: number; unchecked: number; states: unknown }[]
  >(
    Prisma.sql`SELECT ${minute} AS minute, route, sum(accepted)::float8 AS accepted, coalesce(sum(found), 0)::float8 AS found,
        coalesce(sum(accepted) FILTER (WHERE found IS NULL), 0)::float8 AS unchecked, jsonb_build_object(${states}) AS states
      FROM ledger_minute WHERE minute >= ${new Date(fromMs).toISOString()}::timestamptz AND minute < ${new Date(toMs).toISOString()}::timestamptz GROUP BY 1, 2`,
  );
  const days = await prisma.ledgerDay.findMany({
    where: { droppedAt: { not: null }, day: { gte: new Date(fromMs), lt: new Date(toMs) } },
    select: { totals: true },
  });
  return [
    ...rows.map(({ minute: at, states: counted, ...line }) => ({ ...line, minuteMs: at?.getTime() ?? null, ...countsOf(counted) })),
    ...days.flatMap(({ totals }) => totalsOf(totals)),
  ];
}

/** Reads `ledger_day.totals`: `{ <route>: { accepted, found, <state>: n } }`. */
function totalsOf(json: unknown): LedgerLine[] {
  if (typeof json !== 'object' || json === null) return [];
  return Object.entries(json).map(([route, line]) => {
    const number = (name: string) => {
      const value: unknown = typeof line === 'object' && line !== null ? Reflect.get(line, name) : 0;
      return typeof value === 'number' ? value : 0;
    };
    return { route, minuteMs: null, accepted: number('accepted'), found: number('found'), unchecked: 0, ...countsOf(line) };
  });
}

function perRoute(lines: readonly LedgerLine[]): LedgerLine[] {
  const routes = new Map<string, LedgerLine>();
  for (const line of lines) {
    const total = routes.get(line.route) ?? { route: line.route, minuteMs: null, accepted: 0, found: 0, unchecked: 0, ...noRuns() };
    total.accepted += line.accepted;
    total.found += line.found;
    total.unchecked += line.unchecked;
    addCounts(total, line);
    routes.set(line.route, total);
  }
  return [...routes.values()].sort((a, b) => (a.route < b.route ? -1 : 1));
}

function liveDifferences(counts: readonly MinuteCount[]): LedgerDifference[] {
  return differencesOf(counts, new Map());
}

/** Minutes that differ, joined where they follow one another. */
export function differencesOf(counts: readonly MinuteCount[], known: ReadonlyMap<number, KnownIds>): LedgerDifference[] {
  const differing = counts.filter(({ accepted, found }) => accepted !== found);
  differing.sort((a, b) => (a.route === b.route ? a.minuteMs - b.minuteMs : a.route < b.route ? -1 : 1));
  const joined: LedgerDifference[] = [];
  for (const { route, minuteMs, accepted, found } of differing) {
    const kind = route === '' ? 'messages' : 'runs';
    const messageIds = known.get(minuteMs)?.[kind] ?? [];
    const last = joined.at(-1);
    if (last !== undefined && last.route === route && last.to.getTime() === minuteMs) {
      last.to = new Date(minuteMs + MINUTE_MS);
      last.accepted += accepted;
      last.found += found;
      last.messageIds.push(...messageIds);
      continue;
    }
    const facts = { kind, route, accepted, found, messageIds: [...messageIds], detail: {} };
    joined.push({
      id: 0,
      ...facts,
      from: new Date(minuteMs),
      to: new Date(minuteMs + MINUTE_MS),
      foundAt: new Date(minuteMs),
      resolvedAt: null,
    });
  }
  return joined;
}

function sum(lines: readonly LedgerLine[], field: 'accepted' | 'found' | 'unchecked'): number {
  return lines.reduce((total, line) => total + line[field], 0);
}
