/** Where a token comes from that a process does not have: the port behind `createTokenCache`, and its simplest form, one process alone. */
import type { TokenAnswer } from '@nave/adapter-kit';
import type { Outcome } from '@nave/core';

export interface TokenIssuer {
  /** Called once at a time per key. */
  obtain(request: TokenWanted): Promise<FetchedToken | { ok: false; outcome: Outcome }>;
}

export interface TokenWanted {
  key: string;
  /** A token that must not be given, because the system refused it. */
  refused: string | null;
  /** The one at hand still works: only a newer one is of use, and nobody waits for it. */
  early: boolean;
  /** See `TokenOptions`. */
  durable: boolean;
  fetchToken: (kept: string | null) => Promise<TokenAnswer>;
}

export interface FetchedToken {
  ok: true;
  token: string;
  /** Milliseconds it is valid for in all, and from now on. */
  lifeMs: number;
  remainingMs: number;
}

/** Tokens of one process alone; what a fetch keeps for the next is in memory only. @param entriesMax keys remembered */
export function createLocalTokens(entriesMax: number): TokenIssuer {
  const kept = new Map<string, string>();
  return {
    async obtain({ key, fetchToken }) {
      const answer = await fetchToken(kept.get(key) ?? null);
      if (!answer.ok) return answer;
      if (answer.keep !== undefined) {
        kept.delete(key);
        kept.set(key, answer.keep);
        const [oldest] = kept.keys();
        if (kept.size > entriesMax && oldest !== undefined) kept.delete(oldest);
      }
      return { ok: true, token: answer.token, lifeMs: answer.expiresInMs, remainingMs: answer.expiresInMs };
    },
  };
}
