/** Time that stands still until a test moves it. */
import type { Clock } from '@nave/core';

export interface FakeClock extends Clock {
  advance(ms: number): void;
}

/** @param startMs milliseconds since the epoch */
export function fakeClock(startMs: number = Date.UTC(2026, 10, 21, 12, 0, 0)): FakeClock {
  let nowMs = startMs;
  return {
    now: () => nowMs,
    advance(ms) {
      nowMs += ms;
    },
  };
}
