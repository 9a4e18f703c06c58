/** Asks an OAuth 2 token endpoint (RFC 6749 section 5) for an access token, through the same guarded client as everything else. */
import { type GuardedHttp, parseBody, type TlsOptions, type TokenAnswer } from '@nave/adapter-kit';
import type { Clock, Outcome } from '@nave/core';
import { outcomeOfExchange } from './http-outcome.ts';

export interface TokenRequest {
  form: URLSearchParams;
  /** The client's proof, where it is a header. */
  headers: Readonly<Record<string, string>>;
}

const TIMEOUT_MS = 15_000;
const ANSWER_BYTES_MAX = 64 * 1024;
/** For answers without `expires_in`. */
const LIFETIME_MS = 5 * 60_000;
const LIFETIME_MAX_MS = 24 * 3_600_000;
const TOKEN = /^[\x21-\x7e]{1,16384}$/;

/**
 * Asks once; a refresh token in the answer is handed back to be kept. A failure is the outcome of the delivery that needed the token: its own request was
 * not sent (`sent: false`, status null), a refusal of the credentials is `rejected`, everything else keeps its class so that it is retried.
 */
export async function requestToken(
  { url, form, headers, tls }: TokenRequest & { url: string; tls: TlsOptions | undefined },
  http: GuardedHttp,
  clock: Clock,
): Promise<TokenAnswer> {
  // Other deliveries wait for the same token, so no single delivery's signal may end this request.
  const signal = new AbortController().signal;
  const result = await http.exchange(
    {
      method: 'POST',
      url,
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'application/json', ...headers },
      body: form.toString(),
      timeoutMs: TIMEOUT_MS,
      maxBodyBytes: ANSWER_BYTES_MAX,
      tls,
    },
    signal,
  );
  const outcome = outcomeOfExchange(result, clock.now());
  const answer = result.ok ? fieldsOf(result.body) : new Map<string, unknown>();
  if (outcome.kind !== 'ok') return { ok: false, outcome: tokenFailure('token endpoint', outcome, errorCode(answer)) };
  const token = answer.get('access_token');
  if (typeof token !== 'string' || !TOKEN.test(token)) {
    return {
      ok: false,
      outcome: { kind: 'fault', status: null, detail: 'the token endpoint answered without an access token', sent: false },
    };
  }
  const seconds = Number(answer.get('expires_in'));
  const expiresInMs = Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds * 1_000, LIFETIME_MAX_MS) : LIFETIME_MS;
  const refreshToken = answer.get('refresh_token');
  return { ok: true, token, expiresInMs, ...(typeof refreshToken === 'string' && TOKEN.test(refreshToken) ? { keep: refreshToken } : {}) };
}

/** Credentials that cannot lead to a token: trying again does not help. */
export function tokenRefused(detail: string): TokenAnswer {
  return { ok: false, outcome: { kind: 'rejected', status: null, detail, sent: false } };
}

/** The outcome of a delivery whose token could not be had; `what` was asked and answered so. */
export function tokenFailure(what: string, { kind, detail, retryAfterMs }: Outcome, code = ''): Outcome {
  return {
    kind,
    status: null,
    detail: `${what}: ${detail}${code}`,
    sent: false,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

/** The `error` of RFC 6749 section 5.2, which is one of a few words; anything else is not repeated. */
function errorCode(answer: ReadonlyMap<string, unknown>): string {
  const error = answer.get('error');
  if (error === 'invalid_grant') return ' (invalid_grant: the refresh token or assertion is not accepted any more)';
  return typeof error === 'string' && /^[a-z_]{1,40}$/.test(error) ? ` (${error})` : '';
}

function fieldsOf(body: Uint8Array): Map<string, unknown> {
  const parsed = parseBody('application/json', body);
  return new Map(parsed.ok && typeof parsed.data === 'object' && parsed.data !== null ? Object.entries(parsed.data) : []);
}
