/** The lease while an attempt is under way: marking that it leaves, and keeping it alive. */
import type { HeldLease, SendingMark } from '@nave/core';
import type pg from 'pg';
import { byteaArray, int4Array, uuidArray } from './binary-array.ts';
import { idRange } from './id-range.ts';

const MARK_SENDING_SQL = `
UPDATE delivery d SET sending = true, lookups = 0, input = coalesce(t.input, d.input)
FROM unnest($1::uuid[], $2::int4[], $5::bytea[]) AS t(id, fence, input)
WHERE d.id = t.id AND d.id = ANY($1::uuid[]) AND d.id >= $3::uuid AND d.id <= $4::uuid AND d.fence = t.fence AND d.state = 'active'
RETURNING d.id`;

const RENEW_SQL = `
UPDATE delivery d SET due_at = now() + $1 * interval '1 millisecond'
FROM unnest($2::uuid[], $6::int4[]) AS t(id, fence)
WHERE d.id = t.id AND d.id = ANY($2::uuid[]) AND d.id >= $3::uuid AND d.id <= $4::uuid AND d.fence = t.fence AND d.lease_owner = $5 AND d.state = 'active'
RETURNING d.id`;

export async function markSending(pool: pg.Pool, entries: readonly SendingMark[]): Promise<string[]> {
  if (entries.length === 0) return [];
  const ids = entries.map(({ id }) => id);
  const { low, high } = idRange(ids);
  const { rows } = await pool.query<{ id: string }>({
    name: 'mark-sending',
    text: MARK_SENDING_SQL,
    values: [uuidArray(ids), int4Array(entries.map(({ fence }) => fence)), low, high, byteaArray(entries.map(({ input }) => input))],
  });
  return rows.map(({ id }) => id);
}

export async function renew(pool: pg.Pool, leases: readonly HeldLease[], owner: string, leaseMs: number): Promise<string[]> {
  if (leases.length === 0) return [];
  const ids = leases.map(({ id }) => id);
  const { low, high } = idRange(ids);
  const { rows } = await pool.query<{ id: string }>({
    name: 'renew',
    text: RENEW_SQL,
    values: [leaseMs, uuidArray(ids), low, high, owner, int4Array(leases.map(({ fence }) => fence))],
  });
  return rows.map(({ id }) => id);
}
