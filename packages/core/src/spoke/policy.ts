/** How the hub treats a spoke, with every option completed. */
import type { RetryPolicy } from '../delivery/retry-policy.ts';

export interface SpokePolicy {
  /** Deliveries in flight over all workers. */
  concurrency: number;
  timeoutMs: number;
  rate: { limit: number; perMs: number } | null;
  retry: RetryPolicy;
  breaker: { failures: number; cooldownMs: number };
}

export const DEFAULT_POLICY: SpokePolicy = {
  concurrency: 10,
  timeoutMs: 30_000,
  rate: null,
  retry: { attempts: 10, baseMs: 5_000, maxMs: 36_000_000, factor: 4, jitter: true },
  breaker: { failures: 5, cooldownMs: 30_000 },
};
