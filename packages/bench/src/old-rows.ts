/** Old messages as a hub would have left them, made by SQL: one delivery and one attempt each, sealed-looking bodies, counted in the ledger. May be added to. */
import pg from 'pg';

const DAY_MS = 86_400_000;
const KEY_WINDOW_DAYS = 7;

export interface OldRows {
  /** Messages; each has one delivery and one attempt. */
  messages: number;
  /** Spread over so many past days, the last one yesterday. */
  days: number;
  /** Another one for each time rows are added to the same database. */
  pass: number;
}

/** Day by day, straight into the tables of the day, which is what makes ten million of them bearable. @returns bytes of the database afterwards */
export async function makeOldRows(databaseUrl: string, { messages, days, pass }: OldRows, onDay: (done: number) => void): Promise<number> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(`SET synchronous_commit = off; SET maintenance_work_mem = '256MB'`);
    const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
    const perDay = Math.ceil(messages / days);
    for (let back = days; back >= 1; back--) {
      const count = Math.min(perDay, messages - (days - back) * perDay);
      await makeDay(client, { day: today - back * DAY_MS, count, pass, withKeys: back <= KEY_WINDOW_DAYS });
      onDay(days - back + 1);
    }
    await analyze(client);
    const { rows } = await client.query<{ bytes: string }>('SELECT pg_database_size(current_database()) AS bytes');
    return Number(rows[0]?.bytes);
  } finally {
    await client.end();
  }
}

/** Both sides of a comparison are vacuumed and analysed, old rows or not. */
export async function analyzeAll(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await analyze(client);
  } finally {
    await client.end();
  }
}

async function analyze(client: pg.Client): Promise<void> {
  await client.query('VACUUM (ANALYZE)');
  await client.query('CHECKPOINT');
}

/** A UUIDv7 of the moment `at`, the rest from a hash of the row's number. */
const uuid = (salt: string) =>
  `(overlay(nave_uuid_at(at)::text placing '7' || substr(h${salt}, 1, 3) || '-8' || substr(h${salt}, 4, 3) || '-' || substr(h${salt}, 7, 12) from 15))::uuid`;

interface OldDay {
  day: number;
  count: number;
  pass: number;
  withKeys: boolean;
}

async function makeDay(client: pg.Client, { day, count, pass, withKeys }: OldDay): Promise<void> {
  if (count <= 0) return;
  const name = new Date(day).toISOString().slice(0, 10);
  const suffix = name.replaceAll('-', '');
  await client.query('SELECT nave_make_partitions($1::date)', [name]);
  await client.query('BEGIN');
  await client.query(
    `CREATE TEMPORARY TABLE old ON COMMIT DROP AS
     SELECT n, at, ${uuid('m')} AS message, ${uuid('d')} AS delivery, ${uuid('a')} AS attempt, 'old-' || n % 20 AS spoke,
       CASE WHEN n % 1000 = 0 THEN 'dead' WHEN n % 50 = 0 THEN 'skipped' ELSE 'succeeded' END AS state, decode('010000000001' || repeat(hm, 12), 'hex') AS content
     FROM (SELECT n, to_timestamp($1::float8 / 1000 + n * 86399.0 / $2::int) AS at, md5(n || $3 || 'm') AS hm, md5(n || $3 || 'd') AS hd, md5(n || $3 || 'a') AS ha
       FROM generate_series(0, $2::int - 1) AS n) AS r`,
    [day, count, `${suffix} ${pass} `],
  );
  await client.query(`INSERT INTO message_${suffix} (id, spoke, type, received_at, content, content_type, size, idempotency_key)
    SELECT message, spoke, 'order.created', at, content, 'application/json', 180, 'old ' || message FROM old`);
  await client.query(`INSERT INTO delivery_${suffix} (id, message_id, source, route, route_version, step, step_name, spoke, operation, state, reason, attempt_count, input, output, created_at, finished_at)
    SELECT delivery, message, spoke, 'old-${pass}', 1, 0, 'only', 'sink', 'create', state::delivery_state, CASE state WHEN 'skipped' THEN 'filtered' END, 1,
      substr(content, 1, 96), substr(content, 1, 64), at, at + interval '50 milliseconds' FROM old`);
  await client.query(`INSERT INTO attempt_${suffix} (id, delivery_id, number, started_at, duration_ms, outcome, status, detail)
    SELECT attempt, delivery, 1, at, 12, CASE state WHEN 'dead' THEN 'rejected' ELSE 'ok' END::outcome_kind, CASE state WHEN 'dead' THEN 400 ELSE 200 END, '' FROM old`);
  if (withKeys)
    await client.query(`INSERT INTO idempotency (key, spoke, message_id, digest, expires_at)
      SELECT 'old ' || message, spoke, message, substr(content, 1, 32), at + interval '${KEY_WINDOW_DAYS} days' FROM old`);
  await client.query(`INSERT INTO ledger_minute (minute, route, accepted, found, states, open, checked_at)
    SELECT date_trunc('minute', at), 'old-${pass}', count(*), count(*), jsonb_build_object('succeeded', count(*) FILTER (WHERE state = 'succeeded'),
      'filtered', count(*) FILTER (WHERE state = 'skipped'), 'dead', count(*) FILTER (WHERE state = 'dead')), false, now() FROM old GROUP BY 1
    UNION ALL SELECT date_trunc('minute', at), '', count(*), count(*), NULL, false, now() FROM old GROUP BY 1
    ON CONFLICT (minute, route) DO UPDATE SET accepted = ledger_minute.accepted + excluded.accepted, found = ledger_minute.found + excluded.found`);
  await client.query('COMMIT');
}
