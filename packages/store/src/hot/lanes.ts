/** Lanes: moving on those whose head is finished, and finding those that nobody moved on. */
import type { BellEntry, LaneRef } from '@nave/core';
import type pg from 'pg';
import { textArray } from './binary-array.ts';

const ADVANCE_SQL = 'SELECT new_spoke AS spoke, new_head AS id FROM nave_advance_lanes($1::text[], $2::text[])';

/**
 * The next stretch of lanes in their order, and those of it whose head and whose mark say different things: the head is finished, gone or itself held by
 * the lane; or waits for a person and the lane is not parked; or the other way round. Sets instead of a join: those are always hashed.
 */
const STRETCH_SQL = `
WITH stretch AS MATERIALIZED (
  SELECT * FROM lane WHERE (spoke, key) > ($1::text, $2::text) ORDER BY spoke, key LIMIT $3
), heads AS MATERIALIZED (
  SELECT id, state = 'dead' OR state = 'unknown' AND due_at IS NULL AS stuck FROM delivery
  WHERE id = ANY(ARRAY(SELECT head FROM stretch)) AND id >= (SELECT head FROM stretch ORDER BY head LIMIT 1) AND id <= (SELECT head FROM stretch ORDER BY head DESC LIMIT 1)
    AND state NOT IN ('succeeded', 'skipped', 'cancelled', 'compensated') AND (state <> 'held' OR held_by IS DISTINCT FROM 'lane')
), left_behind AS (
  SELECT spoke, key FROM stretch
  WHERE CASE WHEN head IN (SELECT id FROM heads) THEN (head IN (SELECT id FROM heads WHERE stuck)) <> (parked_at IS NOT NULL) ELSE true END
)
SELECT (SELECT count(*)::int FROM stretch) AS looked_at, (SELECT spoke FROM stretch ORDER BY spoke DESC, key DESC LIMIT 1) AS last_spoke,
  (SELECT key FROM stretch ORDER BY spoke DESC, key DESC LIMIT 1) AS last_key,
  (SELECT coalesce(jsonb_agg(jsonb_build_array(spoke, key)), '[]'::jsonb) FROM left_behind) AS lanes`;

/** Lanes locked by one statement: an accept that wants one of them waits for all. */
const AT_ONCE = 128;

/** Moves lanes on, in one transaction per `AT_ONCE` of them. Answers the new heads. */
export async function advanceLanes(pool: pg.Pool, lanes: readonly LaneRef[]): Promise<BellEntry[]> {
  const heads: BellEntry[] = [];
  for (let at = 0; at < lanes.length; at += AT_ONCE) {
    const some = lanes.slice(at, at + AT_ONCE);
    const { rows } = await pool.query<{ spoke: string; id: string }>({
      name: 'advance-lanes',
      text: ADVANCE_SQL,
      values: [textArray(some.map(({ spoke }) => spoke)), textArray(some.map(({ key }) => key))],
    });
    for (const { spoke, id } of rows) heads.push({ spoke, deliveryId: id });
  }
  return heads;
}

/** Walks over all lanes, a stretch per call and round again, and moves on those that a lost call left behind. */
export function createLaneMender(pool: pg.Pool): (limit: number) => Promise<BellEntry[]> {
  let after: LaneRef = { spoke: '', key: '' };
  return async (limit) => {
    const { rows } = await pool.query<{ looked_at: number; last_spoke: string | null; last_key: string | null; lanes: [string, string][] }>(
      {
        name: 'lane-stretch',
        text: STRETCH_SQL,
        values: [after.spoke, after.key, limit],
      },
    );
    const [stretch] = rows;
    const more = stretch !== undefined && stretch.looked_at === limit;
    after = { spoke: (more && stretch.last_spoke) || '', key: (more && stretch.last_key) || '' };
    return advanceLanes(
      pool,
      (stretch?.lanes ?? []).map(([spoke, key]) => ({ spoke, key })),
    );
  };
}
