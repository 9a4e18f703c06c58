/** What keeps a spoke from being called: its pause, its breaker, or a back-off it asked for. */
import type { SpokeFlow } from '@nave/core';
import type { Hold, Registry } from '@nave/pipeline';

export interface SpokeHoldDeps {
  registry: Pick<Registry, 'spoke'>;
  flow: { flowOf(spoke: string): SpokeFlow; blocked(spoke: string): boolean };
  /** Milliseconds since the epoch. */
  now: () => number;
}

/** Nobody knows when a pause ends. */
const PAUSE_GUESS_MS = 30_000;
const SOON_MS = 1_000;

export function createSpokeHold({ registry, flow, now }: SpokeHoldDeps): (spoke: string) => Hold | null {
  return (spoke) => {
    const definition = registry.spoke(spoke)?.definition;
    if (definition !== undefined && (definition.paused || !definition.enabled)) return { why: 'closed', forMs: PAUSE_GUESS_MS };
    if (!flow.blocked(spoke)) return null;
    const { breaker, probeAtMs, throttledUntilMs } = flow.flowOf(spoke);
    const inMs = (at: number | null) => (at === null ? SOON_MS : Math.max(0, at - now()));
    if (breaker === 'open') {
      const forMs = inMs(probeAtMs);
      return forMs === 0 ? { why: 'probe', forMs: SOON_MS } : { why: 'closed', forMs };
    }
    if (breaker === 'half-open') return { why: 'closed', forMs: Math.min(inMs(probeAtMs), 5 * SOON_MS) };
    return throttledUntilMs === null ? { why: 'closed', forMs: PAUSE_GUESS_MS } : { why: 'patience', forMs: inMs(throttledUntilMs) };
  };
}
