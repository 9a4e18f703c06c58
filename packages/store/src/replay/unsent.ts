/** What a replay made and nobody has sent yet: counted, kept back, let go again, or cancelled. Each statement is bounded and reads `delivery_replaying_idx`. */
import type { BellEntry, LaneRef } from '@nave/core';
import { LET_GO } from '../flow/kept-back.ts';
import { Prisma } from '../generated/client.ts';

type Tx = Pick<Prisma.TransactionClient, '$queryRaw' | '$executeRaw'>;

/** Why a delivery of a stopped replay is cancelled. */
const REPLAY_STOPPED = 'replay.stopped';

/** Deliveries changed by one statement. More than a replay is ahead of what was sent: one is usually enough. */
const UNSENT_BATCH = 2_000;

const OPEN = Prisma.sql`d.state IN ('pending', 'retrying', 'held')`;
/** Not those that wait for a person, an event or their lane: they are not on their way. */
const ON_THE_WAY = Prisma.sql`(d.state <> 'held' OR d.held_by IN ('breaker', 'pause', 'governor'))`;

function some(replayId: string, what: Prisma.Sql, limit: number): Prisma.Sql {
  return Prisma.sql`id = ANY(ARRAY(
    SELECT d.id FROM delivery d WHERE d.replay_id = ${replayId}::uuid AND ${OPEN} AND ${what} ORDER BY d.id LIMIT ${limit} FOR UPDATE SKIP LOCKED))`;
}

/** At most `max`. */
export async function countUnsent(tx: Tx, replayId: string, max: number): Promise<number> {
  const [row] = await tx.$queryRaw<{ n: number }[]>(Prisma.sql`
    SELECT count(*)::int AS n FROM (
      SELECT 1 FROM delivery d WHERE d.replay_id = ${replayId}::uuid AND ${OPEN} AND ${ON_THE_WAY} LIMIT ${max}
    ) AS counted`);
  return row?.n ?? 0;
}

/** Keeps back what is on its way: `blocked_by` names the replay, so that nothing but the replay lets it go. Answers how many. */
export function holdUnsent(tx: Tx, replayId: string): Promise<number> {
  const free = Prisma.sql`${ON_THE_WAY} AND d.blocked_by IS NULL`;
  return tx.$executeRaw(Prisma.sql`
    UPDATE delivery SET state = 'held', held_by = 'governor', blocked_by = ${replayId}::uuid, due_at = NULL
    WHERE ${some(replayId, free, UNSENT_BATCH)}`);
}

/** Lets go what a pause of the replay kept back, oldest first. */
export async function releaseUnsent(tx: Tx, replayId: string, limit: number): Promise<BellEntry[]> {
  const kept = Prisma.sql`d.state = 'held' AND d.held_by = 'governor' AND d.blocked_by = ${replayId}::uuid`;
  const rows = await tx.$queryRaw<{ id: string; spoke: string; due: boolean }[]>(Prisma.sql`
    UPDATE delivery SET ${Prisma.raw(LET_GO)}
    WHERE ${some(replayId, kept, limit)} RETURNING id, spoke, state = 'pending' AS due`);
  return rows.flatMap(({ id, spoke, due }) => (due ? [{ spoke, deliveryId: id }] : []));
}

/** Cancels what was not sent. Answers how many, and the lanes to be moved on once that is committed. */
export async function cancelUnsent(tx: Tx, replayId: string): Promise<{ count: number; lanes: LaneRef[] }> {
  const rows = await tx.$queryRaw<{ spoke: string; key: string | null }[]>(Prisma.sql`
    UPDATE delivery SET state = 'cancelled', reason = ${REPLAY_STOPPED}, finished_at = now(), held_by = NULL, blocked_by = NULL, due_at = NULL,
      next_attempt_at = NULL, lease_owner = NULL, sending = false, fence = fence + 1
    WHERE ${some(replayId, Prisma.sql`true`, UNSENT_BATCH)} RETURNING spoke, lane_key AS key`);
  return { count: rows.length, lanes: rows.flatMap(({ spoke, key }) => (key === null ? [] : [{ spoke, key }])) };
}
