/** The library makes one limiter per limit and duration; rules change with the configuration, so that only so many are kept. */
import type { TokenRate } from '@nave/core';
import type { RateLimiterAbstract } from 'rate-limiter-flexible';
import { type RateWindow, rateWindow } from './rate-window.ts';

export interface RuleLimiter {
  window: RateWindow;
  limiter: Pick<RateLimiterAbstract, 'consume'>;
}

const RULES_MAX = 1_000;

export function limiterPerRule<L extends Pick<RateLimiterAbstract, 'consume'>>(
  make: (window: RateWindow) => L,
): (rate: TokenRate) => { window: RateWindow; limiter: L } {
  const known = new Map<string, { window: RateWindow; limiter: L }>();
  return (rate) => {
    const window = rateWindow(rate);
    const name = `${window.points}/${window.windowMs}`;
    const found = known.get(name);
    if (found !== undefined) return found;
    if (known.size >= RULES_MAX) known.clear();
    const made = { window, limiter: make(window) };
    known.set(name, made);
    return made;
  };
}
