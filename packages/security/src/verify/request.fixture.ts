/** Requests for the tests of verification schemes. */
import type { Clock, RawRequest, VerifyScheme } from '@nave/core';

export const NOW_MS = 1_700_000_000_000;
export const NOW_SECONDS = String(NOW_MS / 1_000);
export const BODY = '{"id":1}';
export const SECRET = 'test-secret';

/** A clock that stands still. */
export function clockAt(nowMs: number): Clock {
  return { now: () => nowMs };
}

/** A POST to `https://hub.example/in/hs`, or what is said otherwise. */
export function rawRequest({ body, ...given }: Partial<Omit<RawRequest, 'body'>> & { body?: string | Uint8Array } = {}): RawRequest {
  return {
    method: 'POST',
    target: '/in/hs',
    publicUrl: 'https://hub.example/in/hs',
    headers: {},
    query: {},
    remoteAddress: '203.0.113.7',
    ...given,
    body: Buffer.from(body ?? BODY),
  };
}

/** A scheme with secrets that never expire. */
export function schemeOf(scheme: string, secrets: readonly string[], options: VerifyScheme['options'] = {}): VerifyScheme {
  return { scheme, secrets: secrets.map((secret) => ({ secret, notAfterMs: null })), options };
}
