/** The lease while an attempt is under way: marking that it leaves, and keeping it alive. */
import type pg from 'pg';
import { int4Array, uuidArray } from './binary-array.ts';
import { idRange } from './id-range.ts';

const MARK_SENDING_SQL = `
UPDATE delivery d SET sending = true
FROM unnest($1::uuid[], $2::int4[]) AS t(id, fence)
WHERE d.id = t.id AND d.id = ANY($1::uuid[]) AND d.id >= $3::uuid AND d.id <= $4::uuid AND d.fence = t.fence AND d.state = 'active'
RETURNING d.id`;

const RENEW_SQL = `
UPDATE delivery SET due_at = now() + $1 * interval '1 millisecond'
WHERE id = ANY($2::uuid[]) AND id >= $3::uuid AND id <= $4::uuid AND lease_owner = $5 AND state = 'active'`;

export async function markSending(pool: pg.Pool, entries: readonly { id: string; fence: number }[]): Promise<string[]> {
  if (entries.length === 0) return [];
  const ids = entries.map(({ id }) => id);
  const { low, high } = idRange(ids);
  const { rows } = await pool.query<{ id: string }>({
    name: 'mark-sending',
    text: MARK_SENDING_SQL,
    values: [uuidArray(ids), int4Array(entries.map(({ fence }) => fence)), low, high],
  });
  return rows.map(({ id }) => id);
}

export async function renew(pool: pg.Pool, ids: readonly string[], owner: string, leaseMs: number): Promise<void> {
  if (ids.length === 0) return;
  const { low, high } = idRange(ids);
  await pool.query({ name: 'renew', text: RENEW_SQL, values: [leaseMs, uuidArray(ids), low, high, owner] });
}
