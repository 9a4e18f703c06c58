import { describe, expect, it } from 'vitest';
import { readHubspotError, tellHubspotError } from './hubspot-error.ts';
import { isTimeZone, untilMidnightMs, waitAfterLimit } from './rate-limit.ts';

const HOUR = 3_600_000;
const errorOf = (body: unknown) => readHubspotError(Buffer.from(JSON.stringify(body)));

describe('the wait after a limit of HubSpot', () => {
  it.each([
    ['DAILY', {}, 'Europe/Prague', 11 * HOUR],
    ['DAILY', {}, 'America/New_York', 17 * HOUR],
    ['daily', {}, 'UTC', 12 * HOUR],
    ['TEN_SECONDLY_ROLLING', {}, 'UTC', 10_000],
    ['TEN_SECONDLY_ROLLING', { 'x-hubspot-ratelimit-interval-milliseconds': '4000' }, 'UTC', 4_000],
    ['TEN_SECONDLY_ROLLING', { 'x-hubspot-ratelimit-interval-milliseconds': 'soon' }, 'UTC', 10_000],
    ['SECONDLY', {}, 'UTC', 1_000],
    ['SOMETHING_NEW', {}, 'UTC', null],
    [null, {}, 'UTC', null],
  ])('of %s with %j in %s is %j ms', (policy, headers, timeZone, waitMs) => {
    expect(waitAfterLimit({ policy }, headers, timeZone, Date.UTC(2026, 10, 21, 12))).toBe(waitMs);
  });

  it('is at least a second and at most a day, also at midnight', () => {
    for (const at of [Date.UTC(2026, 0, 1), Date.UTC(2026, 0, 1) - 1, Date.UTC(2026, 2, 29, 1), Date.UTC(2026, 9, 25, 1)]) {
      const waitMs = untilMidnightMs('Europe/Prague', at);
      expect(waitMs).toBeGreaterThanOrEqual(1_000);
      expect(waitMs).toBeLessThanOrEqual(24 * HOUR);
    }
  });

  it('needs a time zone that there is', () => {
    expect([isTimeZone('Europe/Prague'), isTimeZone('Mars/Olympus')]).toEqual([true, false]);
  });
});

describe('errors of HubSpot', () => {
  it('are told by category, limit and ids, never by their text', () => {
    const error = errorOf({
      status: 'error',
      category: 'VALIDATION_ERROR',
      message: 'Email address jan@novak.cz is invalid',
      correlationId: 'aeb5f871-7f07',
    });
    expect(error && tellHubspotError(error)).toBe('VALIDATION_ERROR, correlation id aeb5f871-7f07');
  });

  it('name the policy from the text where no field does', () => {
    expect(errorOf({ category: 'RATE_LIMITS', message: 'You have reached your ten_secondly_rolling limit.' })?.policy).toBe(
      'TEN_SECONDLY_ROLLING',
    );
  });

  it.each([['[]'], ['no'], ['""'], ['']])('are none in %j', (body) => {
    expect(readHubspotError(Buffer.from(body))).toBeNull();
  });

  it('drop fields that are no words', () => {
    expect(errorOf({ category: 'a b\n', policyName: 5, correlationId: 'x'.repeat(200) })).toMatchObject({
      category: null,
      policy: null,
      correlationId: null,
    });
  });
});
