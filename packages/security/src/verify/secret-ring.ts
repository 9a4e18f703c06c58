/** Several secrets at once, so that one can be changed without losing a message: each counts until its own end. */
import type { VerifyScheme } from '@nave/core';

export interface SecretRing<Key> {
  /** The first result that is not undefined over the keys still valid now, in their configured order. */
  first<Result>(nowMs: number, use: (key: Key) => Result | undefined): Result | undefined;
  /** The keys still valid now. */
  valid(nowMs: number): Key[];
}

/** Prepares the secrets once; what `prepare` answers null for is left out (it was reported by `verifySchemeProblems`). */
export function createSecretRing<Key>(secrets: VerifyScheme['secrets'], prepare: (secret: string) => Key | null): SecretRing<Key> {
  const entries: { key: Key; notAfterMs: number }[] = [];
  for (const { secret, notAfterMs } of secrets) {
    const key = secret === '' ? null : prepare(secret);
    if (key !== null) entries.push({ key, notAfterMs: notAfterMs ?? Number.POSITIVE_INFINITY });
  }
  return {
    first(nowMs, use) {
      for (const { key, notAfterMs } of entries) {
        if (nowMs > notAfterMs) continue;
        const result = use(key);
        if (result !== undefined) return result;
      }
      return undefined;
    },
    valid: (nowMs) => entries.filter(({ notAfterMs }) => nowMs <= notAfterMs).map(({ key }) => key),
  };
}

/** A secret as the UTF-8 bytes of its text: what most providers use as the HMAC key. */
export function utf8Key(secret: string): Uint8Array {
  return Buffer.from(secret);
}
