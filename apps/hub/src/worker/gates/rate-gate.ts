/** A spoke's rate over all workers: tokens are bought in small blocks while deliveries wait, and each delivery that starts uses one. */
import { type Logger, messageOf, type SpokeGate, type TokenSource } from '@nave/core';

export interface RateGateDeps {
  tokens: Pick<TokenSource, 'take'>;
  /** The rate of a spoke over all workers; null without one: those spokes cost nothing here. */
  rateOf: (spoke: string) => { limit: number; perMs: number } | null;
  logger: Logger;
}

interface Purse {
  tokens: number;
  /** Tokens are for now: kept for long, they would come on top of what the rate gives then. */
  expiresAt: number;
  buying: boolean;
  /** What did not get a token when it was last asked for. */
  missing: number;
  timer: NodeJS.Timeout | null;
}

/** A block is at most this share of the limit. */
const BLOCKS = 20;
const KEEP_MIN_MS = 25;
const KEEP_MAX_MS = 500;
const AGAIN_MS = 250;

export function createRateGate(deps: RateGateDeps): SpokeGate {
  const purses = new Map<string, Purse>();
  const listeners: ((spoke: string) => void)[] = [];
  let closed = false;

  function purseOf(spoke: string): Purse {
    const known = purses.get(spoke);
    if (known !== undefined) return known;
    const purse: Purse = { tokens: 0, expiresAt: 0, buying: false, missing: 0, timer: null };
    purses.set(spoke, purse);
    return purse;
  }

  function wake(spoke: string): void {
    for (const listener of listeners) listener(spoke);
  }

  async function buy(spoke: string, purse: Purse, rate: { limit: number; perMs: number }): Promise<void> {
    purse.buying = true;
    const block = Math.min(purse.missing, Math.max(1, Math.floor(rate.limit / BLOCKS)));
    let againMs = 0;
    try {
      const { granted, retryAfterMs } = await deps.tokens.take(`spoke:${spoke}`, block, { ...rate, smooth: true });
      const now = performance.now();
      purse.tokens = (now < purse.expiresAt ? purse.tokens : 0) + granted;
      const partMs = (rate.perMs * Math.max(1, Math.floor(rate.limit / BLOCKS))) / rate.limit;
      purse.expiresAt = now + Math.min(KEEP_MAX_MS, Math.max(KEEP_MIN_MS, partMs));
      againMs = granted < block ? retryAfterMs : 0;
    } catch (error) {
      deps.logger.warn({ spoke, reason: messageOf(error) }, 'no tokens for a rate');
      againMs = AGAIN_MS;
    }
    purse.missing = 0;
    if (closed) return;
    if (againMs > 0) {
      purse.timer = setTimeout(() => {
        purse.timer = null;
        purse.buying = false;
        wake(spoke);
      }, againMs);
      purse.timer.unref();
    } else {
      purse.buying = false;
    }
    wake(spoke);
  }

  return {
    room(spoke, wanted) {
      const rate = deps.rateOf(spoke);
      if (rate === null) {
        const purse = purses.get(spoke);
        if (purse !== undefined && !purse.buying) purses.delete(spoke);
        return wanted;
      }
      if (wanted <= 0) return 0;
      const purse = purseOf(spoke);
      const given = Math.min(wanted, performance.now() < purse.expiresAt ? purse.tokens : 0);
      if (given < wanted) {
        purse.missing = wanted - given;
        if (!purse.buying && !closed) void buy(spoke, purse, rate);
      }
      return given;
    },
    started(spoke, count) {
      const purse = purses.get(spoke);
      if (purse !== undefined) purse.tokens = Math.max(0, purse.tokens - count);
    },
    ended: () => undefined,
    unused(spoke, count) {
      const purse = purses.get(spoke);
      if (purse !== undefined) purse.tokens += count;
    },
    onRoom: (listener) => void listeners.push(listener),
    async close() {
      closed = true;
      for (const { timer } of purses.values()) if (timer !== null) clearTimeout(timer);
    },
  };
}
