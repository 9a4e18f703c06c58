/**
 * How many messages a sender may bring per time, over all hubs. Hubs share one count and buy from it in blocks, so that most messages cost no round trip;
 * a sender that has nothing left is refused from memory.
 */
import { HubError, type TokenSource } from '@nave/core';
import { secondsOf } from './rate-limit-fields.ts';

export interface CallerRate {
  limit: number;
  perMs: number;
}

/** What a taker is told. */
export interface Allowance {
  granted: boolean;
  rate: CallerRate;
  /** Messages left in this window, as far as this hub knows. */
  remaining: number;
  /** Milliseconds until the window ends. */
  resetMs: number;
}

export interface CallerLimits {
  /** Takes one message. Answers are given in the order of the calls. */
  take(caller: string, rate: CallerRate): Promise<Allowance>;
  /** The refusal of a caller that is known to have nothing left; takes nothing, asks nobody. */
  spent(caller: string, rate: CallerRate): Allowance | null;
}

interface Window {
  rate: CallerRate;
  endsAt: number;
  /** Bought and not used yet. */
  own: number;
  /** Left in the shared count when it was last asked. */
  left: number;
  /** True when the shared count had no more. */
  empty: boolean;
  waiting: ((allowance: Allowance) => void)[];
  buying: boolean;
}

/** Callers remembered; the oldest are forgotten first, with what they have bought and not used. */
const CALLERS_MAX = 10_000;
/** A block is this share of the limit: what a hub bought and does not use is lost to the others until the window ends. */
const BLOCK_SHARE = 0.05;
const BLOCK_MAX = 200;

/**
 * @param shared the count of all hubs; it never fails: without its stores it counts for this process alone
 * @param now monotonic, in ms
 */
export function createCallerLimits(shared: Pick<TokenSource, 'take'>, now: () => number): CallerLimits {
  const windows = new Map<string, Window>();

  function windowOf(caller: string, rate: CallerRate): Window {
    let window = windows.get(caller);
    if (window === undefined || window.rate.limit !== rate.limit || window.rate.perMs !== rate.perMs) {
      // A buyer of the earlier rate goes on with its own window and answers who waits there.
      window = { rate, endsAt: Number.NEGATIVE_INFINITY, own: 0, left: rate.limit, empty: false, waiting: [], buying: false };
      windows.set(caller, window);
      const [oldest] = windows.keys();
      if (windows.size > CALLERS_MAX && oldest !== undefined) windows.delete(oldest);
    }
    if (now() >= window.endsAt) renew(window);
    return window;
  }

  function renew(window: Window): void {
    window.own = 0;
    window.left = window.rate.limit;
    window.empty = false;
  }

  function allowance(window: Window, granted: boolean): Allowance {
    const known = window.endsAt - now();
    return { granted, rate: window.rate, remaining: window.own + window.left, resetMs: known > 0 ? known : window.rate.perMs };
  }

  /** Answers from what is at hand; null when the shared count has to be asked. */
  function answer(window: Window): Allowance | null {
    if (window.own > 0) {
      window.own -= 1;
      return allowance(window, true);
    }
    return window.empty ? allowance(window, false) : null;
  }

  async function buy(caller: string, window: Window): Promise<void> {
    window.buying = true;
    while (window.waiting.length > 0) {
      const block = window.left < window.rate.limit / 5 ? 1 : Math.min(BLOCK_MAX, Math.floor(window.rate.limit * BLOCK_SHARE));
      const wanted = Math.min(window.rate.limit, Math.max(window.waiting.length, block));
      const bought = await shared.take(`ingress:${caller}`, wanted, { ...window.rate, smooth: false });
      // Meanwhile the window may have ended: what is bought belongs to the one it was bought from.
      if (now() >= window.endsAt) renew(window);
      window.endsAt = now() + bought.resetMs;
      window.own += bought.granted;
      window.left = bought.remaining;
      window.empty = bought.granted < wanted;
      for (let next = window.waiting[0]; next !== undefined; next = window.waiting[0]) {
        const given = answer(window);
        if (given === null) break;
        window.waiting.shift();
        next(given);
      }
    }
    window.buying = false;
  }

  return {
    take(caller, rate) {
      const window = windowOf(caller, rate);
      const given = window.waiting.length === 0 ? answer(window) : null;
      if (given !== null) return Promise.resolve(given);
      return new Promise((resolve) => {
        window.waiting.push(resolve);
        if (!window.buying) void buy(caller, window);
      });
    },
    spent(caller, rate) {
      if (!windows.has(caller)) return null;
      const window = windowOf(caller, rate);
      return window.empty && window.own === 0 ? allowance(window, false) : null;
    },
  };
}

/** The refusal of a caller that has nothing left. */
export function overLimit({ rate, resetMs }: Allowance): HubError {
  const per = rate.perMs % 1_000 === 0 ? `${rate.perMs / 1_000} s` : `${rate.perMs} ms`;
  const detail = `More than ${rate.limit} messages per ${per}. Nothing was stored; send again when the window is over.`;
  return new HubError('limit.rate', { detail, retryAfterSeconds: secondsOf(resetMs) });
}
