/**
 * Lets deliveries keep up with what is accepted while this process is the bottleneck: accepting is cheaper than delivering, so a saturated process that
 * does both would accept ever more than it delivers. Senders then wait some milliseconds longer for their 202. A spoke that is slow by itself never slows
 * accepting: only lanes that drain within moments count, and only while the event loop has no idle time left.
 */
import { performance } from 'node:perf_hooks';

export interface BackpressureOptions {
  /** Ids waiting in lanes that drain quickly. */
  backlog: () => number;
  /** Share of time the event loop was busy since the last call, 0 to 1. Injected for tests. */
  utilization?: () => number;
}

const FREE_BACKLOG = 64;
const IDS_PER_MS = 8;
const PAUSE_MAX_MS = 25;
/** More senders than this are not kept waiting: the queue before the commit must not grow instead. */
const WAITING_MAX = 512;
const BUSY = 0.8;

/** Milliseconds to pause before the next batch is accepted. @param waiting messages that wait for their commit */
export function createBackpressure({ backlog, utilization = loopUtilization() }: BackpressureOptions): (waiting: number) => number {
  return (waiting) => {
    const busy = utilization();
    if (busy < BUSY || waiting > WAITING_MAX) return 0;
    return Math.max(0, Math.min(PAUSE_MAX_MS, (backlog() - FREE_BACKLOG) / IDS_PER_MS));
  };
}

/** Measured over at least 20 ms, so that one batch does not decide. */
function loopUtilization(): () => number {
  const WINDOW_MS = 20;
  let since = performance.eventLoopUtilization();
  let measuredAt = performance.now();
  let last = 0;
  return () => {
    const now = performance.now();
    if (now - measuredAt >= WINDOW_MS) {
      last = performance.eventLoopUtilization(since).utilization;
      since = performance.eventLoopUtilization();
      measuredAt = now;
    }
    return last;
  };
}
