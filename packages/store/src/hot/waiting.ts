/** What could be delivered now, whether anybody was told or not: for workers whose queue cannot be heard. */
import type { BellEntry } from '@nave/core';
import type pg from 'pg';
import { TAKEABLE } from './claim.ts';
import { BUSY } from './sweep.ts';

const WAITING_SQL = `
${BUSY}
SELECT busy.spoke, x.id FROM busy CROSS JOIN LATERAL (
  SELECT d.id FROM delivery d
  WHERE d.spoke = busy.spoke AND d.due_at <= now() + interval '15 seconds' AND ${TAKEABLE}
  ORDER BY d.due_at LIMIT $1
) AS x
WHERE busy.spoke IS NOT NULL`;

/** @param perSpoke at most so many of each spoke, the longest waiting first */
export async function waiting(pool: pg.Pool, perSpoke: number): Promise<BellEntry[]> {
  const { rows } = await pool.query<{ spoke: string; id: string }>({ name: 'waiting', text: WAITING_SQL, values: [perSpoke] });
  return rows.map(({ spoke, id }) => ({ spoke, deliveryId: id }));
}
