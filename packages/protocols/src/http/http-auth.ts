/** Puts credentials on requests, one small strategy per type. */
import type { GuardedHttp, HttpExchangeRequest, TokenCache } from '@nave/adapter-kit';
import type { Clock, Outcome } from '@nave/core';
import type { HttpCredentials } from './credentials.ts';
import { withHeader } from './header-rules.ts';
import { signWithHmac } from './hmac-signature.ts';
import { fetchClientCredentialsToken, tokenKey } from './oauth2-client-credentials.ts';
import type { Redaction } from './request-excerpt.ts';

export interface HttpAuth {
  /** What an excerpt of an authorised request must hide. */
  readonly redaction: Redaction;
  /** The request with credentials, or the outcome when there are none to be had. */
  authorize(request: HttpExchangeRequest): Authorized | Promise<Authorized>;
  /** Told of a 401 to a request it authorised: forgets what expires. True when another try may fare better. */
  refused(authorized: { token: string | null }): boolean;
}

export type Authorized = { ok: true; request: HttpExchangeRequest; token: string | null } | { ok: false; outcome: Outcome };

export interface HttpAuthContext {
  spoke: string;
  http: GuardedHttp;
  tokens: TokenCache;
  clock: Clock;
}

/** The strategy for these credentials. */
export function createHttpAuth(credentials: HttpCredentials, context: HttpAuthContext): HttpAuth {
  switch (credentials.type) {
    case 'none':
      return plainAuth({ headers: [], query: [], values: [] }, (request) => request);
    case 'basic': {
      const { username, password } = credentials;
      const value = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
      return headerAuth('Authorization', value, [password]);
    }
    case 'bearer':
      return headerAuth('Authorization', `Bearer ${credentials.token}`, [credentials.token]);
    case 'api-key': {
      const { name = 'X-API-Key', value } = credentials;
      if (credentials.in !== 'query') return headerAuth(name, value, [value]);
      return plainAuth({ headers: [], query: [name], values: [value] }, (request) => ({
        ...request,
        url: withQuery(request.url, name, value),
      }));
    }
    case 'hmac': {
      const header = (credentials.header ?? 'X-Signature').toLowerCase();
      return plainAuth({ headers: [header], query: [], values: [credentials.secret] }, (request) =>
        signWithHmac(credentials, request, context.clock.now()),
      );
    }
    case 'oauth2-client-credentials': {
      const { http, tokens, clock } = context;
      const key = tokenKey(context.spoke, credentials);
      return {
        redaction: { headers: ['authorization'], query: [], values: [credentials.clientSecret] },
        async authorize(request) {
          const result = await tokens.get(key, () => fetchClientCredentialsToken(credentials, http, clock));
          if (!result.ok) return result;
          return {
            ok: true,
            request: { ...request, headers: withHeader(request.headers, 'Authorization', `Bearer ${result.token}`) },
            token: result.token,
          };
        },
        refused({ token }) {
          if (token !== null) tokens.drop(key, token);
          return token !== null;
        },
      };
    }
  }
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
