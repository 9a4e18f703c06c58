/** Everything that stands at the door of ingress, tied together for one process. */
import { performance } from 'node:perf_hooks';
import type { Logger, TokenSource } from '@nave/core';
import { type BodyBudget, createBodyBudget } from './body-budget.ts';
import { type CallerLimits, createCallerLimits } from './caller-limits.ts';
import { createLoadGuard, type LoadGuard, type ShedReason } from './load-guard.ts';
import { createLoadSignals } from './load-signals.ts';
import { createRefusalLimit, type RefusalLimit } from './refusal-limit.ts';

export interface IngressLimits {
  guard: LoadGuard;
  bodies: BodyBudget;
  callers: CallerLimits;
  refusals: RefusalLimit;
}

export interface IngressLimitsOptions {
  accepter: { waiting(): number; oldestWaitMs(): number };
  /** The count that all hubs share. */
  tokens: Pick<TokenSource, 'take'>;
  onShed: (reason: ShedReason) => void;
  logger: Logger;
}

const BODY_BYTES_MAX = 256 * 1024 * 1024;
const SAMPLE_EVERY_MS = 100;

/** The limits, and their end: `close` stops sampling. */
export function startIngressLimits({ accepter, tokens, onShed, logger }: IngressLimitsOptions): IngressLimits & { close(): void } {
  const now = () => performance.now();
  const bodies = createBodyBudget(BODY_BYTES_MAX);
  const signals = createLoadSignals({ accepter, bodies, now, everyMs: SAMPLE_EVERY_MS });
  const guard = createLoadGuard({ signals, now, random: Math.random, onShed, logger });
  const timer = setInterval(() => guard.sample(), SAMPLE_EVERY_MS).unref();
  return {
    guard,
    bodies,
    callers: createCallerLimits(tokens, now),
    refusals: createRefusalLimit(now),
    close: () => clearInterval(timer),
  };
}
