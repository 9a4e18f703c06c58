/** What does not add up, as it stands: one row per kind, route and day, updated while it lasts and resolved when it is gone. */
import type { Database } from '../database.ts';
import { Prisma } from '../generated/client.ts';
import { guarded } from '../guarded.ts';
import { knownIds } from './known-ids.ts';

export interface LedgerDifference {
  id: number;
  /** `runs` of a route, `messages`, or `counters`: the acceptance counters are not those the audit chain attests. */
  kind: string;
  route: string;
  from: Date;
  to: Date;
  accepted: number;
  found: number;
  messageIds: string[];
  detail: unknown;
  foundAt: Date;
  resolvedAt: Date | null;
}

type Prismas = Database['prisma'];

const MINUTE_MS = 60_000;
const MINUTES_MAX = 100;
const LISTED_MAX = 200;

/** Differences that stand, or were resolved, and overlap a stretch of time; newest first, at most 200. */
export function listDifferences(prisma: Prismas, fromMs: number, toMs: number, standingOnly: boolean): Promise<LedgerDifference[]> {
  return guarded(async () => {
    const rows = await prisma.ledgerDifference.findMany({
      where: { minuteFrom: { lt: new Date(toMs) }, minuteTo: { gt: new Date(fromMs) }, ...(standingOnly ? { resolvedAt: null } : {}) },
      orderBy: { id: 'desc' },
      take: LISTED_MAX,
    });
    return rows.map(({ id, minuteFrom, minuteTo, day: _day, ...row }) => ({ ...row, id: Number(id), from: minuteFrom, to: minuteTo }));
  });
}

/**
 * Brings the rows of one day in line with what its minutes say now.
 * @param day midnight UTC, ms since the epoch
 * @returns differences that are new or changed
 */
export async function settleDay(prisma: Prismas, day: number, nowMs: number): Promise<LedgerDifference[]> {
  const differing = await prisma.$queryRaw<{ route: string; minutes: Date[]; accepted: number; found: number }[]>(Prisma.sql`
    SELECT route, (array_agg(minute ORDER BY minute))[1:${MINUTES_MAX}] || max(minute) AS minutes, sum(accepted)::int AS accepted, sum(found)::int AS found
    FROM ledger_minute WHERE found <> accepted AND minute >= ${new Date(day).toISOString()}::timestamptz AND minute < ${new Date(day + 86_400_000).toISOString()}::timestamptz
    GROUP BY route ORDER BY route`);
  const standing = await prisma.ledgerDifference.findMany({
    where: { day: new Date(day), resolvedAt: null, kind: { in: ['runs', 'messages'] } },
  });
  const changed: LedgerDifference[] = [];
  for (const { route, minutes, accepted, found } of differing) {
    const before = standing.find((row) => row.route === route);
    if (before !== undefined && before.accepted === accepted && before.found === found) continue;
    const minutesMs = minutes.map((minute) => minute.getTime());
    const kind = route === '' ? 'messages' : 'runs';
    const { [kind]: messageIds, detail } = await knownIds(prisma, [...new Set(minutesMs)]);
    const [from, to] = [Math.min(...minutesMs), Math.max(...minutesMs) + MINUTE_MS];
    changed.push(
      await standDifference(prisma, {
        ...{ kind, route, day, fromMs: from, toMs: to, accepted, found, messageIds, nowMs },
        detail: { minutes: minutesMs.length > MINUTES_MAX ? MINUTES_MAX : new Set(minutesMs).size, ...detail },
      }),
    );
  }
  const over = standing.filter((row) => !differing.some(({ route }) => route === row.route)).map(({ id }) => id);
  if (over.length > 0) await prisma.ledgerDifference.updateMany({ where: { id: { in: over } }, data: { resolvedAt: new Date(nowMs) } });
  return changed;
}

export interface NewDifference {
  kind: 'runs' | 'messages' | 'counters';
  route: string;
  /** Midnight UTC of the day, ms since the epoch. */
  day: number;
  fromMs: number;
  toMs: number;
  accepted: number;
  found: number;
  messageIds: readonly string[];
  detail: Prisma.InputJsonObject;
  nowMs: number;
}

/** Makes a difference stand, or brings the standing one of this kind, route and day up to date. */
export async function standDifference(prisma: Pick<Prismas, '$queryRaw'>, one: NewDifference): Promise<LedgerDifference> {
  const iso = (ms: number) => new Date(ms).toISOString();
  const rows = await prisma.$queryRaw<(Omit<LedgerDifference, 'id'> & { id: bigint })[]>(Prisma.sql`
    INSERT INTO ledger_difference (kind, route, day, minute_from, minute_to, accepted, found, message_ids, detail, found_at)
    VALUES (${one.kind}, ${one.route}, ${iso(one.day).slice(0, 10)}::date, ${iso(one.fromMs)}::timestamptz, ${iso(one.toMs)}::timestamptz, ${one.accepted}::int,
      ${one.found}::int, ${[...one.messageIds]}::uuid[], ${JSON.stringify(one.detail)}::jsonb, ${iso(one.nowMs)}::timestamptz)
    ON CONFLICT (kind, route, day) WHERE resolved_at IS NULL DO UPDATE SET minute_from = EXCLUDED.minute_from, minute_to = EXCLUDED.minute_to,
      accepted = EXCLUDED.accepted, found = EXCLUDED.found, message_ids = EXCLUDED.message_ids, detail = EXCLUDED.detail
    RETURNING id, kind, route, minute_from AS from, minute_to AS to, accepted, found, message_ids AS "messageIds", detail, found_at AS "foundAt", resolved_at AS "resolvedAt"`);
  const [row] = rows;
  if (row === undefined) throw new Error('no difference was stored');
  return { ...row, id: Number(row.id) };
}
