import type { TokenGrant, TokenRate } from '@nave/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCallerLimits, overLimit } from './caller-limits.ts';
import { rateLimitFields } from './rate-limit-fields.ts';

/** A shared count in fixed windows, as the stores keep it; every take is a round trip. */
function sharedCount(time: { now: number }) {
  const windows = new Map<string, { endsAt: number; used: number }>();
  const asked: { key: string; wanted: number; rate: TokenRate }[] = [];
  return {
    asked,
    async take(key: string, wanted: number, rate: TokenRate): Promise<TokenGrant> {
      asked.push({ key, wanted, rate });
      await Promise.resolve();
      const known = windows.get(key);
      const window = known && time.now < known.endsAt ? known : { endsAt: time.now + rate.perMs, used: 0 };
      windows.set(key, window);
      const granted = Math.max(0, Math.min(wanted, rate.limit - window.used));
      window.used += wanted;
      const resetMs = window.endsAt - time.now;
      return { granted, retryAfterMs: granted < wanted ? resetMs : 0, remaining: Math.max(0, rate.limit - window.used), resetMs };
    },
  };
}

function set(hubs = 1) {
  const time = { now: 1_000 };
  const shared = sharedCount(time);
  const limits = Array.from({ length: hubs }, () => createCallerLimits(shared, () => time.now));
  const [first] = limits;
  if (first === undefined) throw new Error('no hub');
  return { time, shared, limits, first };
}

const RATE = { limit: 100, perMs: 60_000 };
const many = (count: number, take: () => Promise<{ granted: boolean }>) =>
  Promise.all(Array.from({ length: count }, take)).then((all) => all.map(({ granted }) => granted));

describe('the limit of a caller', () => {
  it('grants exactly what it says in one window, and anew in the next', async () => {
    const { first, time } = set();
    const granted: boolean[] = [];
    for (let i = 0; i < 120; i++) granted.push((await first.take('a', RATE)).granted);
    expect(granted.indexOf(false)).toBe(100);
    expect(granted.slice(100)).not.toContain(true);
    time.now += 60_000;
    expect((await first.take('a', RATE)).granted).toBe(true);
  });

  it('grants in the order of the calls, also of a batch that is larger than the limit', async () => {
    const { first, shared } = set();
    const granted = await many(1_000, () => first.take('a', RATE));
    expect(granted.lastIndexOf(true)).toBe(99);
    expect(granted.filter(Boolean)).toHaveLength(100);
    expect(shared.asked.length).toBeLessThanOrEqual(3);
  });

  it('costs few round trips, none for a caller that has nothing left, and leaves other callers alone', async () => {
    const { first, shared } = set();
    for (let i = 0; i < 80; i++) await first.take('a', RATE);
    expect(shared.asked.length).toBeLessThanOrEqual(17);
    for (let i = 0; i < 30; i++) await first.take('a', RATE);
    const asked = shared.asked.length;
    for (let i = 0; i < 1_000; i++) expect((await first.take('a', RATE)).granted).toBe(false);
    expect(shared.asked.length).toBe(asked);
    expect(first.spent('a', RATE)).toMatchObject({ granted: false, remaining: 0 });
    expect(first.spent('b', RATE)).toBeNull();
    expect((await first.take('b', RATE)).granted).toBe(true);
    expect(new Set(shared.asked.map(({ key }) => key))).toEqual(new Set(['ingress:a', 'ingress:b']));
  });

  it('knows of nothing spent before the first message and after the window', async () => {
    const { first, time } = set();
    expect(first.spent('a', RATE)).toBeNull();
    await many(101, () => first.take('a', RATE));
    expect(first.spent('a', RATE)).not.toBeNull();
    time.now += 60_000;
    expect(first.spent('a', RATE)).toBeNull();
  });

  it('counts anew when it is changed', async () => {
    const { first } = set();
    await many(101, () => first.take('a', RATE));
    expect((await first.take('a', { limit: 200, perMs: 60_000 })).granted).toBe(true);
  });

  it('is never exceeded by several hubs together, and not much is lost between them', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 400 }),
        fc.array(fc.tuple(fc.nat(2), fc.integer({ min: 1, max: 60 })), { minLength: 1, maxLength: 40 }),
        async (limit, calls) => {
          const { limits } = set(3);
          const rate = { limit, perMs: 60_000 };
          const all = await Promise.all(
            calls.flatMap(([hub, count]) =>
              Array.from({ length: count }, () => limits[hub]?.take('a', rate) ?? Promise.reject(new Error())),
            ),
          );
          const granted = all.filter((each) => each.granted).length;
          const lost = 2 * Math.max(1, Math.floor(limit * 0.05));
          expect(granted).toBeLessThanOrEqual(limit);
          expect(granted).toBeGreaterThanOrEqual(Math.min(all.length, limit - lost));
        },
      ),
    );
  });

  it('tells its refusal when to come back', async () => {
    const { first, time } = set();
    await many(100, () => first.take('a', RATE));
    time.now += 12_345;
    const refusal = await first.take('a', RATE);
    expect(overLimit(refusal)).toMatchObject({ code: 'limit.rate', retryAfterSeconds: 48 });
    expect(rateLimitFields(refusal)).toEqual({ 'ratelimit-policy': '"default";q=100;w=60', ratelimit: '"default";r=0;t=48' });
  });
});

describe('the RateLimit fields', () => {
  it.each([
    [{ limit: 100, perMs: 60_000 }, 30_000, '"default";q=100;w=60', '"default";r=50;t=30'],
    [{ limit: 5, perMs: 250 }, 1, '"default";q=20;w=1', '"default";r=50;t=1'],
    [{ limit: 7, perMs: 1_500 }, 1_001, '"default";q=7;w=2', '"default";r=50;t=2'],
  ])('say %j in whole seconds', (rate, resetMs, policy, left) => {
    expect(rateLimitFields({ granted: true, rate, remaining: 50, resetMs })).toEqual({ 'ratelimit-policy': policy, ratelimit: left });
  });

  it('are structured fields of whole numbers, whatever the rate', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.integer({ min: 1, max: 10 ** 9 }),
        fc.integer({ min: -5 }),
        (limit, perMs, remaining) => {
          const fields = rateLimitFields({ granted: true, rate: { limit, perMs }, remaining, resetMs: perMs });
          expect(fields['ratelimit-policy']).toMatch(/^"default";q=[1-9]\d{0,14};w=[1-9]\d*$/);
          expect(fields.ratelimit).toMatch(/^"default";r=\d+;t=[1-9]\d*$/);
        },
      ),
    );
  });
});
