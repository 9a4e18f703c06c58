/** What an attempt keeps of its request: first bytes only, credentials replaced. */
import type { HttpExchangeRequest } from '@nave/adapter-kit';
import type { ExchangeExcerpt } from '@nave/core';

/** What must not be seen in an excerpt. */
export interface Redaction {
  /** Lower-case names of headers whose values are credentials, beside those that always are. */
  headers: readonly string[];
  /** Names of query parameters whose values are credentials. */
  query: readonly string[];
  /** Secrets in clear: removed wherever they turn up. */
  values: readonly string[];
}

export const REDACTED = '[redacted]';
export const EXCERPT_BYTES = 4_096;

const ALWAYS: ReadonlySet<string> = new Set(['authorization', 'cookie', 'proxy-authorization', 'webhook-signature', 'x-api-key']);
// A shorter value would blot out innocent text.
const VALUE_LENGTH_MIN = 4;

/** The excerpt of a request. Its body is a copy only when something in it had to be replaced. */
export function excerptOf(request: HttpExchangeRequest, { headers, query, values }: Redaction): ExchangeExcerpt {
  const secrets = values.filter((value) => value.length >= VALUE_LENGTH_MIN);
  const shown: Record<string, string> = {};
  for (const name of Object.keys(request.headers)) {
    const lower = name.toLowerCase();
    shown[name] = ALWAYS.has(lower) || headers.includes(lower) ? REDACTED : scrub(request.headers[name] ?? '', secrets);
  }
  const url = query.length === 0 ? request.url : redactQuery(request.url, query);
  return { line: `${request.method} ${scrub(url, secrets)}`, headers: shown, body: excerptBody(request.body, secrets) };
}

/** Replaces the values of some query parameters of a URL, leaving the rest as it is written. */
export function redactQuery(url: string, names: readonly string[]): string {
  const start = url.indexOf('?');
  if (start === -1) return url;
  const pairs = url.slice(start + 1).split('&');
  const shown = pairs.map((pair) => {
    const [name = ''] = pair.split('=', 1);
    const [decoded] = new URLSearchParams(name).keys();
    return decoded !== undefined && names.includes(decoded) ? `${name}=${REDACTED}` : pair;
  });
  return `${url.slice(0, start)}?${shown.join('&')}`;
}

function excerptBody(body: Uint8Array | string | undefined, secrets: readonly string[]): Uint8Array {
  // A secret that straddles the cut must not leave its first half behind.
  const margin = secrets.reduce((longest, secret) => Math.max(longest, Buffer.byteLength(secret)), 0);
  const bytes =
    typeof body === 'string'
      ? Buffer.from(body.slice(0, EXCERPT_BYTES + margin))
      : Buffer.from(body?.buffer ?? new ArrayBuffer(0), body?.byteOffset, body?.byteLength);
  const window = bytes.subarray(0, EXCERPT_BYTES + margin);
  if (!secrets.some((secret) => window.includes(secret))) return bytes.subarray(0, EXCERPT_BYTES);
  return Buffer.from(
    scrub(
      window.toString('latin1'),
      secrets.map((secret) => Buffer.from(secret).toString('latin1')),
    ),
    'latin1',
  ).subarray(0, EXCERPT_BYTES);
}

function scrub(text: string, secrets: readonly string[]): string {
  let shown = text;
  for (const secret of secrets) {
    shown = shown.replaceAll(secret, REDACTED);
    const encoded = encodeURIComponent(secret);
    if (encoded !== secret) shown = shown.replaceAll(encoded, REDACTED);
  }
  return shown;
}
