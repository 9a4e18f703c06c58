import { setImmediate as settled } from 'node:timers/promises';
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

  it('renews in good time, while everybody goes on with the old one', async () => {
    const { cache, fetchToken, advance } = setUp();
    await cache.get('k', fetchToken);
    advance(79_999);
    expect(await cache.get('k', fetchToken)).toMatchObject({ token: 't1' });
    advance(1);
    expect(await Promise.all([cache.get('k', fetchToken), cache.get('k', fetchToken)])).toMatchObject([{ token: 't1' }, { token: 't1' }]);
    await settled();
    expect(await cache.get('k', fetchToken)).toMatchObject({ token: 't2' });
  });

  it('uses the old token while the endpoint is down and the token still holds, and asks it now and then', async () => {
    const { cache, fetchToken, advance } = setUp();
    let asked = 0;
    const failing = async () => {
      asked += 1;
      return down;
    };
    await cache.get('k', fetchToken);
    advance(90_000);
    for (let n = 0; n < 10; n += 1) {
      expect(await cache.get('k', failing)).toMatchObject({ token: 't1' });
      await settled();
    }
    expect(asked).toBe(1);
    // Not used in its last moments: it would expire on the way.
    advance(5_000);
    expect(await cache.get('k', failing)).toEqual(down);
    expect(await cache.get('k', fetchToken)).toMatchObject({ token: 't2' });
  });

  it('lets many callers fail together', async () => {
    const { cache } = setUp();
    let asked = 0;
    const failing = async () => {
      asked += 1;
      return down;
    };
    expect(await Promise.all(Array.from({ length: 50 }, () => cache.get('k', failing)))).toEqual(Array.from({ length: 50 }, () => down));
    expect(asked).toBe(1);
  });

  it('does not show refused credentials again with every delivery', async () => {
    const { cache, fetchToken, advance } = setUp();
    const rejected = { ok: false, outcome: { ...down.outcome, kind: 'rejected' } } as const;
    await cache.get('k', async () => rejected);
    expect(await cache.get('k', fetchToken)).toEqual(rejected);
    advance(5_000);
    expect(await cache.get('k', fetchToken)).toMatchObject({ token: 't1' });
  });

  it('fetches again when the token is refused while it is being renewed', async () => {
    const { cache, fetchToken, advance } = setUp();
    await cache.get('k', fetchToken);
    advance(80_000);
    let fail: () => void = () => {};
    const slow = () => new Promise<typeof down>((resolve) => (fail = () => resolve(down)));
    expect(await cache.get('k', slow)).toMatchObject({ token: 't1' });
    cache.drop('k', 't1');
    const waiting = Promise.all([cache.get('k', fetchToken), cache.get('k', fetchToken)]);
    fail();
    expect(await waiting).toMatchObject([{ token: 't2' }, { token: 't2' }]);
  });

  it('hands on what a fetch keeps for the next', async () => {
    const { cache } = setUp();
    const seen: unknown[] = [];
    const fetch = async (kept?: string | null) => {
      seen.push(kept);
      return { ok: true, token: `t${seen.length}`, expiresInMs: 100_000, keep: `r${seen.length}` } as const;
    };
    await cache.get('k', fetch);
    cache.drop('k', 't1');
    await cache.get('k', fetch);
    expect(seen).toEqual([null, 'r1']);
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
