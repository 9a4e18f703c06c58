import { describe, expect, it } from 'vitest';
import { createResponseCache } from './response-cache.ts';

const answer = (bytes: number) => ({ reply: { status: 200, headers: {}, body: new Uint8Array(bytes) }, messageId: 'm' });

function cacheOf(bytesMax?: number) {
  const time = { now: 0 };
  return { time, cache: createResponseCache(() => time.now, bytesMax) };
}

describe('a response cache', () => {
  it('gives what is fresh, and says since when', () => {
    const { time, cache } = cacheOf();
    cache.put('k', answer(10), 1_000);
    time.now = 999;
    expect(cache.get('k')).toMatchObject({ messageId: 'm', storedAt: 0 });
    time.now = 1_000;
    expect(cache.get('k')).toBeNull();
    expect(cache.bytes()).toBe(0);
  });

  it('holds no more than it may, and forgets what was not asked for longest', () => {
    const { cache } = cacheOf(10_000);
    for (const key of ['a', 'b', 'c']) cache.put(key, answer(2_500), 1_000);
    cache.get('a');
    cache.put('d', answer(2_500), 1_000);
    expect(['a', 'b', 'c', 'd'].filter((key) => cache.get(key) !== null)).toEqual(['a', 'c', 'd']);
    expect(cache.bytes()).toBeLessThanOrEqual(10_000);
  });

  it('takes nothing that is too large, and then has nothing old under its key either', () => {
    const { cache } = cacheOf(10_000);
    cache.put('k', answer(10), 1_000);
    cache.put('k', answer(20_000), 1_000);
    expect(cache.get('k')).toBeNull();
    expect(cache.bytes()).toBe(0);
  });

  it('keeps its own copy of a body', () => {
    const { cache } = cacheOf();
    const given = answer(1);
    cache.put('k', given, 1_000);
    given.reply.body[0] = 7;
    expect(cache.get('k')?.reply.body[0]).toBe(0);
  });
});
