/** Access tokens in memory: one request per key at a time, renewed while the old one still works, bounded in number. */
import type { TokenAnswer, TokenCache, TokenOptions, TokenResult } from '@nave/adapter-kit';
import type { Clock } from '@nave/core';
import { createLocalTokens, type FetchedToken, type TokenIssuer } from './token-issuer.ts';

export interface TokenCacheOptions {
  clock: Clock;
  /** Tokens kept; the one used longest ago goes first. Default 1,000. */
  entriesMax?: number;
  /** Where tokens come from that are not in memory. Default: fetched by this process alone. */
  issuer?: TokenIssuer;
}

interface Entry {
  token: string;
  refreshAtMs: number;
  expiresAtMs: number;
}

type Fetch = (kept?: string | null) => Promise<TokenAnswer>;

/** Part of its life after which a token is renewed. */
const RENEW_AT = 0.8;
/** A token in its last moments would expire on the way. */
const MARGIN_MAX_MS = 5_000;
const MARGIN = 0.05;
/** Between tries to renew a token that still works. */
const RENEW_PAUSE_MS = 2_000;
/** Credentials that were refused are not shown again by every delivery that waits. */
const REFUSED_MS = 5_000;

/** A cache for one spoke or many; keys say whose token it is. */
export function createTokenCache({ clock, entriesMax = 1_000, issuer = createLocalTokens(entriesMax) }: TokenCacheOptions): TokenCache {
  const entries = new Map<string, Entry>();
  const failures = new Map<string, { answer: TokenResult; untilMs: number }>();
  /** What a system refused and nobody may be given again. */
  const refused = new Map<string, string>();
  const pending = new Map<string, { early: boolean; result: Promise<TokenResult> }>();

  function remember(key: string, { token, lifeMs, remainingMs }: FetchedToken): void {
    const expiresAtMs = clock.now() + remainingMs - Math.min(MARGIN_MAX_MS, lifeMs * MARGIN);
    put(entries, key, { token, refreshAtMs: clock.now() + remainingMs - lifeMs * (1 - RENEW_AT), expiresAtMs }, entriesMax);
    refused.delete(key);
    failures.delete(key);
  }

  async function obtain(key: string, fetchToken: Fetch, options: TokenOptions, early: boolean): Promise<TokenResult> {
    const answer = await issuer.obtain({
      key,
      early,
      refused: refused.get(key) ?? null,
      durable: options.durable === true,
      fetchToken: (kept) => fetchToken(kept),
    });
    if (answer.ok) {
      remember(key, answer);
      return { ok: true, token: answer.token };
    }
    if (!early && answer.outcome.kind === 'rejected') put(failures, key, { answer, untilMs: clock.now() + REFUSED_MS }, entriesMax);
    return answer;
  }

  function working(key: string): Entry | null {
    const known = entries.get(key);
    return known !== undefined && known.expiresAtMs > clock.now() ? known : null;
  }

  function start(key: string, fetchToken: Fetch, options: TokenOptions, early: boolean): Promise<TokenResult> {
    const result = obtain(key, fetchToken, options, early).finally(() => pending.delete(key));
    pending.set(key, { early, result });
    return result;
  }

  /** While the old one works nobody waits; what fails is tried again in a moment. */
  function renew(key: string, known: Entry, fetchToken: Fetch, options: TokenOptions): void {
    known.refreshAtMs = clock.now() + RENEW_PAUSE_MS;
    start(key, fetchToken, options, true).catch(() => undefined);
  }

  function get(key: string, fetchToken: Fetch, options: TokenOptions = {}): Promise<TokenResult> {
    const known = working(key);
    if (known !== null) {
      put(entries, key, known, entriesMax);
      if (known.refreshAtMs <= clock.now() && !pending.has(key)) renew(key, known, fetchToken, options);
      return Promise.resolve({ ok: true, token: known.token });
    }
    const failure = failures.get(key);
    if (failure !== undefined && failure.untilMs > clock.now()) return Promise.resolve(failure.answer);
    const running = pending.get(key);
    if (running === undefined) return start(key, fetchToken, options, false);
    if (!running.early) return running.result;
    // The token expired or was refused while it was being renewed: what comes of that is looked at anew.
    const again = () => get(key, fetchToken, options);
    return running.result.then(again, again);
  }

  return {
    get,
    drop(key, token) {
      const known = entries.get(key);
      if (known !== undefined && known.token !== token) return;
      entries.delete(key);
      put(refused, key, token, entriesMax);
    },
  };
}

/** Sets as the newest; the oldest goes when there are too many. */
function put<Value>(map: Map<string, Value>, key: string, value: Value, sizeMax: number): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > sizeMax && oldest !== undefined) map.delete(oldest);
}
