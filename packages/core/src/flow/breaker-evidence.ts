/** What an attempt says about the system at the other end (contract, section 5: `breaker.failures` counts consecutive `fault`, `timeout`, `unreachable`). */
import type { OutcomeKind } from '../delivery/outcome.ts';

/** `none`: nothing left the hub (a mapping failed, an address was refused), or the system only asked for patience. */
export type Evidence = 'up' | 'down' | 'none';

/** @param status of the answer, null when there was none: a refusal without one may be the hub's own */
export function evidenceOf(outcome: OutcomeKind, status: number | null): Evidence {
  switch (outcome) {
    case 'ok':
      return 'up';
    case 'fault':
    case 'timeout':
    case 'unreachable':
      return 'down';
    case 'rejected':
    case 'invalid':
      return status === null ? 'none' : 'up';
    case 'throttled':
    case 'unknown':
      return 'none';
  }
}
