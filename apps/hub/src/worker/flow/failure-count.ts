/** Counts failures in a row towards the breaker, off the hot path: a spoke that answers costs one look into memory, and writes go out in batches. */
import { type Evidence, type Logger, messageOf, type SpokePolicy } from '@nave/core';
import type { FlowState } from './flow-state.ts';

export interface FailureCountDeps {
  state: Pick<FlowState, 'change' | 'flowOf'>;
  policyOf: (spoke: string) => SpokePolicy | null;
  logger: Logger;
  /** Told when what was counted is written and the shared state decides again. */
  onWritten?: (spokes: readonly string[]) => void;
}

export interface FailureCount {
  observe(spoke: string, evidence: Evidence): void;
  /** Whether so many failures were counted that the breaker is about to open: until that is written nothing more should leave. */
  isFull(spoke: string): boolean;
  /** Writes what is counted and waits for it. */
  flush(): Promise<void>;
}

interface Seen {
  /** A success came before the failures. */
  reset: boolean;
  failures: number;
}

const GATHER_MS = 50;

export function createFailureCount({ state, policyOf, logger, onWritten }: FailureCountDeps): FailureCount {
  let seen = new Map<string, Seen>();
  let writing: { spokes: ReadonlyMap<string, Seen>; done: Promise<void> } | null = null;
  let timer: NodeJS.Timeout | null = null;
  const full = new Set<string>();

  /** Failures that are known and not answered by a success yet. */
  const known = (spoke: string) => state.flowOf(spoke).failures + (writing?.spokes.get(spoke)?.failures ?? 0);

  /** Nothing of these waits to be written any more, or what does is too little: the shared state decides. */
  function letGo(spokes: Iterable<string>): void {
    const free = [...spokes].filter((spoke) => (seen.get(spoke)?.failures ?? 0) === 0 && full.delete(spoke));
    if (free.length > 0) onWritten?.(free);
  }

  function write(): void {
    if (writing !== null) return;
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const spokes = seen;
    seen = new Map();
    const events = [...spokes].flatMap(([spoke, { reset, failures }]) => {
      const policy = policyOf(spoke);
      if (policy === null || (failures === 0 && state.flowOf(spoke).failures === 0)) return [];
      const { failures: threshold, cooldownMs } = policy.breaker;
      return [[spoke, { kind: 'observed', reset, failures, threshold, cooldownMs }] as const];
    });
    if (events.length === 0) {
      letGo(spokes.keys());
      return;
    }
    const done = state
      .change(events)
      .then(() => undefined)
      // The database is away: nothing is claimed until it is back, and then failures are counted anew.
      .catch((error: unknown) => logger.warn({ reason: messageOf(error) }, 'failures of spokes were not counted'))
      .finally(() => {
        writing = null;
        letGo(spokes.keys());
        if (seen.size > 0) plan();
      });
    writing = { spokes, done };
  }

  function plan(): void {
    timer ??= setTimeout(() => {
      timer = null;
      write();
    }, GATHER_MS);
    timer.unref();
  }

  return {
    observe(spoke, evidence) {
      if (evidence === 'none') return;
      const entry = seen.get(spoke);
      if (evidence === 'up') {
        // It comes after the failures that open the breaker: only their write is late.
        if (full.has(spoke)) return;
        if (entry === undefined && known(spoke) === 0) return;
        seen.set(spoke, { reset: true, failures: 0 });
        plan();
        return;
      }
      if (state.flowOf(spoke).breaker !== 'closed') return;
      const { reset, failures } = entry ?? { reset: false, failures: 0 };
      seen.set(spoke, { reset, failures: failures + 1 });
      const total = failures + 1 + (reset ? 0 : known(spoke));
      // At once, before a success could hide what the shared count has reached.
      if (total < (policyOf(spoke)?.breaker.failures ?? Number.POSITIVE_INFINITY)) {
        plan();
        return;
      }
      full.add(spoke);
      if (writing === null) write();
      else plan();
    },
    isFull: (spoke) => full.has(spoke),
    async flush() {
      await writing?.done;
      write();
      await writing?.done;
    },
  };
}
