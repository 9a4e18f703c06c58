import { describe, expect, it } from 'vitest';
import { createTokenCache } from './token-cache.ts';

function setUp(entriesMax?: number) {
  let now = 0;
  let fetched = 0;
  const cache = createTokenCache({ clock: { now: () => now }, ...(entriesMax === undefined ? {} : { entriesMax }) });
  const fetchToken = async () => ({ ok: true, token: `t${++fetched}`, expiresInMs: 100_000 }) as const;
  return {
    cache,
    fetchToken,
    fetched: () => fetched,
    advance: (ms: number) => {
      now += ms;
    },
  };
}
const down = { ok: false, outcome: { kind: 'unreachable', status: null, detail: 'down', sent: false } } as const;

describe('the token cache', () => {
  it('asks once for many callers', async () => {
    const { cache, fetchToken, fetched } = setUp();
    const tokens = await Promise.all(Array.from({ length: 50 }, () => cache.get('k', fetchToken)));
    expect(new Set(tokens.map((result) => result.ok && result.token))).toEqual(new Set(['t1']));
    expect(await cache.get('k', fetchToken)).toEqual({ ok: true, token: 't1' });
    expect(fetched()).toBe(1);
    expect(await cache.get('other', fetchToken)).toEqual({ ok: true, token: 't2' });
  });

  it('refreshes before expiry', async () => {
    const { cache, fetchToken, advance } = setUp();
    await cache.get('k', fetchToken);
    advance(89_999);
    expect(await cache.get('k', fetchToken)).toMatchObject({ token: 't1' });
    advance(1);
    expect(await cache.get('k', fetchToken)).toMatchObject({ token: 't2' });
  });

  it('uses the old token while the endpoint is down and the token still holds', async () => {
    const { cache, fetchToken, advance } = setUp();
    await cache.get('k', fetchToken);
    advance(95_000);
    expect(await cache.get('k', async () => down)).toMatchObject({ token: 't1' });
    advance(5_000);
    expect(await cache.get('k', async () => down)).toEqual(down);
    expect(await cache.get('k', fetchToken)).toMatchObject({ token: 't2' });
  });

  it('drops only the token that was refused', async () => {
    const { cache, fetchToken } = setUp();
    await cache.get('k', fetchToken);
    cache.drop('k', 't1');
    await cache.get('k', fetchToken);
    cache.drop('k', 't1');
    expect(await cache.get('k', fetchToken)).toMatchObject({ token: 't2' });
  });

  it('forgets the one used longest ago when it is full', async () => {
    const { cache, fetchToken, fetched } = setUp(2);
    for (const key of ['a', 'b', 'a', 'c', 'a']) await cache.get(key, fetchToken);
    expect(fetched()).toBe(3);
    await cache.get('b', fetchToken);
    expect(fetched()).toBe(4);
  });

  it('a fetch that throws does not block the key', async () => {
    const { cache, fetchToken } = setUp();
    await expect(cache.get('k', () => Promise.reject(new Error('bug')))).rejects.toThrow('bug');
    expect(await cache.get('k', fetchToken)).toMatchObject({ ok: true });
  });
});
