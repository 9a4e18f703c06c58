/**
 * Load shedding: refuses new messages with 503 before their bodies are read, while this process or its database is about to drown. What is already inside
 * is finished; people, probes and metrics are never refused.
 */
import { HubError, type Logger } from '@nave/core';

/** How things are at one moment; sampled, so it must be cheap to say. */
export interface LoadSignals {
  /** Messages waiting for their commit. */
  waiting: number;
  /** Age of the oldest of them, in ms. */
  oldestWaitMs: number;
  /** Longest delay of the event loop since the last sample, in ms. */
  loopDelayMs: number;
  /** Used share of the heap limit, 0 to 1. */
  heapShare: number;
  /** Used share of the memory for bodies, 0 to 1. */
  bodyShare: number;
}

export type ShedReason = 'waiting' | 'commit' | 'event-loop' | 'memory' | 'bodies';

export interface LoadGuard {
  /** The refusal for a new message, counted; null when it may come in. Costs next to nothing. */
  refusal(): HubError | null;
  /** A refusal that somebody else found a reason for, counted the same way. */
  refuse(reason: ShedReason): HubError;
  /** Looks at the signals; called about every 100 ms. */
  sample(): void;
  /** Why messages are refused at the moment, or null. */
  shedding(): ShedReason | null;
}

export interface LoadGuardOptions {
  signals: () => LoadSignals;
  /** Monotonic, in ms. */
  now: () => number;
  /** 0 to 1. */
  random: () => number;
  onShed: (reason: ShedReason) => void;
  logger: Logger;
}

interface Threshold {
  reason: ShedReason;
  of: (signals: LoadSignals) => number;
  /** Shedding starts above this ... */
  above: number;
  /** ... and ends below this. */
  below: number;
  /** Samples in a row that have to be above: one long pause is not a load. */
  samples: number;
}

/** A saturated process waits milliseconds for a commit and has some hundred messages waiting: these are far beyond. */
const THRESHOLDS: readonly Threshold[] = [
  { reason: 'waiting', of: ({ waiting }) => waiting, above: 8_000, below: 4_000, samples: 1 },
  { reason: 'commit', of: ({ oldestWaitMs }) => oldestWaitMs, above: 2_000, below: 500, samples: 2 },
  { reason: 'event-loop', of: ({ loopDelayMs }) => loopDelayMs, above: 1_000, below: 500, samples: 2 },
  { reason: 'memory', of: ({ heapShare }) => heapShare, above: 0.9, below: 0.8, samples: 2 },
  { reason: 'bodies', of: ({ bodyShare }) => bodyShare, above: 0.9, below: 0.6, samples: 1 },
];
/** Shedding goes on for this long at least, so that the state does not flicker. */
const SHED_MS_MIN = 1_000;
/** While memory is short one message in this time comes in: without any, nothing might ever make the collector run. */
const PROBE_EVERY_MS = 100;
const RETRY_AFTER_SECONDS_MAX = 5;

const DETAIL: Readonly<Record<ShedReason, string>> = {
  waiting: 'Too many messages wait to be stored.',
  commit: 'The database is slow to store messages.',
  'event-loop': 'The process is overloaded.',
  memory: 'The process is short of memory.',
  bodies: 'Too much is being sent at once.',
};

export function createLoadGuard({ signals, now, random, onShed, logger }: LoadGuardOptions): LoadGuard {
  const states = THRESHOLDS.map((threshold) => ({ threshold, samples: 0, active: false }));
  let current: ShedReason | null = null;
  let since = 0;
  let refused = 0;
  let probedAt = Number.NEGATIVE_INFINITY;

  function refuse(reason: ShedReason): HubError {
    refused += 1;
    onShed(reason);
    // Spread over some seconds: senders that were refused together should not come back together.
    const retryAfterSeconds = 1 + Math.floor(random() * RETRY_AFTER_SECONDS_MAX);
    return new HubError('limit.overload', { detail: `${DETAIL[reason]} Nothing was stored; send again.`, retryAfterSeconds });
  }

  return {
    refusal() {
      if (current === null) return null;
      if (current === 'memory' && now() - probedAt >= PROBE_EVERY_MS) {
        probedAt = now();
        return null;
      }
      return refuse(current);
    },
    refuse,
    sample() {
      const seen = signals();
      for (const state of states) {
        const value = state.threshold.of(seen);
        const { above, below, samples } = state.threshold;
        // Below `above` counts from the start again, also after shedding.
        state.samples = value > above ? state.samples + 1 : 0;
        state.active = state.active ? value >= below : state.samples >= samples;
      }
      const reason = states.find(({ active }) => active)?.threshold.reason ?? null;
      if (reason === null && current !== null && now() - since < SHED_MS_MIN) return;
      if (reason !== null && current === null) {
        since = now();
        refused = 0;
        logger.warn({ reason, ...seen }, 'new messages are refused until the load is less');
      }
      if (reason === null && current !== null)
        logger.info({ refused, durationMs: Math.round(now() - since) }, 'new messages are taken again');
      current = reason;
    },
    shedding: () => current,
  };
}
