/** The contract's table from an HTTP status to an outcome; kinds whose system says it otherwise override it. */
import type { OutcomeKind } from './outcome.ts';

/** @param hasRetryAfter whether the answer carries `Retry-After` (a 503 with it is throttling, without it a fault) */
export function outcomeOfHttpStatus(status: number, hasRetryAfter: boolean): OutcomeKind {
  if (status >= 200 && status < 300) return 'ok';
  if (status === 408 || status === 425 || status === 429) return 'throttled';
  if (status === 503 && hasRetryAfter) return 'throttled';
  if (status >= 500) return 'fault';
  return 'rejected';
}
