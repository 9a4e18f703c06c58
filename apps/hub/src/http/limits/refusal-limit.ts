/** Bounds refused calls per address and door: who sends a thousand bad signatures a minute is answered 429 before anything is read or checked. */
import { HubError } from '@nave/core';

export interface RefusalLimit {
  /** @returns the refusal while the address was refused too often at this door, else null. Costs nothing while nobody was */
  refusal(address: string, door: string): HubError | null;
  /** Counts a call that was refused for its signature or key. */
  refused(address: string, door: string): void;
}

const REFUSED_MAX = 1_000;
const WINDOW_MS = 60_000;
/** Addresses remembered; the oldest are forgotten first. */
const ADDRESSES_MAX = 10_000;

/**
 * By address and door (a spoke, or publishing), so that behind a proxy that hides addresses one sender does not shut out those of other spokes.
 * @param now monotonic, in ms
 */
export function createRefusalLimit(now: () => number): RefusalLimit {
  const windows = new Map<string, { endsAt: number; refused: number }>();
  let blocked = 0;

  function current(key: string): { endsAt: number; refused: number } | undefined {
    const window = windows.get(key);
    if (window === undefined || now() < window.endsAt) return window;
    forget(key, window);
    return undefined;
  }

  function forget(key: string, { refused }: { refused: number }): void {
    windows.delete(key);
    if (refused >= REFUSED_MAX) blocked -= 1;
  }

  return {
    refusal(address, door) {
      if (blocked === 0) return null;
      const window = current(`${address} ${door}`);
      if (window === undefined || window.refused < REFUSED_MAX) return null;
      const retryAfterSeconds = Math.max(1, Math.ceil((window.endsAt - now()) / 1_000));
      return new HubError('limit.rate', { detail: 'Too many refused calls from this address.', retryAfterSeconds });
    },
    refused(address, door) {
      const key = `${address} ${door}`;
      const window = current(key);
      if (window === undefined) {
        windows.set(key, { endsAt: now() + WINDOW_MS, refused: 1 });
        const [oldest] = windows;
        if (windows.size > ADDRESSES_MAX && oldest !== undefined) forget(...oldest);
        return;
      }
      window.refused += 1;
      if (window.refused === REFUSED_MAX) blocked += 1;
    },
  };
}
