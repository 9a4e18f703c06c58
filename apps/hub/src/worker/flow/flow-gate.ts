/** The gate of breaker, pause and back-off in front of a spoke's deliveries: decides from memory. */
import { AdaptiveLimit, type SpokeGate } from '@nave/core';
import type { FlowState } from './flow-state.ts';

export interface FlowGate extends SpokeGate {
  /** The system refused for being too busy: less at once from now on. */
  refused(spoke: string): void;
  /** The system took one: more at once again, step by step. */
  took(spoke: string): void;
  /** These may have room again. */
  reconsider(spokes: readonly string[]): void;
}

/**
 * @param concurrencyOf a spoke's limit from its policy; null for one that is not known
 * @param isFull whether a spoke is about to be blocked: its breaker opens, or it asked for patience, and that is being written
 */
export function createFlowGate(
  state: Pick<FlowState, 'blocked' | 'onOpen'>,
  concurrencyOf: (spoke: string) => number | null,
  isFull: (spoke: string) => boolean = () => false,
): FlowGate {
  /** Of spokes that were too busy; the others have no entry. */
  const limits = new Map<string, AdaptiveLimit>();
  const listeners: ((spoke: string) => void)[] = [];
  const tell = (spoke: string) => {
    for (const listener of listeners) listener(spoke);
  };
  state.onOpen(tell);

  return {
    room(spoke, wanted, active) {
      if (state.blocked(spoke) || isFull(spoke)) return 0;
      const limit = limits.get(spoke);
      return limit === undefined ? wanted : Math.max(0, Math.min(wanted, limit.allowed - active));
    },
    started: () => undefined,
    ended: (spoke) => {
      if (limits.has(spoke)) tell(spoke);
    },
    reconsider: (spokes) => spokes.forEach(tell),
    onRoom: (listener) => void listeners.push(listener),
    refused(spoke) {
      const limit = limits.get(spoke) ?? new AdaptiveLimit(concurrencyOf(spoke) ?? 1);
      limits.set(spoke, limit);
      limit.refused(performance.now());
    },
    took(spoke) {
      const limit = limits.get(spoke);
      if (limit === undefined || !limit.took()) return;
      if (limit.allowed >= (concurrencyOf(spoke) ?? 0)) limits.delete(spoke);
      tell(spoke);
    },
    close: async () => undefined,
  };
}
