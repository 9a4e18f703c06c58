/** How the hub treats a spoke, with every option completed. */
import type { RetryPolicy } from '../delivery/retry-policy.ts';

export interface SpokePolicy {
  /** Deliveries in flight over all workers. */
  concurrency: number;
  timeoutMs: number;
  rate: { limit: number; perMs: number } | null;
  retry: RetryPolicy;
  breaker: { failures: number; cooldownMs: number };
  /** Retries a spoke takes: a share of its first attempts, and always so many a minute. What is beyond waits; nothing is dropped. */
  retryBudget: RetryBudget;
  /** What differs for single operations. */
  operations: Readonly<Record<string, OperationPolicy>>;
}

export interface RetryBudget {
  ratio: number;
  perMinute: number;
}

export interface OperationPolicy {
  timeoutMs: number | null;
  retry: RetryPolicy | null;
}

/** The policy of one operation: its own where it has one, else the spoke's. */
export function operationPolicy(policy: SpokePolicy, operation: string): { timeoutMs: number; retry: RetryPolicy } {
  const own = Object.hasOwn(policy.operations, operation) ? policy.operations[operation] : undefined;
  return { timeoutMs: own?.timeoutMs ?? policy.timeoutMs, retry: own?.retry ?? policy.retry };
}

export const DEFAULT_POLICY: SpokePolicy = {
  concurrency: 10,
  timeoutMs: 30_000,
  rate: null,
  retry: { attempts: 10, baseMs: 5_000, maxMs: 36_000_000, factor: 4, jitter: true },
  breaker: { failures: 5, cooldownMs: 30_000 },
  retryBudget: { ratio: 0.2, perMinute: 120 },
  operations: {},
};
