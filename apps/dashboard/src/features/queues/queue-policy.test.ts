import { describe, expect, it } from 'vitest';
import { policyFacts } from './queue-policy.ts';

describe('the policy of a spoke', () => {
  it('takes what was given before what its kind sets, and says nothing about what neither has', () => {
    expect(
      policyFacts({ concurrency: 2, retry: { attempts: 3, base: '1s' } }, { concurrency: 9, rate: { limit: 90, per: '10s' } }),
    ).toEqual({
      concurrency: 2,
      timeout: null,
      rate: { limit: 90, per: '10s' },
      retry: { preset: null, attempts: 3, base: '1s', max: null, factor: null },
      breaker: null,
    });
  });

  it('leaves out what has another shape', () => {
    const nothing = { concurrency: null, timeout: null, rate: null, retry: null, breaker: null };
    expect(policyFacts(null, undefined)).toEqual(nothing);
    expect(policyFacts('x', 3)).toEqual(nothing);
    expect(policyFacts({ rate: { limit: '9' }, concurrency: {}, timeout: 5 }, [])).toEqual(nothing);
  });
});
