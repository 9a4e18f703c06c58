/** What a failure points to, from the outcome of its last attempt: where to look, and whether sending it again can help as things are. */
import type { Issue } from '@nave/api-schema';

export type Cause =
  | 'undecided'
  | 'credentials'
  | 'missing'
  | 'conflict'
  | 'redirected'
  | 'data'
  | 'blocked'
  | 'invalid'
  | 'throttled'
  | 'timeout'
  | 'unreachable'
  | 'fault'
  | 'atMostOnce'
  | 'workerLost'
  | 'expression'
  | 'other';

export interface Hint {
  cause: Cause;
  /** retry: it helps once the system works. look: something has to be changed first. decide: only a person knows. */
  first: 'retry' | 'look' | 'decide';
}

type Failed = Pick<Issue, 'state' | 'outcome' | 'status' | 'reason'>;

const RETRIED: ReadonlySet<Cause> = new Set(['throttled', 'timeout', 'unreachable', 'fault']);

export function hintOf(failed: Failed): Hint {
  if (failed.state === 'unknown') return { cause: 'undecided', first: 'decide' };
  const cause = causeOf(failed);
  return { cause, first: RETRIED.has(cause) ? 'retry' : 'look' };
}

function causeOf({ outcome, status, reason }: Failed): Cause {
  if (reason === 'at-most-once') return 'atMostOnce';
  if (reason === 'worker.lost') return 'workerLost';
  switch (outcome) {
    case 'rejected':
      return refusal(status);
    case 'throttled':
    case 'timeout':
    case 'unreachable':
    case 'fault':
    case 'invalid':
      return outcome;
    // Nothing was sent: what should have become the request could not be made.
    case null:
      return 'expression';
    default:
      return 'other';
  }
}

function refusal(status: number | null): Cause {
  if (status === null) return 'blocked';
  if (status === 401 || status === 403) return 'credentials';
  if (status === 404 || status === 410) return 'missing';
  if (status === 409 || status === 412) return 'conflict';
  if (status >= 300 && status < 400) return 'redirected';
  return 'data';
}
