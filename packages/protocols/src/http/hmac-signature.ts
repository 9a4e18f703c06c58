/** Signs requests by a recipe in the credentials, for the many systems that have their own HMAC scheme. */
import { createHmac } from 'node:crypto';
import type { HttpExchangeRequest } from '@nave/adapter-kit';
import type { HmacCredentials } from './credentials.ts';
import { withHeader } from './header-rules.ts';

const PLACEHOLDER = /\{(body|timestamp|method|path|url)\}/;

/** The request with its signature header, and its timestamp header where the recipe has one. `nowMs` is the time of signing. */
export function signWithHmac(credentials: HmacCredentials, request: HttpExchangeRequest, nowMs: number): HttpExchangeRequest {
  const {
    secret,
    algorithm = 'sha256',
    header = 'X-Signature',
    encoding = 'hex',
    prefix = '',
    timestampHeader,
    signed = '{body}',
  } = credentials;
  const timestamp = String(Math.floor(nowMs / 1_000));
  const url = URL.parse(request.url);
  const texts: Readonly<Record<string, string>> = {
    timestamp,
    method: request.method,
    path: url ? url.pathname + url.search : '',
    url: request.url,
  };
  const hmac = createHmac(algorithm, secret);
  for (const [index, part] of signed.split(PLACEHOLDER).entries()) {
    if (index % 2 === 0) hmac.update(part);
    else if (part === 'body') hmac.update(request.body ?? '');
    else hmac.update(texts[part] ?? '');
  }
  let headers = withHeader(request.headers, header, prefix + hmac.digest(encoding));
  if (timestampHeader !== undefined) headers = withHeader(headers, timestampHeader, timestamp);
  return { ...request, headers };
}
