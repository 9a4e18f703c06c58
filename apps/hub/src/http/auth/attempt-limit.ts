/** Bounds failed sign-ins per address, in the memory of this process. */
import { type Clock, HubError } from '@nave/core';

export interface AttemptLimit {
  /** @throws HubError `limit.rate` while the address has failed too often */
  assertFree(address: string): void;
  failed(address: string): void;
}

const FAILURES_MAX = 10;
const WINDOW_MS = 5 * 60_000;
/** Addresses remembered; the oldest are forgotten first. */
const ADDRESSES_MAX = 10_000;

/** At most 10 failures within 5 minutes; then the address waits until the window since its first failure is over. */
export function createAttemptLimit(clock: Clock): AttemptLimit {
  const windows = new Map<string, { since: number; failures: number }>();

  function current(address: string): { since: number; failures: number } | undefined {
    const window = windows.get(address);
    const ageMs = window === undefined ? 0 : clock.now() - window.since;
    // Younger than nothing: the clock was set back, and nobody is to wait for it.
    if (ageMs >= 0 && ageMs < WINDOW_MS) return window;
    windows.delete(address);
    return undefined;
  }

  return {
    assertFree(address) {
      const window = current(address);
      if (!window || window.failures < FAILURES_MAX) return;
      const retryAfterSeconds = Math.max(1, Math.ceil((window.since + WINDOW_MS - clock.now()) / 1_000));
      throw new HubError('limit.rate', { detail: 'Too many failed sign-ins from this address.', retryAfterSeconds });
    },
    failed(address) {
      const window = current(address);
      if (window) window.failures += 1;
      else windows.set(address, { since: clock.now(), failures: 1 });
      const [oldest] = windows.keys();
      if (windows.size > ADDRESSES_MAX && oldest !== undefined) windows.delete(oldest);
    },
  };
}
