/** Queue figures as the API shows them. */
import type { Queue, QueueFlow } from '@nave/api-schema';
import { ORDINARY_FLOW, type SpokeFlow } from '@nave/core';
import type { QueueFigures } from '@nave/store';

/** @param left how many a drain still keeps back */
export function queueView(
  { spoke, depth, oldestSeconds, ratePerSecond, latencyMs, paused }: QueueFigures,
  flow: SpokeFlow = ORDINARY_FLOW,
  left = 0,
  nowMs = Date.now(),
): Queue {
  const rounded = { oldestSeconds: Math.round(oldestSeconds * 10) / 10, ratePerSecond: Math.round(ratePerSecond * 100) / 100 };
  return { spoke, depth, ...rounded, latencyMs, paused, breaker: flow.breaker, flow: flowView(flow, left, nowMs) };
}

function flowView(
  { openedAtMs, probeAtMs, throttledUntilMs, drain, budgetExhaustedAtMs }: SpokeFlow,
  left: number,
  nowMs: number,
): QueueFlow {
  return {
    openedAt: moment(openedAtMs),
    probeAt: moment(probeAtMs),
    throttledUntil: moment(throttledUntilMs !== null && throttledUntilMs > nowMs ? throttledUntilMs : null),
    draining: drain === null ? null : { since: new Date(drain.startedAtMs).toISOString(), rate: drain.rate, left },
    retryBudgetExhaustedAt: moment(budgetExhaustedAtMs),
  };
}

function moment(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
