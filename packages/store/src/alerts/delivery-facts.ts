/** Conditions over delivery rows. Spokes are found by hopping over partial indexes and each is looked at within bounds, so that 100,000 dead rows cost what 1,000 do. */

/** Rows counted per spoke; figures beyond it mean "at least". */
const COUNTED_MAX = 1_000;
const SAMPLES = 10;
/** Deliveries made within the window that are looked at for error shares. */
const SHARE_SAMPLE_MAX = 20_000;
/** The most overdue deliveries of a spoke that are looked at for its backlog. */
const BACKLOG_SAMPLE_MAX = 2_000;

/** The spokes with rows that `match`, which must imply a partial index that begins with the spoke (after constants). */
function spokesWith(name: string, match: string): string {
  return `${name} AS (
  (SELECT spoke FROM delivery d WHERE ${match} ORDER BY spoke LIMIT 1)
  UNION ALL
  SELECT (SELECT d.spoke FROM delivery d WHERE ${match} AND d.spoke > ${name}.spoke ORDER BY d.spoke LIMIT 1) FROM ${name} WHERE ${name}.spoke IS NOT NULL
)`;
}

/**
 * Rows of a state through the index (state, spoke, id), compared as rows: an equality with `dead` would also fit the smaller index over dead messages, and
 * plans made while tables are empty do not tell them apart.
 */
type Waiting = 'unknown' | 'dead';
const WAITING = `d.state IN ('held', 'unknown', 'dead')`;
const FIRST_ID = `'00000000-0000-0000-0000-000000000000'::uuid`;
const LAST_ID = `'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid`;

const nextSpoke = (state: Waiting, after: string) => `(SELECT x.spoke FROM (
    SELECT d.state, d.spoke FROM delivery d WHERE ${WAITING} AND (d.state, d.spoke) > ('${state}'::delivery_state, ${after}) ORDER BY d.state, d.spoke LIMIT 1
  ) AS x WHERE x.state = '${state}')`;

const spokesIn = (state: Waiting) => `f AS (
  SELECT ${nextSpoke(state, `''`)} AS spoke
  UNION ALL
  SELECT ${nextSpoke(state, 'f.spoke')} FROM f WHERE f.spoke IS NOT NULL
)`;

const newest = (state: Waiting, columns: string, max: number) => `(SELECT ${columns} FROM delivery d
  WHERE ${WAITING} AND (d.state, d.spoke, d.id) >= ('${state}'::delivery_state, f.spoke, ${FIRST_ID}) AND (d.state, d.spoke, d.id) <= ('${state}'::delivery_state, f.spoke, ${LAST_ID})
  ORDER BY d.state DESC, d.spoke DESC, d.id DESC LIMIT ${max})`;
/** Ids and reasons of the newest few. Only codes of the hub: other reasons may repeat what a system said. */
const shown = (state: Waiting) => `(
  SELECT array_agg(x.id::text ORDER BY x.id DESC) AS samples, array_agg(DISTINCT x.reason) FILTER (WHERE x.reason ~ '^[a-z][a-z0-9.-]{1,60}$') AS reasons
  FROM ${newest(state, 'd.id, d.reason', SAMPLES)} AS x
)`;

/** $1 count. */
export const DEAD_SQL = `WITH RECURSIVE ${spokesIn('dead')}
SELECT f.spoke, n.count, n.oldest, s.samples, s.reasons
FROM f CROSS JOIN LATERAL (SELECT count(*)::int AS count, min(x.id::text) AS oldest FROM ${newest('dead', 'd.id', COUNTED_MAX)} AS x) AS n
CROSS JOIN LATERAL ${shown('dead')} AS s
WHERE f.spoke IS NOT NULL AND n.count >= $1`;

const among = (state: Waiting, column: string, match: string) => `(
  SELECT count(*)::int AS count, min(x.id::text) AS oldest, (array_agg(x.id::text ORDER BY x.id DESC))[1:${SAMPLES}] AS samples,
    array_agg(DISTINCT x.reason) FILTER (WHERE x.reason ~ '^[a-z][a-z0-9.-]{1,60}$') AS reasons
  FROM ${newest(state, `d.id, d.reason, ${column}`, COUNTED_MAX)} AS x WHERE ${match}
)`;

/** $1 count. What the hub itself still asks about is not for a person yet. */
export const UNKNOWN_SQL = `WITH RECURSIVE ${spokesIn('unknown')}
SELECT f.spoke, n.* FROM f CROSS JOIN LATERAL ${among('unknown', 'd.due_at', 'x.due_at IS NULL')} AS n WHERE f.spoke IS NOT NULL AND n.count >= $1`;

/** $1 count, $2 since. When a delivery died is in no index: the newest ones of each spoke are looked at. */
export const DEAD_WITHIN_SQL = `WITH RECURSIVE ${spokesIn('dead')}
SELECT f.spoke, n.* FROM f CROSS JOIN LATERAL ${among('dead', 'd.finished_at', 'x.finished_at >= $2')} AS n WHERE f.spoke IS NOT NULL AND n.count >= $1`;

/**
 * $1 the moment that is too long ago. Rows that are due: the most overdue ones (the sweep moves `due_at` of what it rings, so that they come round), older ones
 * by their partitions. Held rows: the oldest by id.
 */
export const BACKLOG_SQL = `WITH RECURSIVE ${spokesWith('f', 'd.due_at IS NOT NULL')}, ${spokesWith('h', `d.state = 'held'`)},
late AS (
  SELECT f.spoke, x.id, x.state FROM f CROSS JOIN LATERAL (
    SELECT o.id, o.state FROM (
      SELECT d.id, d.state::text AS state FROM delivery d WHERE d.due_at IS NOT NULL AND d.spoke = f.spoke ORDER BY d.due_at LIMIT ${BACKLOG_SAMPLE_MAX}
    ) AS o WHERE o.id < nave_uuid_at($1::timestamptz) AND o.state IN ('pending', 'active', 'retrying') ORDER BY o.id LIMIT 1
  ) AS x WHERE f.spoke IS NOT NULL
  UNION ALL
  SELECT h.spoke, x.id, x.state FROM h CROSS JOIN LATERAL (
    SELECT d.id, 'held (' || coalesce(d.held_by::text, '') || ')' AS state FROM delivery d
    WHERE d.state = 'held' AND d.spoke = h.spoke AND d.id < nave_uuid_at($1::timestamptz) AND d.held_by IS DISTINCT FROM 'approval' AND d.held_by IS DISTINCT FROM 'event'
    ORDER BY d.id LIMIT 1
  ) AS x WHERE h.spoke IS NOT NULL
)
SELECT DISTINCT ON (spoke) spoke, id::text AS oldest, state, ARRAY[id::text] AS samples FROM late ORDER BY spoke, id`;

/** $1 since, $2 share, $3 minimum of attempts. Over the newest deliveries by id: attempts made, and those that were not the one that succeeded. */
export const ERROR_SHARE_SQL = `WITH recent AS MATERIALIZED (
  SELECT id, spoke, state, attempt_count FROM delivery WHERE id >= nave_uuid_at($1::timestamptz) ORDER BY id DESC LIMIT ${SHARE_SAMPLE_MAX}
)
SELECT spoke, sum(attempt_count)::int AS attempts, sum(attempt_count - (state = 'succeeded')::int)::int AS failed,
  (array_agg(id::text ORDER BY id DESC) FILTER (WHERE attempt_count > (state = 'succeeded')::int))[1:${SAMPLES}] AS samples
FROM recent WHERE attempt_count > 0 GROUP BY spoke
HAVING sum(attempt_count) >= $3 AND sum(attempt_count - (state = 'succeeded')::int) >= $2::float8 * sum(attempt_count)`;
