/** The deliveries of one group: for people, newest first, and for a bulk retry, oldest first. */
import type { Database } from '../database.ts';
import { Prisma } from '../generated/client.ts';
import { type DeliveryDetail, deliveriesAmong } from '../query/delivery-rows.ts';
import { FAILURE_STATES, type FailureState } from './failure-filter.ts';

type Reader = Pick<Database['prisma'], '$queryRaw'>;

/** At most `limit` deliveries of a group below an id, newest first. */
export async function issueDeliveries(prisma: Reader, issue: string, before: string | null, limit: number): Promise<DeliveryDetail[]> {
  const below = before === null ? Prisma.empty : Prisma.sql`AND f.delivery_id < ${before}::uuid`;
  const rows = await prisma.$queryRaw<{ id: string }[]>(
    Prisma.sql`SELECT f.delivery_id AS id FROM failure f WHERE f.issue = ${issue}::uuid ${below} ORDER BY f.delivery_id DESC LIMIT ${limit}`,
  );
  return deliveriesAmong(
    prisma,
    rows.map(({ id }) => id),
  );
}

/** What all deliveries of a group are; null when there are none any more. */
export async function issueState(prisma: Reader, issue: string): Promise<FailureState | null> {
  const [row] = await prisma.$queryRaw<{ state: string }[]>`SELECT state::text AS state FROM failure WHERE issue = ${issue}::uuid LIMIT 1`;
  return FAILURE_STATES.find((state) => state === row?.state) ?? null;
}
