/** What changed just now, for people who watch: bounded reads over the newest ids, no column, trigger or notification on the hot path. */
import { type DeliveryState, lowestUuidAt } from '@nave/core';
import type { Database } from '../database.ts';
import { Prisma } from '../generated/client.ts';
import { guarded } from '../guarded.ts';

export interface MessageChange {
  id: string;
  receivedAt: Date;
  source: string;
  type: string;
  unrouted: boolean;
}

export interface DeliveryVersion {
  id: string;
  messageId: string;
  route: string;
  spoke: string;
  state: DeliveryState;
  reason: string | null;
  attemptCount: number;
  createdAt: Date;
  finishedAt: Date | null;
}

const COLUMNS = Prisma.raw(`id, message_id AS "messageId", route, spoke, state::text AS state, reason, attempt_count AS "attemptCount",
  created_at AS "createdAt", finished_at AS "finishedAt"`);

type Reader = Pick<Database, 'prisma'>;

/** The newest messages accepted since a moment, oldest first. */
export function messagesSince({ prisma }: Reader, sinceMs: number, limit: number): Promise<MessageChange[]> {
  return guarded(async () => {
    const rows = await prisma.$queryRaw<MessageChange[]>(Prisma.sql`SELECT id, received_at AS "receivedAt", spoke AS source, type, unrouted
      FROM message WHERE id >= ${lowestUuidAt(sinceMs)}::uuid ORDER BY id DESC LIMIT ${limit}`);
    return rows.reverse();
  });
}

/** The newest deliveries created since a moment, oldest first. */
export function deliveriesSince({ prisma }: Reader, sinceMs: number, limit: number): Promise<DeliveryVersion[]> {
  return guarded(async () => {
    const rows = await prisma.$queryRaw<DeliveryVersion[]>(
      Prisma.sql`SELECT ${COLUMNS} FROM delivery WHERE id >= ${lowestUuidAt(sinceMs)}::uuid ORDER BY id DESC LIMIT ${limit}`,
    );
    return rows.reverse();
  });
}

/** Deliveries as they are now. */
export function deliveriesById({ prisma }: Reader, ids: readonly string[]): Promise<DeliveryVersion[]> {
  if (ids.length === 0) return Promise.resolve([]);
  return guarded(() =>
    prisma.$queryRaw<DeliveryVersion[]>(Prisma.sql`SELECT ${COLUMNS} FROM delivery WHERE id = ANY(${[...ids]}::uuid[])`),
  );
}

/** Some of the deliveries that are due or under way, whatever their age: how retries of old ones come into view. */
export function openDeliveries({ prisma }: Reader, limit: number): Promise<DeliveryVersion[]> {
  return guarded(() =>
    prisma.$queryRaw<DeliveryVersion[]>(Prisma.sql`SELECT ${COLUMNS} FROM delivery WHERE due_at IS NOT NULL LIMIT ${limit}`),
  );
}
