/** What keeps deliveries to a spoke back, and how it changes: circuit breaker, back-off, drain. Pure; the store applies it under a row lock, so that all workers share it. */

export const BREAKER_STATES = ['closed', 'open', 'half-open'] as const;
export type BreakerState = (typeof BREAKER_STATES)[number];

export interface SpokeFlow {
  breaker: BreakerState;
  /** Consecutive failures over all workers. */
  failures: number;
  /** When the breaker opened, first of all probes since. */
  openedAtMs: number | null;
  /** Open: when a probe may start. Half-open: when the probe under way counts as lost. */
  probeAtMs: number | null;
  throttledUntilMs: number | null;
  /** What was kept back is let go little by little. */
  drain: { startedAtMs: number; rate: number | null } | null;
  /** When the retry budget was last found empty. */
  budgetExhaustedAtMs: number | null;
}

export const ORDINARY_FLOW: SpokeFlow = {
  ...{ breaker: 'closed', failures: 0, openedAtMs: null, probeAtMs: null, throttledUntilMs: null, drain: null, budgetExhaustedAtMs: null },
};

/** Of a probe: the system answered, it failed, or nothing was learnt (not claimed, or it never left). */
export type ProbeResult = 'answered' | 'failed' | 'none';

export type FlowEvent =
  /** Outcomes of one worker: `failures` in a row at the end, after a success if `reset`. */
  | { kind: 'observed'; reset: boolean; failures: number; threshold: number; cooldownMs: number }
  | { kind: 'probing'; leaseMs: number }
  | { kind: 'probed'; result: ProbeResult; cooldownMs: number }
  | { kind: 'throttled'; forMs: number }
  | { kind: 'drain'; rate: number | null }
  | { kind: 'drained' }
  | { kind: 'budget-exhausted' }
  | { kind: 'reset' };

/** A spoke as a whole waits this long for a `Retry-After` at most; the delivery that was told waits as told. */
export const THROTTLE_MAX_MS = 600_000;
/** Until the next probe, when one taught nothing. */
const PROBE_AGAIN_MS = 1_000;
/** An empty budget is noted once in this time. */
const BUDGET_NOTE_MS = 60_000;

/** The flow after an event; the same object when the event changes nothing. @param nowMs of the database, the one clock that all workers share */
export function nextFlow(flow: SpokeFlow, event: FlowEvent, nowMs: number): SpokeFlow {
  switch (event.kind) {
    case 'observed':
      return observed(flow, event, nowMs);
    case 'probing':
      if (flow.breaker === 'closed' || (flow.probeAtMs ?? 0) > nowMs) return flow;
      return { ...flow, breaker: 'half-open', probeAtMs: nowMs + event.leaseMs };
    case 'probed':
      return probed(flow, event.result, event.cooldownMs, nowMs);
    case 'throttled': {
      const until = nowMs + Math.max(0, Math.min(event.forMs || 0, THROTTLE_MAX_MS));
      return until <= Math.max(nowMs, flow.throttledUntilMs ?? 0) ? flow : { ...flow, throttledUntilMs: until };
    }
    case 'drain':
      return { ...flow, drain: { startedAtMs: nowMs, rate: event.rate } };
    case 'drained':
      return flow.drain === null ? flow : { ...flow, drain: null };
    case 'budget-exhausted':
      return nowMs - (flow.budgetExhaustedAtMs ?? Number.NEGATIVE_INFINITY) < BUDGET_NOTE_MS
        ? flow
        : { ...flow, budgetExhaustedAtMs: nowMs };
    case 'reset':
      return flow.breaker === 'closed' && flow.failures === 0 ? flow : closed(flow, nowMs);
  }
}

type Observed = Extract<FlowEvent, { kind: 'observed' }>;

/** While it is not closed, only a probe decides: what was under way when it opened proves nothing about now. */
function observed(flow: SpokeFlow, { reset, failures: more, threshold, cooldownMs }: Observed, nowMs: number): SpokeFlow {
  if (flow.breaker !== 'closed') return flow;
  const failures = (reset ? 0 : flow.failures) + more;
  if (failures >= threshold) return { ...flow, breaker: 'open', failures, openedAtMs: nowMs, probeAtMs: nowMs + cooldownMs };
  return failures === flow.failures ? flow : { ...flow, failures };
}

function probed(flow: SpokeFlow, result: ProbeResult, cooldownMs: number, nowMs: number): SpokeFlow {
  if (flow.breaker !== 'half-open') return flow;
  if (result === 'answered') return closed(flow, nowMs);
  const again = result === 'failed' ? cooldownMs : Math.min(PROBE_AGAIN_MS, cooldownMs);
  return { ...flow, breaker: 'open', probeAtMs: nowMs + again };
}

/** What waited meanwhile is drained, not let go at once. */
function closed(flow: SpokeFlow, nowMs: number): SpokeFlow {
  const drain = { startedAtMs: nowMs, rate: flow.drain?.rate ?? null };
  return { ...flow, breaker: 'closed', failures: 0, openedAtMs: null, probeAtMs: null, drain };
}
