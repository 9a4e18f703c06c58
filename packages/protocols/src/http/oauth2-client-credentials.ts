/** Fetches access tokens with OAuth 2 client credentials (RFC 6749 section 4.4), through the same guarded client as everything else. */
import { createHash } from 'node:crypto';
import { type GuardedHttp, parseBody, type TokenAnswer } from '@nave/adapter-kit';
import type { Clock, Outcome } from '@nave/core';
import type { OAuth2ClientCredentials } from './credentials.ts';
import { outcomeOfExchange } from './http-outcome.ts';

const TIMEOUT_MS = 15_000;
const ANSWER_BYTES_MAX = 64 * 1024;
/** For answers without `expires_in`. */
const LIFETIME_MS = 5 * 60_000;
const LIFETIME_MAX_MS = 24 * 3_600_000;

/** The name a token is cached under: changes with anything that decides which token it is. */
export function tokenKey(spoke: string, { tokenUrl, clientId, clientSecret, scope, audience }: OAuth2ClientCredentials): string {
  const parts = JSON.stringify([tokenUrl, clientId, clientSecret, scope, audience]);
  return `${spoke} ${createHash('sha256').update(parts).digest('base64url')}`;
}

/**
 * Asks the token endpoint once. A failure is the outcome of the delivery that needed the token: its own request was not sent (`sent: false`,
 * status null), a refusal of the credentials is `rejected`, everything else keeps its class so that it is retried.
 */
export async function fetchClientCredentialsToken(
  credentials: OAuth2ClientCredentials,
  http: GuardedHttp,
  clock: Clock,
): Promise<TokenAnswer> {
  const { tokenUrl, clientId, clientSecret, scope, audience, clientAuth = 'basic' } = credentials;
  const form = new URLSearchParams({ grant_type: 'client_credentials' });
  if (scope !== undefined) form.set('scope', scope);
  if (audience !== undefined) form.set('audience', audience);
  const headers: Record<string, string> = { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'application/json' };
  if (clientAuth === 'basic')
    headers['Authorization'] = `Basic ${Buffer.from(`${formEncode(clientId)}:${formEncode(clientSecret)}`).toString('base64')}`;
  else {
    form.set('client_id', clientId);
    form.set('client_secret', clientSecret);
  }
  // Other deliveries wait for the same token, so no single delivery's signal may end this request.
  const signal = new AbortController().signal;
  const result = await http.exchange(
    { method: 'POST', url: tokenUrl, headers, body: form.toString(), timeoutMs: TIMEOUT_MS, maxBodyBytes: ANSWER_BYTES_MAX },
    signal,
  );
  const outcome = outcomeOfExchange(result, clock.now());
  const answer = result.ok ? fieldsOf(result.body) : new Map<string, unknown>();
  if (outcome.kind !== 'ok') return { ok: false, outcome: failed(outcome, errorCode(answer)) };
  const token = answer.get('access_token');
  if (typeof token !== 'string' || !/^[\x21-\x7e]{1,16384}$/.test(token)) {
    return {
      ok: false,
      outcome: { kind: 'fault', status: null, detail: 'the token endpoint answered without an access token', sent: false },
    };
  }
  const seconds = Number(answer.get('expires_in'));
  const lifetimeMs = Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds * 1_000, LIFETIME_MAX_MS) : LIFETIME_MS;
  return { ok: true, token, expiresInMs: lifetimeMs };
}

function failed({ kind, detail, retryAfterMs }: Outcome, code: string): Outcome {
  return {
    kind,
    status: null,
    detail: `token endpoint: ${detail}${code}`,
    sent: false,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

/** The `error` of RFC 6749 section 5.2, which is one of a few words; anything else is not repeated. */
function errorCode(answer: ReadonlyMap<string, unknown>): string {
  const error = answer.get('error');
  return typeof error === 'string' && /^[a-z_]{1,40}$/.test(error) ? ` (${error})` : '';
}

function fieldsOf(body: Uint8Array): Map<string, unknown> {
  const parsed = parseBody('application/json', body);
  return new Map(parsed.ok && typeof parsed.data === 'object' && parsed.data !== null ? Object.entries(parsed.data) : []);
}

/** RFC 6749 section 2.3.1 asks for form encoding of both parts before they are joined. */
function formEncode(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1);
}
