/** Sealing at rest: the implementation of core's `Sealer` port. */
import { createSecretKey, type KeyObject } from 'node:crypto';
import { HubError, isHubError, type Sealer, type SealKey } from '@nave/core';
import { createBoundedCache } from './bounded-cache.ts';
import { type DataKeyStore, unwrapDataKey, wrapDataKey } from './data-key.ts';
import { keyIdOf, NONCE_BYTES, openBytes, sealBytes } from './sealed-format.ts';

export interface SealerOptions {
  /** The 32 bytes of `NAVE_SECRET_KEY`. */
  masterKey: Uint8Array;
  /** Former secret keys, still tried for data keys that were not wrapped anew yet. */
  formerMasterKeys?: readonly Uint8Array[];
  dataKeys: DataKeyStore;
  /** Gives n cryptographically random bytes; asked for many nonces at once. */
  random: (n: number) => Uint8Array;
  /** Milliseconds that only go forward. */
  now?: () => number;
}

export interface HubSealer extends Sealer {
  /** Drops a destroyed key from memory, so that this process cannot open what it sealed any more. */
  forget(keyId: number): void;
}

/** A key in memory until it is read again. */
interface Kept<Key> {
  key: Promise<Key>;
  untilMs: number;
}

const DAY_MS = 86_400_000;
/** Credentials outlive days: one key for all of them. */
const SECRETS_SCOPE = 'secrets';
const SECRETS_DAY = 0;
/** Scopes with their days; some hundred bytes each. */
const SEAL_KEYS_MAX = 4_096;
const OPEN_KEYS_MAX = 16_384;
const NONCES_AT_ONCE = 256;
/** Keys are read again after so long: what one process destroyed, no other can open for longer. */
const KEY_MS = 60_000;

/** @throws RangeError when the secret key is not 32 bytes */
export function createSealer({
  masterKey,
  formerMasterKeys = [],
  dataKeys,
  random,
  now = () => performance.now(),
}: SealerOptions): HubSealer {
  if (masterKey.length !== 32) throw new RangeError('expected a secret key of 32 bytes');
  const masterKeys = [masterKey, ...formerMasterKeys];
  const sealKeys = createBoundedCache<string, Kept<SealKey>>(SEAL_KEYS_MAX);
  const openKeys = createBoundedCache<number, Kept<KeyObject>>(OPEN_KEYS_MAX);
  const sealNames = createBoundedCache<number, string>(SEAL_KEYS_MAX);
  const nextNonce = createNonceSource(random);
  // Messages come in runs of the same spoke and day: the last answer again costs no lookup and no text.
  let last: { scope: string; day: number; key: Promise<SealKey>; untilMs: number } | null = null;

  async function create(scope: string, day: number, name: string): Promise<SealKey> {
    const place = { scope, day: new Date(day * DAY_MS).toISOString().slice(0, 10) };
    const { id, wrapped } = await dataKeys.getOrCreate(scope, place.day, () =>
      wrapDataKey(masterKey, random(32), place, random(NONCE_BYTES)),
    );
    const key = unwrap(masterKeys, wrapped, place);
    openKeys.set(id, { key: Promise.resolve(key), untilMs: now() + KEY_MS });
    sealNames.set(id, name);
    return { seal: (plain, context) => sealBytes(key, id, nextNonce(), plain, context) };
  }

  async function find(id: number): Promise<KeyObject> {
    const stored = await dataKeys.byId(id);
    if (stored === null)
      throw new HubError('seal.destroyed', {
        detail: 'The key of this content was destroyed, as the retention of its spoke asks: nobody can read it any more.',
      });
    return unwrap(masterKeys, stored.wrapped, stored);
  }

  return {
    keyFor(scope, atMs) {
      const day = scope === SECRETS_SCOPE ? SECRETS_DAY : Math.floor(atMs / DAY_MS);
      if (last !== null && last.day === day && last.scope === scope && now() < last.untilMs) return last.key;
      const name = `${day}|${scope}`;
      let kept = sealKeys.get(name);
      if (kept === undefined || now() >= kept.untilMs) {
        const key = unlessAway(create(scope, day, name), kept);
        kept = { key, untilMs: now() + KEY_MS };
        sealKeys.set(name, kept);
        // A failure is not remembered: the next caller asks the store again.
        key.catch(() => {
          sealKeys.delete(name);
          if (last?.key === key) last = null;
        });
      }
      last = { scope, day, ...kept };
      return kept.key;
    },
    async open(sealed, context) {
      const id = keyIdOf(sealed);
      let kept = openKeys.get(id);
      if (kept === undefined || now() >= kept.untilMs) {
        kept = { key: unlessAway(find(id), kept), untilMs: now() + KEY_MS };
        openKeys.set(id, kept);
        kept.key.catch(() => openKeys.delete(id));
      }
      return openBytes(await kept.key, sealed, context);
    },
    forget(keyId) {
      const name = sealNames.get(keyId);
      if (name !== undefined) sealKeys.delete(name);
      sealNames.delete(keyId);
      openKeys.delete(keyId);
      last = null;
    },
  };
}

/** While the store is away, what was read before goes on: results of calls under way must still be sealed. */
function unlessAway<Key>(fresh: Promise<Key>, before: Kept<Key> | undefined): Promise<Key> {
  if (before === undefined) return fresh;
  return fresh.catch((error: unknown) => {
    if (isHubError(error) && !error.retryable) throw error;
    return before.key;
  });
}

function unwrap(masterKeys: readonly Uint8Array[], wrapped: Uint8Array, place: { scope: string; day: string }): KeyObject {
  let failure: unknown = null;
  for (const masterKey of masterKeys) {
    try {
      return createSecretKey(unwrapDataKey(masterKey, wrapped, place));
    } catch (error) {
      failure ??= error;
    }
  }
  throw failure;
}

/** Hands out each stretch of random bytes once. */
function createNonceSource(random: (n: number) => Uint8Array): () => Uint8Array {
  let bytes = new Uint8Array(0);
  let used = 0;
  return () => {
    if (used + NONCE_BYTES > bytes.length) {
      bytes = Uint8Array.from(random(NONCE_BYTES * NONCES_AT_ONCE));
      used = 0;
    }
    const nonce = bytes.subarray(used, used + NONCE_BYTES);
    used += NONCE_BYTES;
    return nonce;
  };
}
