/** Data keys: what values are sealed under, themselves kept only wrapped by the hub's secret key. */
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { HubError } from '@nave/core';

/** Where wrapped data keys live. Implemented by the store. */
export interface DataKeyStore {
  /**
   * The key of a scope and day. When there is none, keeps what `wrapped` makes; when another process was faster, answers with that one.
   * @param day `YYYY-MM-DD`, UTC
   */
  getOrCreate(scope: string, day: string, wrapped: () => Uint8Array): Promise<{ id: number; wrapped: Uint8Array }>;
  /** Null when the key was destroyed or never was. */
  byId(id: number): Promise<StoredDataKey | null>;
}

export interface StoredDataKey {
  id: number;
  scope: string;
  /** `YYYY-MM-DD`, UTC. */
  day: string;
  wrapped: Uint8Array;
}

const VERSION = 1;
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const WRAPPED_BYTES = 1 + NONCE_BYTES + KEY_BYTES + TAG_BYTES;

/** Wraps a data key: version, nonce, AES-256-GCM of the key, tag. Scope and day are authenticated, so that keys cannot be swapped in the database. */
export function wrapDataKey(
  masterKey: Uint8Array,
  dataKey: Uint8Array,
  place: { scope: string; day: string },
  nonce: Uint8Array,
): Uint8Array {
  const cipher = createCipheriv('aes-256-gcm', masterKey, nonce);
  cipher.setAAD(placeBytes(place));
  return Buffer.concat([Buffer.of(VERSION), nonce, cipher.update(dataKey), cipher.final(), cipher.getAuthTag()]);
}

/**
 * Unwraps a data key.
 * @throws HubError `seal.key` when it was wrapped by another secret key, for another place, or altered
 */
export function unwrapDataKey(masterKey: Uint8Array, wrapped: Uint8Array, place: { scope: string; day: string }): Uint8Array {
  if (wrapped.length !== WRAPPED_BYTES || wrapped[0] !== VERSION)
    throw new HubError('seal.key', { detail: 'A stored key has an unknown form.' });
  const cipherEnd = WRAPPED_BYTES - TAG_BYTES;
  try {
    const decipher = createDecipheriv('aes-256-gcm', masterKey, wrapped.subarray(1, 1 + NONCE_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAAD(placeBytes(place));
    decipher.setAuthTag(wrapped.subarray(cipherEnd));
    return Buffer.concat([decipher.update(wrapped.subarray(1 + NONCE_BYTES, cipherEnd)), decipher.final()]);
  } catch (cause) {
    throw new HubError('seal.key', { detail: 'A stored key does not open with the NAVE_SECRET_KEY of this hub.', cause });
  }
}

/**
 * Wraps a stored data key anew for another secret key: how `NAVE_SECRET_KEY` is changed without touching what is sealed.
 * @param random gives n cryptographically random bytes
 * @throws HubError `seal.key` when `from` does not open it
 */
export function rewrapDataKey(stored: StoredDataKey, from: Uint8Array, to: Uint8Array, random: (n: number) => Uint8Array): Uint8Array {
  return wrapDataKey(to, unwrapDataKey(from, stored.wrapped, stored), stored, random(NONCE_BYTES));
}

function placeBytes({ scope, day }: { scope: string; day: string }): Uint8Array {
  return Buffer.from(`${scope}|${day}`);
}
