/**
 * Lets deliveries keep up with what is accepted while this process is the bottleneck: accepting is cheaper than delivering, so a saturated process that
 * does both would accept ever more than it delivers. Batches are small enough to be taken over, and the next one leaves when what was taken over has nearly
 * been sent; senders wait that long for their 202. A spoke that is slow by itself never slows accepting: only lanes that drain within moments count, and
 * only while the event loop has no idle time left.
 */
import { performance } from 'node:perf_hooks';
import type { BatchAllowance } from '@nave/pipeline';

/** Deliveries that wait for this process, not for a spoke. */
export interface Backlog {
  /** Taken over. */
  ready: number;
  /** Known by their ids. */
  rung: number;
  /** Either, of spokes whose deliveries wait for one another: accepting less does not help them. */
  inOrder: number;
}

export interface BackpressureOptions {
  /** Deliveries that wait for this process, not for a spoke. */
  backlog: () => Backlog;
  /** Share of time the event loop was busy since the last call, 0 to 1. Injected for tests. */
  utilization?: () => number;
  /** Monotonic milliseconds. Injected for tests. */
  now?: () => number;
}

/** So many deliveries may wait for their slots when a batch leaves: they keep the process at work until it is stored. */
const FREE_READY = 48;
/** Deliveries of one batch, or as much in bytes. With those it finds waiting there are places for them: what has to be rung for, claimed and read back costs twice as much. */
const WEIGHT_MAX = 48;
const ENDED_PER_MS = 8;
const LOOK_AGAIN_MS = 10;
/** A batch waits so long at most. */
const PAUSE_MAX_MS = 30;
/** More senders than this are not kept waiting: the queue before the commit must not grow instead. */
const WAITING_MAX = 512;
const BUSY = 0.8;
/** More than this wait together when something has held the process up, or when more send than it can serve. */
const CROWD = 64;
/** So long there was no crowd, and it was the former: they leave together. */
const CALM_MS = 2_000;
const FREE: BatchAllowance = { pauseMs: 0, weightMax: Number.POSITIVE_INFINITY };

/** What the next batch may be, by the number of messages that wait for it. */
export function createBackpressure({
  backlog,
  utilization = loopUtilization(),
  now = () => performance.now(),
}: BackpressureOptions): (waiting: number) => BatchAllowance {
  let pausedMs = 0;
  let crowdedAt = Number.NEGATIVE_INFINITY;
  return (waiting) => {
    const busy = utilization();
    if (waiting > WAITING_MAX) return FREE;
    if (waiting > CROWD) {
      const wasCalm = now() - crowdedAt >= CALM_MS;
      crowdedAt = now();
      if (wasCalm) return FREE;
    }
    const { ready, rung, inOrder } = backlog();
    if (inOrder > ready + rung) return FREE;
    // While a spoke has ids waiting, all that comes for it goes the same way: only when there are none can it be taken over again.
    const tooMany = rung > 0 ? rung + ready : ready - FREE_READY;
    const mayPause = busy >= BUSY && pausedMs < PAUSE_MAX_MS;
    const pauseMs = mayPause && tooMany > 0 ? Math.max(1, Math.min(LOOK_AGAIN_MS, tooMany / ENDED_PER_MS)) : 0;
    pausedMs = pauseMs === 0 ? 0 : pausedMs + pauseMs;
    return { pauseMs, weightMax: WEIGHT_MAX };
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
