/** How far each poll has come. Work on a poll is leased: whoever claims it holds a fencing number, and what comes under an older one changes nothing. */
import type pg from 'pg';
import { guarded } from '../guarded.ts';
import { int4Array, textArray } from '../hot/binary-array.ts';

/** A poll that is switched on. */
export interface WantedPoll {
  spoke: string;
  name: string;
  kind: string;
  /** Milliseconds from the end of one turn to the next. */
  everyMs: number;
}

export interface ClaimedPoll {
  spoke: string;
  name: string;
  fence: number;
  /** Null before the first page, and after the spoke became one of another kind. */
  cursor: string | null;
  /** Turns that failed in a row. */
  failures: number;
}

export interface PollProgress {
  name: string;
  lastAt: Date | null;
  nextAt: Date;
  failures: number;
  lastError: string | null;
}

/** Times are the server's. Every call throws HubError `store.unavailable` where the database cannot be reached. */
export interface PollStore {
  /** Makes rows for polls that have none, due at once; spokes that are gone are left out. */
  prepare(wanted: readonly WantedPoll[]): Promise<void>;
  /**
   * Leases polls that are due and that nobody works on; never those of paused and disabled spokes.
   * @param due false: also before their time
   */
  claim(owner: string, leaseMs: number, wanted: readonly WantedPoll[], limit: number, due?: boolean): Promise<ClaimedPoll[]>;
  /** Moves the cursor (null: leaves it) and lengthens the lease. False when the lease was lost: the caller must stop. */
  advance(poll: ClaimedPoll, cursor: string | null, leaseMs: number): Promise<boolean>;
  /** Ends a turn. @param error one line, of a turn that failed */
  finish(poll: ClaimedPoll, nextInMs: number, error: string | null): Promise<boolean>;
  /** Gives a poll back as it was: it is still due. */
  release(poll: ClaimedPoll): Promise<void>;
  progress(spoke: string): Promise<PollProgress[]>;
  /** Which of the keys belong to messages of the spoke that are remembered. */
  known(spoke: string, keys: readonly string[]): Promise<Set<string>>;
}

/** A second before now: the clocks of a server's cores may differ by a little, and the claim that follows runs on another one. */
const PREPARE_SQL = `
INSERT INTO poll_cursor (spoke, name, kind, next_at)
SELECT w.spoke, w.name, w.kind, now() - interval '1 second' FROM unnest($1::text[], $2::text[], $3::text[]) AS w(spoke, name, kind)
WHERE EXISTS (SELECT FROM spoke s WHERE s.name = w.spoke) AND NOT EXISTS (SELECT FROM poll_cursor c WHERE c.spoke = w.spoke AND c.name = w.name)
ORDER BY w.spoke, w.name ON CONFLICT (spoke, name) DO NOTHING`;

/**
 * A shorter interval counts at once, not after the longer one that was planned. What lies further ahead than anything is ever planned is from before the clock
 * was put back, and is due. Rows that another process looks at in the same moment are left to it.
 */
const CLAIM_SQL = `
WITH wanted AS MATERIALIZED (
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::int4[]) AS w(spoke, name, kind, every_ms)
), free AS MATERIALIZED (
  SELECT c.spoke, c.name, w.kind FROM wanted w JOIN poll_cursor c ON c.spoke = w.spoke AND c.name = w.name JOIN spoke s ON s.name = c.spoke
  WHERE s.enabled AND NOT s.paused
    AND (c.lease_until IS NULL OR c.lease_until <= now() OR c.lease_until > now() + interval '1 hour')
    AND (NOT $8 OR c.next_at <= now() OR c.next_at > now() + interval '8 days'
      OR (c.failures = 0 AND c.polled_at + w.every_ms * interval '1 millisecond' <= now()))
  ORDER BY c.next_at LIMIT $7 FOR UPDATE OF c SKIP LOCKED
)
UPDATE poll_cursor c SET owner = $5, lease_until = now() + $6 * interval '1 millisecond', fence = c.fence + 1, kind = free.kind,
  cursor = CASE WHEN c.kind = free.kind THEN c.cursor END, failures = CASE WHEN c.kind = free.kind THEN c.failures ELSE 0 END
FROM free WHERE c.spoke = free.spoke AND c.name = free.name
RETURNING c.spoke, c.name, c.fence, c.cursor, c.failures`;

const ADVANCE_SQL = `
UPDATE poll_cursor SET cursor = coalesce($4, cursor), lease_until = now() + $5 * interval '1 millisecond'
WHERE spoke = $1 AND name = $2 AND fence = $3 AND owner IS NOT NULL`;

const FINISH_SQL = `
UPDATE poll_cursor SET owner = NULL, lease_until = NULL, polled_at = now(), next_at = now() + $4 * interval '1 millisecond',
  failures = CASE WHEN $5::text IS NULL THEN 0 ELSE failures + 1 END, last_error = $5
WHERE spoke = $1 AND name = $2 AND fence = $3 AND owner IS NOT NULL`;

const RELEASE_SQL = `
UPDATE poll_cursor SET owner = NULL, lease_until = NULL WHERE spoke = $1 AND name = $2 AND fence = $3`;

const PROGRESS_SQL = `
SELECT name, polled_at AS "lastAt", next_at AS "nextAt", failures, last_error AS "lastError" FROM poll_cursor WHERE spoke = $1 ORDER BY name`;

const KNOWN_SQL = `
SELECT i.key FROM unnest($2::text[]) AS k(key) CROSS JOIN LATERAL (SELECT * FROM idempotency WHERE key = k.key AND spoke = $1 OFFSET 0) AS i
WHERE i.expires_at > now()`;

const placeOf = ({ spoke, name, fence }: ClaimedPoll) => [spoke, name, fence];

export function createPollStore(pool: Pick<pg.Pool, 'query'>): PollStore {
  const changed = async (name: string, text: string, values: unknown[]) => {
    const { rowCount } = await guarded(() => pool.query({ name, text, values }));
    return rowCount === 1;
  };
  return {
    async prepare(wanted) {
      if (wanted.length === 0) return;
      const columns = [wanted.map(({ spoke }) => spoke), wanted.map(({ name }) => name), wanted.map(({ kind }) => kind)];
      await guarded(() => pool.query({ name: 'prepare-polls', text: PREPARE_SQL, values: columns.map(textArray) }));
    },
    async claim(owner, leaseMs, wanted, limit, due = true) {
      if (wanted.length === 0 || limit <= 0) return [];
      const values = [
        textArray(wanted.map(({ spoke }) => spoke)),
        textArray(wanted.map(({ name }) => name)),
        textArray(wanted.map(({ kind }) => kind)),
        int4Array(wanted.map(({ everyMs }) => everyMs)),
        ...[owner, leaseMs, limit, due],
      ];
      const { rows } = await guarded(() => pool.query<ClaimedPoll>({ name: 'claim-polls', text: CLAIM_SQL, values }));
      return rows;
    },
    advance: (poll, cursor, leaseMs) => changed('advance-poll', ADVANCE_SQL, [...placeOf(poll), cursor, leaseMs]),
    finish: (poll, nextInMs, error) => changed('finish-poll', FINISH_SQL, [...placeOf(poll), nextInMs, error]),
    async release(poll) {
      await changed('release-poll', RELEASE_SQL, placeOf(poll));
    },
    async progress(spoke) {
      return (await guarded(() => pool.query<PollProgress>({ name: 'poll-progress', text: PROGRESS_SQL, values: [spoke] }))).rows;
    },
    async known(spoke, keys) {
      if (keys.length === 0) return new Set();
      const values = [spoke, textArray(keys)];
      const { rows } = await guarded(() => pool.query<{ key: string }>({ name: 'known-keys', text: KNOWN_SQL, values }));
      return new Set(rows.map(({ key }) => key));
    },
  };
}
