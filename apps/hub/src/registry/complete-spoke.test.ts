import { DEFAULT_POLICY, RETRY_PRESETS } from '@nave/core';
import type { OpenedSpoke } from '@nave/store';
import { describe, expect, it } from 'vitest';
import { completePolicy } from './complete-policy.ts';
import { completeSpoke } from './complete-spoke.ts';

const stored: OpenedSpoke = {
  ...{ name: 'shop', kind: 'k', title: 'Shop', enabled: true, paused: false, version: 3 },
  spec: {
    config: { url: 'x' },
    credentials: { type: 'bearer' },
    policy: { timeout: '5s', breaker: { failures: 2 } },
    inbound: {
      verify: [
        { scheme: 'ip-allow', allow: ['10.0.0.0/8'] },
        { scheme: 'hmac', header: 'x-sig', secrets: [{ notAfter: '2030-01-01T00:00:00Z' }, {}] },
      ],
      keys: { order: 'id' },
      idempotencyWindow: '1d',
    },
  },
  secretPaths: ['/credentials/token', '/inbound/verify/1/secrets/0/secret', '/inbound/verify/1/secrets/1/secret'],
  secrets: { '/credentials/token': 't', '/inbound/verify/1/secrets/0/secret': 'old', '/inbound/verify/1/secrets/1/secret': 'new' },
  sealed: null,
  createdAt: new Date(0),
  updatedAt: new Date(0),
};
const kinds = new Map([['k', { defaults: { concurrency: 2, timeoutMs: 1 } }]]);

describe('completing a spoke', () => {
  it('puts secrets back in place, reads durations and fills in defaults of kind and hub', () => {
    expect(completeSpoke(stored, kinds)).toEqual({
      ...{ name: 'shop', kind: 'k', title: 'Shop', enabled: true, paused: false, version: 3 },
      config: { url: 'x' },
      credentials: { type: 'bearer', token: 't' },
      policy: {
        ...DEFAULT_POLICY,
        concurrency: 2,
        timeoutMs: 5_000,
        breaker: { failures: 2, cooldownMs: DEFAULT_POLICY.breaker.cooldownMs },
        retryBudget: DEFAULT_POLICY.retryBudget,
        operations: {},
      },
      inbound: {
        verify: [
          { scheme: 'ip-allow', secrets: [], options: { allow: ['10.0.0.0/8'] } },
          {
            scheme: 'hmac',
            secrets: [
              { secret: 'old', notAfterMs: Date.UTC(2030, 0) },
              { secret: 'new', notAfterMs: null },
            ],
            options: { header: 'x-sig' },
          },
        ],
        type: null,
        idempotencyKey: null,
        orderingKey: null,
        keys: { order: 'id' },
        schema: null,
        maxBytes: 5_242_880,
        idempotencyWindowMs: 86_400_000,
        rate: null,
        retentionMs: null,
        polls: {},
      },
    });
    expect(stored.spec.credentials).toEqual({ type: 'bearer' });
  });

  it('keeps a spoke of a kind it does not know', () => {
    expect(completeSpoke({ ...stored, kind: 'gone' }, kinds).policy.concurrency).toBe(DEFAULT_POLICY.concurrency);
  });

  it('takes presets as they are, and a described curve instead of the fixed delays of the kind', () => {
    expect(completePolicy({ retry: { preset: 'stripe' } }, {}).retry).toEqual(RETRY_PRESETS.stripe);
    expect(completePolicy({}, { retry: RETRY_PRESETS.stripe }).retry).toEqual(RETRY_PRESETS.stripe);
    expect(completePolicy({ retry: { jitter: false } }, { retry: RETRY_PRESETS.stripe }).retry).toEqual({
      ...RETRY_PRESETS.stripe,
      jitter: false,
    });
    expect(completePolicy({ retry: { attempts: 3 } }, { retry: RETRY_PRESETS.stripe }).retry).not.toHaveProperty('scheduleMs');
    expect(completePolicy({ rate: { limit: 5, per: '1m' } }, {}).rate).toEqual({ limit: 5, perMs: 60_000 });
    expect(completePolicy({ rate: null }, { rate: { limit: 1, perMs: 1 } }).rate).toBeNull();
  });
});
