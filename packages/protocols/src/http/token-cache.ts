/** Access tokens in memory: one request per key at a time, refreshed before they expire, bounded in number. */
import type { TokenAnswer, TokenCache, TokenResult } from '@nave/adapter-kit';
import type { Clock } from '@nave/core';

export interface TokenCacheOptions {
  clock: Clock;
  /** Tokens kept; the one used longest ago goes first. Default 1,000. */
  entriesMax?: number;
}

interface Entry {
  token: string;
  refreshAtMs: number;
  expiresAtMs: number;
}

const MARGIN_MAX_MS = 60_000;

/** A cache for all spokes of a process; keys say whose token it is. */
export function createTokenCache({ clock, entriesMax = 1_000 }: TokenCacheOptions): TokenCache {
  const entries = new Map<string, Entry>();
  const pending = new Map<string, Promise<TokenResult>>();

  function remember(key: string, { token, expiresInMs }: Extract<TokenAnswer, { ok: true }>): void {
    const now = clock.now();
    // A tenth of its life before the end, at most a minute: long enough for a request under way.
    const margin = Math.min(MARGIN_MAX_MS, expiresInMs / 10);
    entries.delete(key);
    entries.set(key, { token, refreshAtMs: now + expiresInMs - margin, expiresAtMs: now + expiresInMs });
    const [oldest] = entries.keys();
    if (entries.size > entriesMax && oldest !== undefined) entries.delete(oldest);
  }

  async function refresh(key: string, fetchToken: () => Promise<TokenAnswer>): Promise<TokenResult> {
    const answer = await fetchToken();
    if (answer.ok) {
      remember(key, answer);
      return { ok: true, token: answer.token };
    }
    // A token endpoint that is down for a moment does not matter while the old token still holds.
    const old = entries.get(key);
    return old && old.expiresAtMs > clock.now() ? { ok: true, token: old.token } : answer;
  }

  return {
    get(key, fetchToken) {
      const known = entries.get(key);
      if (known && known.refreshAtMs > clock.now()) {
        entries.delete(key);
        entries.set(key, known);
        return Promise.resolve({ ok: true, token: known.token });
      }
      const running = pending.get(key);
      if (running) return running;
      const started = refresh(key, fetchToken).finally(() => pending.delete(key));
      pending.set(key, started);
      return started;
    },
    drop(key, token) {
      if (entries.get(key)?.token === token) entries.delete(key);
    },
  };
}
