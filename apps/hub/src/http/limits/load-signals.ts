/** Reads the load of this process, cheaply enough for ten times a second. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import type { LoadSignals } from './load-guard.ts';

export interface LoadSignalsOptions {
  accepter: { waiting(): number; oldestWaitMs(): number };
  bodies: { share(): number };
}

export interface LoadSignalsSource {
  read(): LoadSignals;
  close(): void;
}

const RESOLUTION_MS = 50;

export function createLoadSignals({ accepter, bodies }: LoadSignalsOptions): LoadSignalsSource {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  return {
    read() {
      const heap = getHeapStatistics();
      const loopDelayMs = Math.max(0, delay.max / 1e6 - RESOLUTION_MS);
      delay.reset();
      return {
        waiting: accepter.waiting(),
        oldestWaitMs: accepter.oldestWaitMs(),
        loopDelayMs,
        heapShare: heap.used_heap_size / heap.heap_size_limit,
        bodyShare: bodies.share(),
      };
    },
    close: () => void delay.disable(),
  };
}
