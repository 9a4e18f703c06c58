import { describe, expect, it } from 'vitest';
import { outcomeOfExchange } from './http-outcome.ts';

const now = Date.UTC(1994, 10, 6, 8, 49, 0);
const answer = (status: number, headers: Record<string, string> = {}) =>
  outcomeOfExchange({ ok: true, status, headers, body: new Uint8Array() }, now);

describe('HTTP to outcome', () => {
  it.each([
    [200, 'ok'],
    [204, 'ok'],
    [301, 'rejected'],
    [400, 'rejected'],
    [401, 'rejected'],
    [404, 'rejected'],
    [408, 'throttled'],
    [425, 'throttled'],
    [429, 'throttled'],
    [500, 'fault'],
    [503, 'fault'],
    [504, 'fault'],
  ])('%i is %s', (status, kind) => {
    expect(answer(status)).toMatchObject({ kind, status, sent: true });
  });

  it('waits as long as it is told, in seconds or until a date', () => {
    expect(answer(503, { 'retry-after': '3' })).toMatchObject({ kind: 'throttled', retryAfterMs: 3_000 });
    expect(answer(429, { 'retry-after': 'Sun, 06 Nov 1994 08:49:37 GMT' })).toMatchObject({ kind: 'throttled', retryAfterMs: 37_000 });
    expect(answer(429, { 'retry-after': 'later' })).not.toHaveProperty('retryAfterMs');
    expect(answer(200, { 'retry-after': '3' })).not.toHaveProperty('retryAfterMs');
  });

  it.each([
    ['refused', false, null, { kind: 'rejected', status: null, sent: false }],
    ['invalid-request', false, null, { kind: 'invalid', status: null, sent: false }],
    ['unreachable', false, null, { kind: 'unreachable', status: null, sent: false }],
    ['timeout', true, null, { kind: 'timeout', status: null, sent: true }],
    ['cancelled', true, null, { kind: 'timeout', status: null, sent: true }],
    ['malformed', true, null, { kind: 'fault', status: null, sent: true }],
    ['malformed', true, 200, { kind: 'invalid', status: 200 }],
    ['oversized', true, 200, { kind: 'invalid', status: 200 }],
    ['oversized', true, null, { kind: 'invalid' }],
    ['oversized', true, 503, { kind: 'fault', status: 503 }],
    ['oversized', true, 400, { kind: 'rejected', status: 400 }],
    // A success that was cut off is not known to be complete: it counts as unanswered.
    ['unreachable', true, 200, { kind: 'unreachable', status: null, sent: true }],
    ['timeout', true, 200, { kind: 'timeout', status: null, sent: true }],
    ['timeout', true, 429, { kind: 'throttled', status: 429 }],
  ] as const)('%s (sent %s, status %s)', (failure, sent, status, outcome) => {
    expect(outcomeOfExchange({ ok: false, failure, detail: 'd', sent, status }, now)).toMatchObject(outcome);
  });
});
