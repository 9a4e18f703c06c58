/** Puts credentials on requests, one small strategy per type. */
import { randomBytes } from 'node:crypto';
import type { GuardedHttp, HttpExchangeRequest, HttpExchangeResult, TlsOptions, TokenCache } from '@nave/adapter-kit';
import type { Clock, Outcome } from '@nave/core';
import { cookieAuth } from './cookie-auth.ts';
import type { HttpCredentials } from './credentials.ts';
import { digestAuth } from './digest-auth.ts';
import { withHeader } from './header-rules.ts';
import { signWithHmac } from './hmac-signature.ts';
import { clientCredentialsAuth, jwtBearerAuth, refreshTokenAuth } from './oauth2-auth.ts';
import type { Redaction } from './request-excerpt.ts';
import { type HttpTls, tlsOptionsOf } from './tls-settings.ts';

export interface HttpAuth {
  /** What an excerpt of an authorised request must hide. */
  readonly redaction: Redaction;
  /** Statuses that may mean that what the request carried is over. Default: 401. */
  readonly expiredOn?: readonly number[];
  /** The request with credentials and TLS settings, or the outcome when there are none to be had. */
  authorize(request: HttpExchangeRequest): Authorized | Promise<Authorized>;
  /** Told of such a status in answer to a request it authorised: forgets what expires. True when another try may fare better. */
  refused(authorized: { token: string | null }, answer: HttpAnswer): boolean;
  /** Told of every other answer. */
  answered?(authorized: { token: string | null; request: HttpExchangeRequest }, answer: HttpAnswer): void;
}

export type HttpAnswer = Extract<HttpExchangeResult, { ok: true }>;
export type Authorized = { ok: true; request: HttpExchangeRequest; token: string | null } | { ok: false; outcome: Outcome };

export interface HttpAuthContext {
  spoke: string;
  http: GuardedHttp;
  tokens: TokenCache;
  clock: Clock;
  /** The spoke's own TLS settings; put on every request that brings none. */
  tls?: HttpTls | undefined;
  /** Cryptographically random bytes. Default: the system's. */
  random?: (count: number) => Uint8Array;
}

/** The same with everything filled in, for strategies. */
export interface AuthParts extends Omit<HttpAuthContext, 'random'> {
  random: (count: number) => Uint8Array;
  /** Of connections to the spoke, client certificate included. */
  connection: TlsOptions | undefined;
}

/** The strategy for these credentials. */
export function createHttpAuth(credentials: HttpCredentials, context: HttpAuthContext): HttpAuth {
  const certificate = 'clientCertificate' in credentials ? credentials.clientCertificate : undefined;
  const connection = tlsOptionsOf(context.tls, certificate);
  return withTls(strategyOf(credentials, { random: randomBytes, ...context, connection }), connection);
}

function strategyOf(credentials: HttpCredentials, parts: AuthParts): HttpAuth {
  switch (credentials.type) {
    case 'none':
    case 'mtls':
      return plainAuth({ headers: [], query: [], values: [] }, (request) => request);
    case 'basic': {
      const { username, password } = credentials;
      const value = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
      return headerAuth('Authorization', value, [password]);
    }
    case 'digest':
      return digestAuth(credentials, parts);
    case 'bearer':
      return headerAuth('Authorization', `Bearer ${credentials.token}`, [credentials.token]);
    case 'api-key': {
      const { name = 'X-API-Key', prefix = '', value } = credentials;
      if (credentials.in !== 'query') return headerAuth(name, prefix + value, [value]);
      return plainAuth({ headers: [], query: [name], values: [value] }, (request) => ({
        ...request,
        url: withQuery(request.url, name, value),
      }));
    }
    case 'hmac': {
      const header = (credentials.header ?? 'X-Signature').toLowerCase();
      return plainAuth({ headers: [header], query: [], values: [credentials.secret] }, (request) =>
        signWithHmac(credentials, request, parts.clock.now(), parts.random),
      );
    }
    case 'oauth2-client-credentials':
      return clientCredentialsAuth(credentials, parts);
    case 'oauth2-refresh-token':
      return refreshTokenAuth(credentials, parts);
    case 'oauth2-jwt-bearer':
      return jwtBearerAuth(credentials, parts);
    case 'cookie-login':
      return cookieAuth(credentials, parts);
  }
}

function withTls(auth: HttpAuth, tls: TlsOptions | undefined): HttpAuth {
  if (tls === undefined) return auth;
  return { ...auth, authorize: (request) => auth.authorize(request.tls === undefined ? { ...request, tls } : request) };
}

function headerAuth(name: string, value: string, values: readonly string[]): HttpAuth {
  return plainAuth({ headers: [name.toLowerCase()], query: [], values }, (request) => ({
    ...request,
    headers: withHeader(request.headers, name, value),
  }));
}

function plainAuth(redaction: Redaction, apply: (request: HttpExchangeRequest) => HttpExchangeRequest): HttpAuth {
  return { redaction, authorize: (request) => ({ ok: true, request: apply(request), token: null }), refused: () => false };
}

function withQuery(url: string, name: string, value: string): string {
  return `${url}${url.includes('?') ? '&' : '?'}${new URLSearchParams([[name, value]]).toString()}`;
}
