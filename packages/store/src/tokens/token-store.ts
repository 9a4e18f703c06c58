/** The one token per spoke and key that all workers share: a row, its lease while somebody fetches, and what the last fetch left. Times are the database's. */
import type pg from 'pg';
import { guarded } from '../guarded.ts';

/** Which token: of this spoke, under the keyed hash of what decides about it. */
export interface TokenPlace {
  spoke: string;
  key: string;
}

export interface StoredToken {
  /** 0 before the first token. */
  version: number;
  /** Sealed; null before the first. */
  token: Uint8Array | null;
  kept: Uint8Array | null;
  /** Milliseconds left, negative when it is over; 0 without a token. */
  remainingMs: number;
  /** Milliseconds it was valid for when it was fetched. */
  lifeMs: number;
  /** Somebody is fetching. */
  leased: boolean;
  failures: number;
  /** What the last failed fetch left, until one succeeds. */
  failure: unknown;
}

export interface FetchedToken {
  token: Uint8Array;
  /** Undefined: what is kept stays. */
  kept: Uint8Array | undefined;
  lifeMs: number;
}

/** Every call answers or fails within seconds. @throws HubError `store.unavailable` when the database is away */
export interface TokenStore {
  read(place: TokenPlace): Promise<StoredToken | null>;
  /** Takes the lease when nobody has it and the token is still the one of this version (0: none): what to fetch with, else null. */
  lease(place: TokenPlace, owner: string, leaseMs: number, version: number): Promise<StoredToken | null>;
  /** Replaces the token of this version and ends the lease; false when another one was stored meanwhile, or the spoke is gone. */
  commit(place: TokenPlace, owner: string, version: number, fetched: FetchedToken): Promise<boolean>;
  /** Ends the lease without a token. @param failure plain JSON for those who waited; null: for no fault of the other side */
  fail(place: TokenPlace, owner: string, failure: unknown): Promise<void>;
}

const FIELDS = `version, token, kept, failures, failure, coalesce(lease_until > clock_timestamp(), false) AS leased,
  coalesce(extract(epoch FROM expires_at - clock_timestamp()) * 1000, 0)::float8 AS "remainingMs",
  coalesce(extract(epoch FROM expires_at - fetched_at) * 1000, 0)::float8 AS "lifeMs"`;

const READ_SQL = `SELECT ${FIELDS} FROM spoke_token WHERE spoke = $1 AND key = $2`;

// A spoke that is gone has no row to lease.
const LEASE_SQL = `
INSERT INTO spoke_token AS t (spoke, key, lease_owner, lease_until)
SELECT name, $2, $3, clock_timestamp() + $4 * interval '1 millisecond' FROM spoke WHERE name = $1
ON CONFLICT (spoke, key) DO UPDATE SET lease_owner = excluded.lease_owner, lease_until = excluded.lease_until
WHERE t.version = $5 AND (t.lease_until IS NULL OR t.lease_until <= clock_timestamp())
RETURNING ${FIELDS}`;

// Only the version decides: a token that was fetched after the lease had run out is as good as any.
const COMMIT_SQL = `
UPDATE spoke_token SET version = version + 1, token = $5, kept = coalesce($6, kept), fetched_at = clock_timestamp(),
  expires_at = clock_timestamp() + $7 * interval '1 millisecond', failure = NULL, updated_at = clock_timestamp(),
  lease_owner = CASE WHEN lease_owner = $3 THEN NULL ELSE lease_owner END, lease_until = CASE WHEN lease_owner = $3 THEN NULL ELSE lease_until END
WHERE spoke = $1 AND key = $2 AND version = $4`;

const FAIL_SQL = `
UPDATE spoke_token SET lease_owner = NULL, lease_until = NULL, failures = failures + 1, failure = $4, updated_at = clock_timestamp()
WHERE spoke = $1 AND key = $2 AND lease_owner = $3`;

// Former credentials leave rows behind; what a spoke still uses is written anew within days.
const SWEEP_SQL = `DELETE FROM spoke_token WHERE spoke = $1 AND key <> $2 AND updated_at < clock_timestamp() - interval '400 days'`;

/** A delivery waits for the answer: rather none than a late one. */
const QUERY_TIMEOUT_MS = 4_000;

export function createTokenStore(pool: Pick<pg.Pool, 'query'>): TokenStore {
  const query = <Row extends pg.QueryResultRow>(name: string, text: string, values: unknown[]) => {
    // Understood by the driver for a single query, though its types do not say so.
    const timed = { name: `spoke-token-${name}`, text, values, query_timeout: QUERY_TIMEOUT_MS };
    return guarded(() => pool.query<Row>(timed));
  };
  return {
    async read({ spoke, key }) {
      const { rows } = await query<StoredToken>('read', READ_SQL, [spoke, key]);
      return rows[0] ?? null;
    },
    async lease({ spoke, key }, owner, leaseMs, version) {
      const { rows } = await query<StoredToken>('lease', LEASE_SQL, [spoke, key, owner, leaseMs, version]);
      return rows[0] ?? null;
    },
    async commit({ spoke, key }, owner, version, { token, kept, lifeMs }) {
      const { rowCount } = await query('commit', COMMIT_SQL, [spoke, key, owner, version, token, kept ?? null, Math.round(lifeMs)]);
      if (rowCount === 1) await query('sweep', SWEEP_SQL, [spoke, key]);
      return rowCount === 1;
    },
    async fail({ spoke, key }, owner, failure) {
      await query('fail', FAIL_SQL, [spoke, key, owner, failure === null ? null : JSON.stringify(failure)]);
    },
  };
}
