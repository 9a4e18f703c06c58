/** Attempts of deliveries: their ids share the delivery's millisecond, so a lookup is an id range. */
import type { OutcomeKind } from '@nave/core';
import type { Database } from '../database.ts';
import { Prisma } from '../generated/client.ts';
import { idRanges } from './delivery-facts.ts';

export interface AttemptRow {
  id: string;
  deliveryId: string;
  number: number;
  startedAt: Date;
  durationMs: number;
  outcome: OutcomeKind;
  status: number | null;
  detail: string;
}

/** Attempts shown per delivery: the newest ones; `attemptCount` tells how many there were. */
const PER_DELIVERY_MAX = 100;

/** Attempts by delivery id, each list in order of number. */
export async function attemptsOf(
  prisma: Pick<Database['prisma'], '$queryRaw'>,
  deliveryIds: readonly string[],
): Promise<(deliveryId: string) => AttemptRow[]> {
  if (deliveryIds.length === 0) return () => [];
  const rows = await prisma.$queryRaw<AttemptRow[]>(Prisma.sql`
    SELECT a.id, m.id AS "deliveryId", a.number, a.started_at AS "startedAt", a.duration_ms AS "durationMs", a.outcome::text AS outcome, a.status, a.detail
    FROM ${idRanges(deliveryIds)} CROSS JOIN LATERAL (
      SELECT * FROM attempt WHERE id >= m.low AND id <= m.high AND delivery_id = m.id ORDER BY number DESC LIMIT ${PER_DELIVERY_MAX}
    ) AS a ORDER BY a.number`);
  const byDelivery = Map.groupBy(rows, (row) => row.deliveryId);
  return (id) => byDelivery.get(id) ?? [];
}
