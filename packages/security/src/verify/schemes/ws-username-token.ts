/** WS-Security UsernameToken in the header of a SOAP envelope, with the password as text or as digest (OASIS UsernameToken Profile 1.0, section 3.1). */
import { createHash } from 'node:crypto';
import type { UsernameTokenClaim, Verdict } from '@nave/core';
import { constantTimeEqual } from '../../keys/constant-time.ts';
import { createLocalNonces } from '../nonce-memory.ts';
import { textOption } from '../read-options.ts';
import { refuse, type SchemeDefinition } from '../scheme-definition.ts';
import { secretProblems } from '../secret-path.ts';
import { createSecretRing } from '../secret-ring.ts';
import { durationOption, refuseTimestamp, TOLERANCE_MS, TOLERANCE_OPTION } from '../tolerance.ts';

const NONCE_BYTES_MAX = 1_024;
// xsd:dateTime: a zone may be missing, which means UTC here (the profile asks for UTC).
const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(Z|[+-]\d\d:\d\d)?$/;

/** The secret is the password; without `username` it is `name:password`. */
export const wsUsernameToken: SchemeDefinition = {
  name: 'ws-username-token',
  title: 'WS-Security UsernameToken',
  summary: 'SOAP callers with a name and a password, as text or as digest; a nonce counts once.',
  options: {
    type: 'object',
    properties: {
      username: {
        type: 'string',
        description: 'Name; without it the secret is name:password.',
        pattern: '^[^:\\u0000-\\u001f]*$',
        maxLength: 255,
      },
      password: {
        type: 'string',
        description: 'How the password may come: as digest, as text (over TLS only), or both ways.',
        enum: ['any', 'text', 'digest'],
        default: 'any',
      },
      tolerance: TOLERANCE_OPTION,
    },
    additionalProperties: false,
  },
  secretRequired: true,
  proves: 'caller',
  problems: (scheme) => {
    if (textOption(scheme.options, 'username') !== undefined) return [];
    return secretProblems(scheme, (secret) => (secret.includes(':') ? null : 'expected name:password when username is not set'));
  },
  compile: (scheme, { clock, nonces = createLocalNonces(() => clock.now()) }) => {
    const username = textOption(scheme.options, 'username');
    const wanted = textOption(scheme.options, 'password') ?? 'any';
    const toleranceMs = durationOption(scheme.options['tolerance'], TOLERANCE_MS);
    const ring = createSecretRing(scheme.secrets, (secret) => credentialOf(secret, username));
    return async ({ usernameToken: token }): Promise<Verdict> => {
      if (token === undefined) return refuse('there is no UsernameToken');
      if (wanted !== 'any' && wanted !== token.passwordType) return refuse(`the password must come as ${wanted}`);
      const nowMs = clock.now();
      const timing = timingProblem(token, nowMs, toleranceMs);
      if (timing !== null) return refuse(timing);
      const matches = ring.first(nowMs, (credential) => {
        // Both are compared whatever the first one gives: how long it takes tells nothing of which was wrong.
        const rightName = constantTimeEqual(credential.username, token.username);
        const rightPassword = constantTimeEqual(expectedPassword(credential.password, token), token.password);
        return (rightName && rightPassword) || undefined;
      });
      if (!matches) return refuse('name or password is wrong');
      if (token.nonce === null) return { ok: true, callerIdempotencyKey: true };
      // Only of who knows the password: nobody else can fill the memory or use up a nonce.
      const key = createHash('sha256').update(token.username).update('\u0000').update(token.nonce).digest('base64url');
      const isNew = await nonces.firstUse(key, 2 * toleranceMs + 1_000);
      return isNew ? { ok: true, callerIdempotencyKey: true } : refuse('the nonce was used before');
    };
  },
};

interface Credential {
  username: string;
  password: string;
}

function credentialOf(secret: string, username: string | undefined): Credential {
  if (username !== undefined) return { username, password: secret };
  const colon = secret.indexOf(':');
  return { username: secret.slice(0, colon), password: secret.slice(colon + 1) };
}

/** `Base64(SHA-1(nonce + created + password))`, the nonce as bytes (section 3.1). */
function expectedPassword(password: string, { passwordType, nonce, created }: UsernameTokenClaim): string {
  if (passwordType === 'text') return password;
  return createHash('sha1')
    .update(nonce ?? '')
    .update(created ?? '')
    .update(password)
    .digest('base64');
}

/** A digest without nonce and time could be sent again for ever; with a text they are checked where they are given. */
function timingProblem({ passwordType, nonce, created, expires }: UsernameTokenClaim, nowMs: number, toleranceMs: number): string | null {
  if (passwordType === 'digest' && (nonce === null || nonce.length === 0 || created === null)) return 'a digest needs Nonce and Created';
  if (nonce !== null && nonce.length > NONCE_BYTES_MAX) return 'the nonce is too long';
  if (created === null && nonce !== null) return 'a Nonce needs Created';
  if (created !== null) {
    const refusal = refuseTimestamp(zoned(created), 'rfc3339', nowMs, toleranceMs);
    if (refusal !== null) return refusal.reason;
  }
  if (expires === null) return null;
  const endMs = DATE_TIME.test(expires) ? Date.parse(zoned(expires)) : Number.NaN;
  if (Number.isNaN(endMs)) return 'the timestamp is malformed';
  return nowMs - endMs > toleranceMs ? 'the message has expired' : null;
}

function zoned(text: string): string {
  return DATE_TIME.exec(text)?.[1] === undefined ? `${text}Z` : text;
}
