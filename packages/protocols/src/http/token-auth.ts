/** What all credentials have in common that are exchanged for a token first: one token per spoke, renewed once when it is refused. */
import type { HttpExchangeRequest, TokenAnswer, TokenCache, TokenOptions } from '@nave/adapter-kit';
import type { HttpAuth } from './http-auth.ts';
import type { Redaction } from './request-excerpt.ts';

export interface TokenAuthOptions {
  tokens: TokenCache;
  key: string;
  options?: TokenOptions;
  redaction: Redaction;
  fetch: (kept: string | null) => Promise<TokenAnswer>;
  /** Puts the token on a request. */
  apply: (request: HttpExchangeRequest, token: string) => HttpExchangeRequest;
}

export function tokenAuth({ tokens, key, options, redaction, fetch, apply }: TokenAuthOptions): HttpAuth {
  return {
    redaction,
    async authorize(request) {
      const result = await tokens.get(key, (kept) => fetch(kept ?? null), options);
      return result.ok ? { ok: true, request: apply(request, result.token), token: result.token } : result;
    },
    refused({ token }) {
      if (token !== null) tokens.drop(key, token);
      return token !== null;
    },
  };
}
