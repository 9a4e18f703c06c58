/** Conditions that other parts of the hub keep in tables of their own: parked lanes, breakers, retry budgets, ledger differences. */

const ROWS_MAX = 10_000;

/** $1 count. */
export const PARKED_SQL = `SELECT spoke, count(*)::int AS count, min(parked_at) AS "sinceAt", (array_agg(head::text ORDER BY parked_at DESC) FILTER (WHERE head IS NOT NULL))[1:10] AS samples
FROM (SELECT spoke, parked_at, head FROM lane WHERE parked_at IS NOT NULL LIMIT ${ROWS_MAX}) AS parked GROUP BY spoke HAVING count(*) >= $1`;

export const BREAKER_SQL = `SELECT spoke, breaker AS state, opened_at AS "sinceAt" FROM spoke_flow WHERE breaker <> 'closed' LIMIT ${ROWS_MAX}`;

/** $1 since: a budget that was exhausted a moment ago is exhausted. */
export const RETRY_BUDGET_SQL = `SELECT spoke, budget_exhausted_at AS "sinceAt" FROM spoke_flow WHERE budget_exhausted_at >= $1::timestamptz LIMIT ${ROWS_MAX}`;

export const LEDGER_SQL = `SELECT route, count(*)::int AS differences, min(minute_from) AS "fromAt", max(minute_to) AS "toAt", sum(accepted)::float8 AS expected, sum(found)::float8 AS found,
  (SELECT array_agg(x.id::text) FROM (SELECT unnest(u.message_ids) AS id FROM ledger_difference u WHERE u.route = l.route AND u.resolved_at IS NULL LIMIT 10) AS x) AS samples
FROM (SELECT * FROM ledger_difference WHERE resolved_at IS NULL LIMIT ${ROWS_MAX}) AS l GROUP BY route`;

/** Days that retention wants to drop and may not. */
export const RETENTION_SQL = `SELECT count(*)::int AS days, min(day)::text AS "oldestDay", min(blocked_by) AS "blockedBy"
FROM (SELECT day, blocked_by FROM ledger_day WHERE blocked_by IS NOT NULL AND dropped_at IS NULL LIMIT ${ROWS_MAX}) AS blocked HAVING count(*) > 0`;
