import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outcomeOfHttpStatus } from './http-outcome.ts';

describe('outcomeOfHttpStatus', () => {
  it.each<[number, boolean, string]>([
    [200, false, 'ok'],
    [204, false, 'ok'],
    [299, false, 'ok'],
    [301, false, 'rejected'],
    [304, false, 'rejected'],
    [400, false, 'rejected'],
    [401, false, 'rejected'],
    [404, true, 'rejected'],
    [408, false, 'throttled'],
    [409, false, 'rejected'],
    [422, false, 'rejected'],
    [425, false, 'throttled'],
    [429, false, 'throttled'],
    [500, false, 'fault'],
    [500, true, 'fault'],
    [502, false, 'fault'],
    [503, false, 'fault'],
    [503, true, 'throttled'],
    [504, false, 'fault'],
    [599, false, 'fault'],
  ])('%i with Retry-After %s is %s', (status, hasRetryAfter, kind) => {
    expect(outcomeOfHttpStatus(status, hasRetryAfter)).toBe(kind);
  });

  it('calls nothing outside 2xx a success', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 999 }), fc.boolean(), (status, retryAfter) => {
        expect(outcomeOfHttpStatus(status, retryAfter) === 'ok').toBe(status >= 200 && status < 300);
      }),
    );
  });
});
