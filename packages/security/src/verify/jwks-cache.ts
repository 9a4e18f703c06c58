/** Public keys of a token issuer, fetched when needed and kept: a flood of bad tokens must not become a flood of fetches. */
import { createLocalJWKSet, errors, type JWK, type JWTVerifyGetKey, type LocalJWKSet } from 'jose';
import type { VerifyDeps } from './scheme-definition.ts';

const FRESH_MS = 600_000;
/** Between two fetches, whatever tokens ask for: how often an unknown `kid` may make us look again. */
const COOLDOWN_MS = 30_000;
const FAILURE_COOLDOWN_MS = 5_000;
/** An issuer that cannot be reached keeps its last keys this long. */
const STALE_MS = 86_400_000;
const FETCH_TIMEOUT_MS = 10_000;
const KEYS_MAX = 100;

/** Thrown inside token verification when no keys are at hand. */
export class JwksUnavailable extends Error {}

/**
 * Finds the key for a token among the issuer's keys; looks again once when the token names a key that is not among them.
 * The function throws `JwksUnavailable`, or jose's `JWKSNoMatchingKey` and `JWKSMultipleMatchingKeys`.
 */
export function createJwksCache(url: string, { clock, fetchJwks }: VerifyDeps): JWTVerifyGetKey {
  let keys: { set: LocalJWKSet; atMs: number } | null = null;
  let attemptedAtMs = Number.NEGATIVE_INFINITY;
  let pending: Promise<void> | null = null;

  async function refresh(): Promise<void> {
    attemptedAtMs = clock.now();
    try {
      if (!fetchJwks) return;
      const document = await withTimeout(fetchJwks(url));
      keys = { set: createLocalJWKSet({ keys: document.keys.slice(0, KEYS_MAX).filter(isJwk) }), atMs: clock.now() };
    } catch {
      // The last keys stay; without any the token is refused below.
    } finally {
      pending = null;
    }
  }

  async function current(notBeforeMs: number): Promise<LocalJWKSet> {
    const nowMs = clock.now();
    const cooldownMs = keys === null ? FAILURE_COOLDOWN_MS : COOLDOWN_MS;
    // Fetched later than now: the clock was set back, and the keys may be of any age.
    if (keys === null || keys.atMs < notBeforeMs || keys.atMs > nowMs) {
      if (pending === null && Math.abs(nowMs - attemptedAtMs) >= cooldownMs) pending = refresh();
      if (pending !== null) await pending;
    }
    if (keys === null || nowMs - keys.atMs > STALE_MS) throw new JwksUnavailable();
    return keys.set;
  }

  return async (header, token) => {
    const nowMs = clock.now();
    const set = await current(nowMs - FRESH_MS);
    try {
      return await set(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      const newer = await current(nowMs);
      if (newer === set) throw error;
      return await newer(header, token);
    }
  };
}

function isJwk(value: unknown): value is JWK {
  return typeof value === 'object' && value !== null && 'kty' in value && typeof value.kty === 'string';
}

function withTimeout<Value>(promise: Promise<Value>): Promise<Value> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new JwksUnavailable()), FETCH_TIMEOUT_MS);
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
