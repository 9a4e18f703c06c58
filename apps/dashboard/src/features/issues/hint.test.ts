import { describe, expect, it } from 'vitest';
import { hintOf } from './hint.ts';

const dead = (outcome: string | null, status: number | null = null, reason: string | null = null) =>
  hintOf({ state: 'dead', outcome, status, reason });

describe('hintOf', () => {
  it('tells refusals by their status: credentials, data, what is not there, what is there already', () => {
    const causes = [401, 403, 404, 410, 409, 412, 301, 400, 422].map((status) => dead('rejected', status, 'rejected').cause);
    expect(causes).toEqual([
      ...['credentials', 'credentials', 'missing', 'missing', 'conflict', 'conflict'],
      ...['redirected', 'data', 'data'],
    ]);
  });

  it('takes a refusal without a status for the guard of the hub, and a failure without an attempt for an expression', () => {
    expect([dead('rejected').cause, dead(null, null, 'mapping.failed').cause]).toEqual(['blocked', 'expression']);
  });

  it('advises to retry only what may work as it is', () => {
    const first = (outcome: string) => dead(outcome, null, 'retries.exhausted').first;
    expect(['fault', 'timeout', 'unreachable', 'throttled'].map(first)).toEqual(['retry', 'retry', 'retry', 'retry']);
    expect(['invalid', 'unheard-of'].map(first)).toEqual(['look', 'look']);
    expect(dead('rejected', 422).first).toBe('look');
  });

  it('never advises to retry what may have happened already', () => {
    expect(dead('timeout', null, 'at-most-once')).toEqual({ cause: 'atMostOnce', first: 'look' });
    expect(dead('timeout', null, 'worker.lost').first).toBe('look');
    expect(hintOf({ state: 'unknown', outcome: 'timeout', status: null, reason: 'unanswered' })).toEqual({
      cause: 'undecided',
      first: 'decide',
    });
  });
});
