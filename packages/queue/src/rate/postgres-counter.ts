/**
 * The counter in PostgreSQL behind rate-limiter-flexible: its statement takes the time from this process, whose clock may be wrong or be set; here the same
 * row is written with the server's time, which all processes share.
 */
import type { CounterDatabase } from './token-source.ts';

/** As in redis-script.ts: a window that follows another one at once begins where that one ended. */
const TAKE_SQL = `
INSERT INTO rate_window AS w (key, points, until) VALUES ($1, $2, clock_timestamp() + $3 * interval '1 millisecond')
ON CONFLICT (key) DO UPDATE SET
  points = CASE WHEN w.until <= clock_timestamp() OR w.until > clock_timestamp() + ($3 + 1000) * interval '1 millisecond' THEN $2::int
    ELSE least(w.points::bigint + $2, 2147483647)::int END,
  until = CASE WHEN w.until > clock_timestamp() + ($3 + 1000) * interval '1 millisecond' THEN clock_timestamp() + $3 * interval '1 millisecond'
    WHEN w.until > clock_timestamp() THEN w.until
    WHEN w.until > clock_timestamp() - $3 * interval '1 millisecond' THEN w.until + $3 * interval '1 millisecond'
    ELSE clock_timestamp() + $3 * interval '1 millisecond' END
RETURNING points, greatest(1, extract(epoch FROM until - clock_timestamp()) * 1000)::float8 AS left_ms`;

const FORGET_SQL = `DELETE FROM rate_window WHERE key IN (
  SELECT key FROM rate_window WHERE until < clock_timestamp() - interval '1 hour' LIMIT 4000 FOR UPDATE SKIP LOCKED)`;

/** More often than as many new keys can come: a nonce is one that never comes again. */
const FORGET_EVERY = 2_000;

/** What the library calls its client. */
export interface CounterClient {
  query(statement: { text: string; values?: unknown[] }): Promise<{ rows: { points: number; expire: number }[] }>;
}

/** @throws whatever the database throws; the limiter's insurance takes over then */
export function postgresCounter(database: CounterDatabase): CounterClient {
  let taken = 0;
  return {
    async query({ values = [] }) {
      // The library's upsert: key, points, end of a new window, present time (both in its own milliseconds).
      const [key, points, expire, now] = values;
      if (typeof key !== 'string' || typeof points !== 'number' || typeof expire !== 'number' || typeof now !== 'number')
        throw new TypeError('rate-limiter-flexible asked for something else than a counter');
      taken += 1;
      if (taken % FORGET_EVERY === 0) database.query({ name: 'forget-tokens', text: FORGET_SQL, values: [] }).catch(() => undefined);
      const { rows } = await database.query({ name: 'take-tokens', text: TAKE_SQL, values: [key, points, expire - now] });
      return { rows: rows.map(toCounter) };
    },
  };
}

function toCounter(row: unknown): { points: number; expire: number } {
  if (typeof row !== 'object' || row === null || !('points' in row) || !('left_ms' in row)) throw new TypeError('not a counter');
  if (typeof row.points !== 'number' || typeof row.left_ms !== 'number') throw new TypeError('not a counter');
  return { points: row.points, expire: Date.now() + row.left_ms };
}
