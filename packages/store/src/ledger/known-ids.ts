/** Which messages lost something, where what is left of them tells: bounded, over the ids of some minutes. */
import { lowestUuidAt, parseDuration } from '@nave/core';
import { Prisma } from '../generated/client.ts';
import type { Reader } from './recount.ts';

export interface KnownIds {
  /** Messages that are gone, at most `IDS_MAX`. */
  messages: string[];
  /** Messages that lost a run, at most `IDS_MAX`. */
  runs: string[];
  /** How many of what was found without what it belongs to, at most `IDS_MAX` each. */
  detail: Record<string, number>;
}

const IDS_MAX = 100;
/** Minutes looked into for one difference; the others differ too, and are counted. */
const MINUTES_MAX = 30;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** How far the clocks of a hub and its database may be apart for keys to be found. */
const CLOCKS_MS = 900_000;
const DEFAULT_WINDOW_MS = 7 * DAY_MS;

/**
 * Messages are named by: deliveries whose message is gone; routed messages without any delivery; later steps whose first is gone; runs that stop in the middle;
 * attempts whose delivery is gone; business keys and idempotency keys whose message is gone. Attempts name their delivery instead where nothing else is left.
 */
export async function knownIds(prisma: Reader, minutesMs: readonly number[]): Promise<KnownIds> {
  const messages = new Set<string>();
  const runs = new Set<string>();
  const detail: Record<string, number> = {};
  const windows = await idempotencyWindows(prisma);
  for (const minuteMs of minutesMs.slice(0, MINUTES_MAX)) {
    for (const [name, search] of searchesOf(minuteMs, windows)) {
      const rows = await prisma.$queryRaw<{ id: string | null }[]>(Prisma.sql`SELECT id FROM (${search}) AS lost LIMIT ${IDS_MAX}`);
      if (rows.length > 0) detail[name] = (detail[name] ?? 0) + rows.length;
      for (const { id } of rows) {
        if (id === null) continue;
        if (name.endsWith('WithoutMessage') && messages.size < IDS_MAX) messages.add(id);
        // What a message still has is no run that it lost.
        if (name !== 'deliveriesWithoutMessage' && runs.size < IDS_MAX) runs.add(id);
      }
    }
    if (messages.size >= IDS_MAX && runs.size >= IDS_MAX) break;
  }
  return { messages: [...messages], runs: [...runs], detail };
}

/** What is looked for in a minute, by name; each answers `id`s of messages. */
export function searchesOf(minuteMs: number, windows: readonly number[]): [string, Prisma.Sql][] {
  const [low, high] = [lowestUuidAt(minuteMs), lowestUuidAt(minuteMs + MINUTE_MS)];
  return [
    ['deliveriesWithoutMessage', deliveriesWithoutMessage(low, high)],
    ['messagesWithoutDelivery', messagesWithoutDelivery(low, high)],
    ['runsWithoutStep', runsWithoutStep(low, high)],
    ['attemptsWithoutDelivery', attemptsWithoutDelivery(low, high)],
    ['businessKeysWithoutMessage', businessKeysWithoutMessage(low, high)],
    ['idempotencyKeysWithoutMessage', idempotencyKeysWithoutMessage(low, high, minuteMs, windows)],
  ];
}

/** Also those of replays, whose message is older: unless its day was dropped. */
function deliveriesWithoutMessage(low: string, high: string): Prisma.Sql {
  return Prisma.sql`SELECT DISTINCT d.message_id AS id FROM delivery d WHERE d.id >= ${low}::uuid AND d.id < ${high}::uuid
    AND NOT EXISTS (SELECT FROM message m WHERE m.id = d.message_id AND m.id < ${high}::uuid OFFSET 0)
    AND NOT EXISTS (SELECT FROM ledger_day l WHERE l.day = (nave_minute_of(d.message_id) AT TIME ZONE 'UTC')::date AND l.dropped_at IS NOT NULL)`;
}

function messagesWithoutDelivery(low: string, high: string): Prisma.Sql {
  return Prisma.sql`SELECT m.id FROM message m WHERE m.id >= ${low}::uuid AND m.id < ${high}::uuid AND NOT m.unrouted
    AND m.id NOT IN (SELECT message_id FROM delivery WHERE id >= ${low}::uuid AND id < ${high}::uuid AND replay_id IS NULL)
    AND NOT EXISTS (SELECT FROM delivery r WHERE r.message_id = m.id AND r.replay_id IS NOT NULL OFFSET 0)`;
}

function runsWithoutStep(low: string, high: string): Prisma.Sql {
  return Prisma.sql`SELECT d.message_id AS id FROM delivery d
      LEFT JOIN route_version v ON v.route = d.route AND v.version = d.route_version
    WHERE d.id >= ${low}::uuid AND d.id < ${high}::uuid
    GROUP BY d.message_id, d.route, d.route_version, d.replay_id, v.spec
    HAVING count(*) <> max(d.step) + 1
      OR (array_agg(d.state::text ORDER BY d.step DESC))[1] = 'succeeded' AND max(d.step) + 1 < jsonb_array_length(v.spec->'steps')`;
}

/** Attempts keep the time of their delivery, which keeps that of its message, but not the message's id: where the message is the only one of its millisecond, it is known. */
function attemptsWithoutDelivery(low: string, high: string): Prisma.Sql {
  return Prisma.sql`SELECT (SELECT CASE WHEN count(*) = 1 THEN (array_agg(m.id))[1] END FROM message m
        WHERE m.id >= ${low}::uuid AND m.id < ${high}::uuid AND m.id >= nave_uuid_at(nave_moment_of(a.id)) AND m.id < nave_uuid_at(nave_moment_of(a.id) + interval '1 millisecond')) AS id
    FROM attempt a WHERE a.id >= ${low}::uuid AND a.id < ${high}::uuid
      AND a.delivery_id NOT IN (SELECT id FROM delivery WHERE id >= ${low}::uuid AND id < ${high}::uuid)`;
}

function businessKeysWithoutMessage(low: string, high: string): Prisma.Sql {
  return Prisma.sql`SELECT DISTINCT k.message_id AS id FROM message_key k WHERE k.message_id >= ${low}::uuid AND k.message_id < ${high}::uuid
    AND k.message_id NOT IN (SELECT id FROM message WHERE id >= ${low}::uuid AND id < ${high}::uuid)`;
}

/** Found over the block range index of their expiry: a key expires its spoke's window after its message was stored, by the clock of the database. */
function idempotencyKeysWithoutMessage(low: string, high: string, minuteMs: number, windows: readonly number[]): Prisma.Sql {
  const expiring = windows.map((windowMs) => {
    const expires = minuteMs + windowMs;
    const [from, to] = [new Date(expires - CLOCKS_MS).toISOString(), new Date(expires + MINUTE_MS + CLOCKS_MS).toISOString()];
    return Prisma.sql`i.expires_at >= ${from}::timestamptz AND i.expires_at < ${to}::timestamptz`;
  });
  return Prisma.sql`SELECT DISTINCT i.message_id AS id FROM idempotency i WHERE (${Prisma.join(expiring, ' OR ')})
    AND i.message_id >= ${low}::uuid AND i.message_id < ${high}::uuid
    AND i.message_id NOT IN (SELECT id FROM message WHERE id >= ${low}::uuid AND id < ${high}::uuid)`;
}

async function idempotencyWindows(prisma: Reader): Promise<number[]> {
  const rows = await prisma.$queryRaw<{ text: string | null }[]>(
    Prisma.sql`SELECT DISTINCT spec->'inbound'->>'idempotencyWindow' AS text FROM spoke`,
  );
  const windows = rows.map(({ text }) => (text === null ? null : parseDuration(text)));
  return [...new Set([DEFAULT_WINDOW_MS, ...windows.filter((ms) => ms !== null)])];
}
