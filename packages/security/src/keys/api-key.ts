/** API keys: made here, shown once, stored only as a hash that the database can look up. */
import { createHash, createHmac, hkdfSync } from 'node:crypto';

const GENERATED = /^nave_[A-Za-z0-9_-]{43}$/;
const VISIBLE = /^[\x21-\x7e]{16,256}$/;

/**
 * Makes a key of 256 random bits: `nave_` and 43 characters of base64url.
 * @param random gives n cryptographically random bytes
 */
export function newApiKey(random: (n: number) => Uint8Array): { key: string; hash: Uint8Array } {
  const key = `nave_${Buffer.from(random(32)).toString('base64url')}`;
  return { key, hash: hashApiKey(key) };
}

/** SHA-256 of a key. Enough for generated keys (256 random bits cannot be guessed); chosen keys go through `createKeyHasher`. */
export function hashApiKey(key: string): Uint8Array {
  return createHash('sha256').update(key).digest();
}

/**
 * A hasher for every key that can reach the API, generated or chosen by an administrator (`NAVE_ADMIN_KEY`).
 * Generated keys get SHA-256. Chosen ones may be guessable, so a stolen database must not be enough to try guesses: they get HMAC-SHA256 under a key
 * derived from the hub's secret key. A slow hash (scrypt) would protect against the theft of both, but would have to run for every unauthenticated
 * request, which hands out CPU to whoever asks.
 * @param masterKey the 32 bytes of `NAVE_SECRET_KEY`; when it changes, chosen keys must be set again
 */
export function createKeyHasher(masterKey: Uint8Array): (key: string) => Uint8Array {
  const pepper = new Uint8Array(hkdfSync('sha256', masterKey, new Uint8Array(0), 'nave api key', 32));
  return (key) => (GENERATED.test(key) ? hashApiKey(key) : createHmac('sha256', pepper).update(key).digest());
}

/** What is wrong with a key chosen by an administrator, or null. */
export function apiKeyProblem(key: string): string | null {
  return VISIBLE.test(key) ? null : 'expected 16 to 256 visible ASCII characters';
}
