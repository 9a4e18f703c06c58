/** How long a poll rests between two turns. */
import { RETRY_AFTER_MAX_MS } from '@nave/core';

const FIRST_MS = 30_000;
const LONGEST_MS = 15 * 60_000;

/**
 * Milliseconds until the next turn of a poll that failed: doubled with each failure in a row, from half a minute (or its own interval, where that is shorter) to a
 * quarter of an hour (or its own interval, where that is longer); never sooner than the system asked for.
 * @param failures in a row, this one included
 * @param random a number in [0, 1): takes or adds a quarter, so that polls that failed together do not come back together
 */
export function pollBackoffMs(everyMs: number, failures: number, retryAfterMs: number, random: number): number {
  const first = Math.min(everyMs, FIRST_MS);
  const grown = Math.min(Math.max(everyMs, LONGEST_MS), first * 2 ** Math.min(failures - 1, 30));
  // An adapter that could not read the header may say NaN.
  const told = Math.max(0, Math.min(retryAfterMs || 0, RETRY_AFTER_MAX_MS));
  return Math.round(Math.max(told, grown * (0.75 + random / 2)));
}
