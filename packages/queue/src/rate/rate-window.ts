/** How a rate becomes windows of a fixed-window counter. */
import type { TokenRate } from '@nave/core';

export interface RateWindow {
  points: number;
  windowMs: number;
}

const PARTS = 20;

/**
 * A window that opens when the one before is over starts at least its length later; so a sliding period meets at most one part more than the period has, and
 * the limit is exceeded by one part at most.
 */
export function rateWindow({ limit, perMs, smooth }: TokenRate): RateWindow {
  if (!smooth) return { points: limit, windowMs: Math.ceil(perMs) };
  const points = Math.max(1, Math.floor(limit / PARTS));
  return { points, windowMs: Math.max(1, Math.ceil((perMs * points) / limit)) };
}
