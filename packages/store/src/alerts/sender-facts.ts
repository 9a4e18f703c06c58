/** Conditions over what arrives: senders that fell silent, and refused credentials. */

const SIGN_INS_SAMPLE_MAX = 5_000;
/** Messages counted per hour of a day: who sends more than this an hour is measured by it. */
const HOUR_SAMPLE_MAX = 200;
/** Days of the last seven with messages at this hour, below which a sender has no habit. */
const DAYS_MIN = 3;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/**
 * $1 now, $2 factor, $3 minimum in seconds. The usual gap of a spoke: seven hours (this one, of the last seven days) by the messages in them. A spoke that did
 * not send at this hour a week ago, although it sent before, may have its day off. Rows are compared as pairs: with an equality the planner may walk the
 * primary key from its end, which for a spoke that seldom sends is all of it.
 */
export const SILENT_SQL = `WITH senders AS MATERIALIZED (
  SELECT s.name AS spoke, newest.id AS last, oldest.id AS first FROM spoke s
  CROSS JOIN LATERAL (SELECT m.spoke, m.id FROM message m WHERE (m.spoke, m.id) <= (s.name, '${LAST_ID}'::uuid) ORDER BY m.spoke DESC, m.id DESC LIMIT 1) AS newest
  CROSS JOIN LATERAL (SELECT m.spoke, m.id FROM message m WHERE (m.spoke, m.id) >= (s.name, '${FIRST_ID}'::uuid) ORDER BY m.spoke, m.id LIMIT 1) AS oldest
  WHERE s.enabled AND newest.spoke = s.name AND oldest.spoke = s.name
), quiet AS MATERIALIZED (
  SELECT * FROM senders WHERE last < nave_uuid_at($1::timestamptz - make_interval(secs => $3::float8))
), habits AS (
  SELECT q.spoke, q.last, q.first, count(*) FILTER (WHERE h.n > 0)::int AS days, sum(h.n)::int AS messages,
    sum(h.n) FILTER (WHERE d.day = 7) AS week_ago
  FROM quiet q CROSS JOIN generate_series(1, 7) AS d(day) CROSS JOIN LATERAL (
    SELECT count(*) AS n FROM (
      SELECT 1 FROM message m WHERE m.spoke = q.spoke
        AND m.id >= nave_uuid_at($1::timestamptz - make_interval(days => d.day) - interval '30 minutes')
        AND m.id < nave_uuid_at($1::timestamptz - make_interval(days => d.day) + interval '30 minutes')
      LIMIT ${HOUR_SAMPLE_MAX}
    ) AS x
  ) AS h GROUP BY q.spoke, q.last, q.first
)
SELECT spoke, last::text AS last, (days * 3600.0 / messages)::float8 AS "gapSeconds" FROM habits
WHERE days >= ${DAYS_MIN} AND (week_ago > 0 OR first > nave_uuid_at($1::timestamptz - interval '7 days'))
  AND last < nave_uuid_at($1::timestamptz - make_interval(secs => $2::float8 * days * 3600.0 / messages))`;

/** $1 since, $2 count. The newest audit entries by id; each stands for as many refusals as it counted. */
export const SIGN_INS_SQL = `WITH recent AS MATERIALIZED (SELECT id, at, action, actor, subject, detail FROM audit ORDER BY id DESC LIMIT ${SIGN_INS_SAMPLE_MAX})
SELECT CASE WHEN subject LIKE 'spoke:%' THEN substr(subject, 7) END AS spoke,
  sum(CASE WHEN jsonb_typeof(detail -> 'count') = 'number' THEN (detail ->> 'count')::numeric ELSE 1 END)::float8 AS count, count(DISTINCT actor)::int AS actors
FROM recent WHERE at >= $1::timestamptz AND action = 'auth.refused' GROUP BY 1
HAVING sum(CASE WHEN jsonb_typeof(detail -> 'count') = 'number' THEN (detail ->> 'count')::numeric ELSE 1 END) >= $2`;
