/** Rows whose ids lie outside every day's tables (a clock that was far off) are in the default partitions: old ones are deleted in batches. */
import { lowestUuidAt } from '@nave/core';
import type pg from 'pg';

const ROWS_MAX = 2_000;
const TERMINAL = `('succeeded', 'dead', 'skipped', 'cancelled', 'compensated')`;

/** What is not finished, and what leads a lane, stays with its message. @returns rows deleted */
export async function deleteStrayRows(client: pg.Client, beforeMs: number): Promise<number> {
  const high = lowestUuidAt(Math.max(0, beforeMs));
  // The ledger does not look for what is about to go.
  await client.query(
    `INSERT INTO ledger_day (day, tried_at, dropped_at)
     SELECT DISTINCT (nave_moment_of(id) AT TIME ZONE 'UTC')::date, now(), now() FROM (
       (SELECT id FROM message_default WHERE id < $1 ORDER BY id LIMIT ${ROWS_MAX}) UNION ALL (SELECT id FROM delivery_default WHERE id < $1 ORDER BY id LIMIT ${ROWS_MAX})
     ) AS stray ON CONFLICT (day) DO UPDATE SET dropped_at = coalesce(ledger_day.dropped_at, EXCLUDED.dropped_at)`,
    [high],
  );
  await client.query(
    `DELETE FROM ledger_minute m WHERE m.minute < $1 AND EXISTS (SELECT FROM ledger_day d WHERE d.day = (m.minute AT TIME ZONE 'UTC')::date AND d.dropped_at IS NOT NULL)`,
    [new Date(beforeMs)],
  );
  const statements = [
    `DELETE FROM delivery_default WHERE id = ANY(ARRAY(SELECT d.id FROM delivery_default d WHERE d.id < $1 AND d.state IN ${TERMINAL}
       AND NOT EXISTS (SELECT FROM lane l WHERE l.head = d.id) ORDER BY d.id LIMIT ${ROWS_MAX}))`,
    `DELETE FROM attempt_default WHERE id = ANY(ARRAY(SELECT a.id FROM attempt_default a WHERE a.id < $1
       AND NOT EXISTS (SELECT FROM delivery d WHERE d.id = a.delivery_id OFFSET 0) ORDER BY a.id LIMIT ${ROWS_MAX}))`,
    `DELETE FROM message_default WHERE id = ANY(ARRAY(SELECT m.id FROM message_default m WHERE m.id < $1
       AND NOT EXISTS (SELECT FROM delivery_default d WHERE d.message_id = m.id)
       AND NOT EXISTS (SELECT FROM delivery r WHERE r.message_id = m.id AND r.replay_id IS NOT NULL OFFSET 0) ORDER BY m.id LIMIT ${ROWS_MAX}))`,
    `DELETE FROM message_key_default k WHERE k.message_id < $1 AND NOT EXISTS (SELECT FROM message_default m WHERE m.id = k.message_id)`,
  ];
  let deleted = 0;
  for (const text of statements) deleted += (await client.query(text, [high])).rowCount ?? 0;
  return deleted;
}
