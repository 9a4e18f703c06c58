/** Digest access authentication (RFC 7616): the first request asks for a challenge, later ones answer it in advance with a counted nonce. */
import { parseChallenges } from './challenge.ts';
import type { DigestCredentials } from './credentials.ts';
import { type DigestChallenge, digestAuthorization, digestChallengeOf } from './digest-response.ts';
import { withHeader } from './header-rules.ts';
import type { AuthParts, HttpAuth } from './http-auth.ts';
import { parseHttpTarget } from './http-target.ts';

interface Session {
  challenge: DigestChallenge;
  /** One per nonce, so that the `-sess` algorithms keep their session key. */
  cnonce: string;
  count: number;
  /** A request with this nonce was not refused. */
  accepted: boolean;
}

export function digestAuth({ username, password }: DigestCredentials, { random }: Pick<AuthParts, 'random'>): HttpAuth {
  let session: Session | null = null;
  return {
    redaction: { headers: ['authorization'], query: [], values: [password] },
    authorize(request) {
      const target = parseHttpTarget(request.url);
      if (session === null || !target.ok) return { ok: true, request, token: null };
      session.count += 1;
      const { challenge, count, cnonce } = session;
      const { method, body = '' } = request;
      const value = digestAuthorization(challenge, { method, uri: target.path, body, username, password, count, cnonce });
      return { ok: true, request: { ...request, headers: withHeader(request.headers, 'Authorization', value) }, token: challenge.nonce };
    },
    refused({ token }, answer) {
      const challenge = digestChallengeOf(parseChallenges(answer.headers['www-authenticate'] ?? ''));
      if (challenge === null) return false;
      const used = session?.challenge.nonce === token ? session : null;
      // Another request was challenged, or got a new nonce, meanwhile: its session serves this one as well.
      if (session !== null && used === null) return true;
      session = { challenge, cnonce: Buffer.from(random(16)).toString('hex'), count: 0, accepted: false };
      // Servers that forget nonces do not all say `stale`; a nonce that was good before says the same.
      return used === null || challenge.stale || used.accepted;
    },
    answered({ token }) {
      if (session !== null && session.challenge.nonce === token) session.accepted = true;
    },
  };
}
