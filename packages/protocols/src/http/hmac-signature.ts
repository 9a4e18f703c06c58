/** Signs requests by a recipe in the credentials, for the many systems that have their own HMAC scheme. */
import { createHash, createHmac } from 'node:crypto';
import type { HttpExchangeRequest } from '@nave/adapter-kit';
import type { HmacCredentials } from './credentials.ts';
import { withHeader } from './header-rules.ts';

/** What `signed` may name in braces. */
export const HMAC_PARTS: readonly string[] = ['body', 'bodySha256', 'timestamp', 'nonce', 'method', 'host', 'path', 'url'];
const PLACEHOLDER = new RegExp(`\\{(${HMAC_PARTS.join('|')})\\}`);
const NONCE_BYTES = 16;

/**
 * The request with its signature header, and its timestamp and nonce headers where the recipe has them.
 * @param nowMs the time of signing
 * @param random gives cryptographically random bytes
 */
export function signWithHmac(
  credentials: HmacCredentials,
  request: HttpExchangeRequest,
  nowMs: number,
  random: (count: number) => Uint8Array,
): HttpExchangeRequest {
  const {
    secret,
    secretEncoding = 'utf8',
    algorithm = 'sha256',
    header = 'X-Signature',
    encoding = 'hex',
    prefix = '',
    timestampHeader,
    timestampFormat = 'seconds',
    nonceHeader,
    signed = '{body}',
  } = credentials;
  const timestamp = timestampText(nowMs, timestampFormat);
  const nonce = Buffer.from(random(NONCE_BYTES)).toString('hex');
  const body = request.body ?? '';
  const url = URL.parse(request.url);
  const texts: Readonly<Record<string, string>> = {
    timestamp,
    nonce,
    method: request.method,
    host: url?.host ?? '',
    path: url ? url.pathname + url.search : '',
    url: request.url,
  };
  const hmac = createHmac(algorithm, Buffer.from(secret, secretEncoding));
  for (const [index, part] of signed.split(PLACEHOLDER).entries()) {
    if (index % 2 === 0) hmac.update(part);
    else if (part === 'body') hmac.update(body);
    else if (part === 'bodySha256') hmac.update(createHash('sha256').update(body).digest('hex'));
    else hmac.update(texts[part] ?? '');
  }
  let headers = withHeader(request.headers, header, prefix + hmac.digest(encoding));
  if (timestampHeader !== undefined) headers = withHeader(headers, timestampHeader, timestamp);
  if (nonceHeader !== undefined) headers = withHeader(headers, nonceHeader, nonce);
  return { ...request, headers };
}

function timestampText(nowMs: number, format: 'seconds' | 'milliseconds' | 'iso'): string {
  if (format === 'iso') return new Date(nowMs).toISOString();
  return String(format === 'seconds' ? Math.floor(nowMs / 1_000) : nowMs);
}
