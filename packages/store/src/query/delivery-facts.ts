/** The states of messages are derived from their deliveries, never stored: this reads what the derivation needs, for a batch of messages at once. */
import { type DeliveryState, isTerminal, type MessageState, messageStateOf } from '@nave/core';
import type { Database } from '../database.ts';
import { Prisma } from '../generated/client.ts';
import { sameMillisecond } from './id-bounds.ts';

export interface DeliveryFacts {
  states: readonly DeliveryState[];
  routes: readonly string[];
  /** Latest end of a delivery. */
  finishedAt: Date | null;
}

const NONE: DeliveryFacts = { states: [], routes: [], finishedAt: null };

/** Facts per message id; a message without deliveries has empty ones. */
export async function deliveryFacts(
  prisma: Pick<Database['prisma'], '$queryRaw'>,
  messageIds: readonly string[],
): Promise<(id: string) => DeliveryFacts> {
  if (messageIds.length === 0) return () => NONE;
  const rows = await prisma.$queryRaw<{ id: string; states: DeliveryState[]; routes: string[]; finishedAt: Date | null }[]>(
    deliveryFactsSql(messageIds),
  );
  const found = new Map(rows.map(({ id, ...facts }) => [id, facts]));
  return (id) => found.get(id) ?? NONE;
}

/**
 * A message's own deliveries share its millisecond; those of replays are found by their partial index. OFFSET 0 keeps the planner from turning
 * the lookups into a join over the whole table. The bounds of the whole batch let it leave out the days beside while it plans.
 */
export function deliveryFactsSql(messageIds: readonly string[]): Prisma.Sql {
  const sorted = [...messageIds].sort();
  const [first = '', last = ''] = [sorted[0], sorted.at(-1)];
  const low = Prisma.sql`AND id >= ${sameMillisecond(first).low}::uuid`;
  const high = Prisma.sql`AND id <= ${sameMillisecond(last).high}::uuid`;
  return Prisma.sql`SELECT m.id, f.states, f.routes, f.finished_at AS "finishedAt" FROM ${idRanges(messageIds)} CROSS JOIN LATERAL (
      SELECT array_agg(DISTINCT d.state::text) AS states, array_agg(DISTINCT d.route) AS routes, max(d.finished_at) AS finished_at FROM (
        (SELECT state, route, finished_at FROM delivery WHERE id >= m.low AND id <= m.high AND message_id = m.id AND replay_id IS NULL ${low} ${high} OFFSET 0)
        UNION ALL
        (SELECT state, route, finished_at FROM delivery WHERE message_id = m.id AND replay_id IS NOT NULL AND id >= m.low ${low} OFFSET 0)
      ) AS d
    ) AS f WHERE f.states IS NOT NULL`;
}

/** `m(id, low, high)`: ids with the range of ids that share their millisecond, where what belongs to them is. */
export function idRanges(messageIds: readonly string[]): Prisma.Sql {
  const ranges = messageIds.map(sameMillisecond);
  return Prisma.sql`unnest(${[...messageIds]}::uuid[], ${ranges.map(({ low }) => low)}::uuid[], ${ranges.map(({ high }) => high)}::uuid[]) AS m(id, low, high)`;
}

/** State and end of a message. */
export function derivedState(facts: DeliveryFacts, unrouted: boolean, receivedAt: Date): { state: MessageState; completedAt: Date | null } {
  const state = messageStateOf(facts.states, unrouted);
  const open = unrouted || facts.states.some((one) => !isTerminal(one));
  return { state, completedAt: open ? null : (facts.finishedAt ?? receivedAt) };
}
