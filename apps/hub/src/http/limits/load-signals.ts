/** Reads the load of this process, cheaply enough for ten times a second. */
import { getHeapStatistics } from 'node:v8';
import type { LoadSignals } from './load-guard.ts';

export interface LoadSignalsOptions {
  accepter: { waiting(): number; oldestWaitMs(): number };
  bodies: { share(): number };
  /** Monotonic, in ms. */
  now: () => number;
  /** How often they are read, in ms. What a reading is later than that, the event loop was held up: no timer of its own has to wake an idle process for it. */
  everyMs: number;
}

export function createLoadSignals({ accepter, bodies, now, everyMs }: LoadSignalsOptions): () => LoadSignals {
  let readAt = now();
  return () => {
    const heap = getHeapStatistics();
    const before = readAt;
    readAt = now();
    return {
      waiting: accepter.waiting(),
      oldestWaitMs: accepter.oldestWaitMs(),
      loopDelayMs: Math.max(0, readAt - before - everyMs),
      heapShare: heap.used_heap_size / heap.heap_size_limit,
      bodyShare: bodies.share(),
    };
  };
}
