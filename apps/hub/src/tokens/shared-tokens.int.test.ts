import { createHash } from 'node:crypto';
import type { TokenAnswer, TokenCache } from '@nave/adapter-kit';
import type { Logger } from '@nave/core';
import { createTokenStore, type Database, openDatabase, storeError, type TokenStore } from '@nave/store';
import { type DisposableDatabase, disposableDatabase, plainSealer } from '@nave/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSharedTokens } from './shared-tokens.ts';

let disposable: DisposableDatabase;
let db: Database;
const said: unknown[] = [];
const note = (...words: unknown[]) => void said.push(words);
const logger: Logger = { debug: note, info: note, warn: note, error: note, child: () => logger };
let fetches: (string | null)[] = [];

beforeAll(async () => {
  disposable = await disposableDatabase();
  db = openDatabase({ url: disposable.url, applicationName: 'test', hotConnections: 20, queryConnections: 1 });
});
afterAll(async () => {
  await db.close();
  await disposable.drop();
});
beforeEach(async () => {
  fetches = [];
  said.length = 0;
  await db.hot.query('DELETE FROM spoke');
  await db.hot.query(`INSERT INTO spoke (name, kind, title, enabled, version, spec, created_at, updated_at)
    VALUES ('erp', 'rest', '', true, 1, '{}', now(), now())`);
});

interface Worker {
  cache: TokenCache;
  advance(ms: number): void;
}

/** A worker with a memory and a clock of its own over the one database. */
function worker(owner: string, changes: Partial<TokenStore> = {}): Worker {
  let skewMs = 0;
  const shared = createSharedTokens({
    ...{ sealer: plainSealer(), logger, owner },
    store: { ...createTokenStore(db.hot), ...changes },
    clock: { now: () => Date.now() + skewMs },
    hashKey: (key) => createHash('sha256').update(key).digest('hex'),
    pause: () => new Promise((done) => setImmediate(done)),
  });
  return {
    cache: shared.forSpoke('erp'),
    advance(ms) {
      skewMs += ms;
    },
  };
}

/** A token endpoint that counts, and rotates the refresh token. */
const fetchToken = async (kept: string | null = null): Promise<TokenAnswer> => {
  fetches.push(kept);
  await new Promise((done) => setImmediate(done));
  return { ok: true, token: `t${fetches.length}`, expiresInMs: 100_000, keep: `r${fetches.length}` };
};
const unavailable = async (): Promise<never> => {
  throw storeError(Object.assign(new Error('gone'), { code: 'ECONNREFUSED' }));
};
const get = ({ cache }: Worker, durable = false) => cache.get('key', fetchToken, { durable });
const tokenOf = async (answer: ReturnType<typeof get>) => {
  const result = await answer;
  return result.ok ? result.token : result.outcome;
};
const shift = (seconds: number) =>
  db.hot.query(
    `UPDATE spoke_token SET fetched_at = fetched_at - $1 * interval '1 second', expires_at = expires_at - $1 * interval '1 second'`,
    [seconds],
  );

describe('tokens shared by workers', () => {
  it.each([false, true])('50 deliveries in two workers, one fetch (durable %s)', async (durable) => {
    const workers = [worker('a'), worker('b')];
    const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => tokenOf(get(workers[n % 2] ?? worker('c'), durable))));
    expect(new Set(answers)).toEqual(new Set(['t1']));
    expect(fetches).toEqual([null]);
  });

  it('a worker that starts later has the token of the others, for the time it has left', async () => {
    await get(worker('a'));
    await shift(60);
    const late = worker('b');
    expect(await tokenOf(get(late))).toBe('t1');
    late.advance(20_000);
    // Renewal begins; nobody waits for it.
    expect(await tokenOf(get(late))).toBe('t1');
    await expect.poll(() => tokenOf(get(late))).toBe('t1');
    expect(fetches).toHaveLength(1);
  });

  it('one 401 in each of two workers is one new token', async () => {
    const [a, b] = [worker('a'), worker('b')];
    await get(a);
    await get(b);
    a.cache.drop('key', 't1');
    b.cache.drop('key', 't1');
    expect(await Promise.all([tokenOf(get(a)), tokenOf(get(b))])).toEqual(['t2', 't2']);
    // A late 401 to the old one changes nothing.
    b.cache.drop('key', 't1');
    expect(await tokenOf(get(b))).toBe('t2');
    expect(fetches).toHaveLength(2);
  });

  it('is renewed before it expires by one worker, and the other takes it over', async () => {
    const [a, b] = [worker('a'), worker('b')];
    await get(a);
    await get(b);
    await shift(81);
    for (const each of [a, b]) each.advance(81_000);
    expect(await tokenOf(get(a))).toBe('t1');
    await expect.poll(() => fetches.length).toBe(2);
    await expect.poll(() => tokenOf(get(a))).toBe('t2');
    expect(await tokenOf(get(b))).toBe('t1');
    await expect.poll(() => tokenOf(get(b))).toBe('t2');
    expect(fetches).toHaveLength(2);
  });

  it('rotates a refresh token through all workers, each used once', async () => {
    const workers = [worker('a'), worker('b'), worker('c')];
    for (let n = 1; n <= 6; n += 1) {
      const answers = await Promise.all(workers.map((each) => tokenOf(get(each, true))));
      expect(new Set(answers)).toEqual(new Set([`t${n}`]));
      for (const { cache } of workers) cache.drop('key', `t${n}`);
    }
    expect(fetches).toEqual([null, 'r1', 'r2', 'r3', 'r4', 'r5']);
  });

  it('workers that wait for a fetch that fails do not try one after the other', async () => {
    const outcome = { kind: 'rejected', status: null, detail: 'token endpoint: answered 401 (invalid_client)', sent: false } as const;
    const failing = async (): Promise<TokenAnswer> => {
      fetches.push(null);
      await new Promise((done) => setTimeout(done, 500));
      return { ok: false, outcome };
    };
    const workers = ['a', 'b', 'c', 'd'].map((owner) => worker(owner));
    const answers = await Promise.all(workers.map(({ cache }) => cache.get('key', failing)));
    expect(answers).toEqual(workers.map(() => ({ ok: false, outcome })));
    expect(fetches.length).toBeLessThanOrEqual(2);
  });

  it('goes on when the worker that fetched died with the lease', async () => {
    await createTokenStore(db.hot).lease({ spoke: 'erp', key: 'x' }, 'dead', 10, 0);
    await db.hot.query(`UPDATE spoke_token SET key = $1, lease_until = clock_timestamp() + interval '300 milliseconds'`, [
      createHash('sha256').update('erp\u0000key').digest('hex'),
    ]);
    expect(await tokenOf(get(worker('a')))).toBe('t1');
  });

  it('is sealed, and nothing of it is logged', async () => {
    await get(worker('a'), true);
    const { rows } = await db.hot.query<{ token: Buffer; kept: Buffer }>('SELECT token, kept FROM spoke_token');
    // The plain sealer writes the context before the text: what is stored came from a sealer, bound to its place.
    expect(rows[0]?.token.toString()).toMatch(/^.spoke-token:erp:[0-9a-f]{64}:tokent1$/s);
    expect(rows[0]?.kept.toString()).toMatch(/:keptr1$/);
    expect(said).toEqual([]);
  });
});

describe('without the database', () => {
  const gone = { read: unavailable, lease: unavailable, commit: unavailable, fail: unavailable };

  it('each worker fetches for itself', async () => {
    const [a, b] = [worker('a', gone), worker('b', gone)];
    expect([await tokenOf(get(a)), await tokenOf(get(a)), await tokenOf(get(b))]).toEqual(['t1', 't1', 't2']);
    expect(JSON.stringify(said)).not.toMatch(/t1|r1/);
  });

  it('a refresh token that rotates is not used: the delivery comes back', async () => {
    expect(await tokenOf(get(worker('a', gone), true))).toMatchObject({ kind: 'throttled', sent: false, retryAfterMs: 2_000 });
    expect(fetches).toEqual([]);
  });

  it('a refresh token whose successor cannot be stored yet: no access token is used before, and nothing is fetched twice', async () => {
    let broken = true;
    const real = createTokenStore(db.hot);
    const a = worker('a', { commit: (...given) => (broken ? unavailable() : real.commit(...given)) });
    expect(await tokenOf(get(a, true))).toMatchObject({ kind: 'throttled', sent: false });
    expect(await tokenOf(get(a, true))).toMatchObject({ kind: 'throttled', sent: false });
    broken = false;
    expect(await tokenOf(get(a, true))).toBe('t1');
    expect(await tokenOf(get(worker('b'), true))).toBe('t1');
    expect(fetches).toEqual([null]);
  });

  it('a token that cannot be shared is used all the same', async () => {
    expect(await tokenOf(get(worker('a', { commit: unavailable })))).toBe('t1');
  });
});

it('a spoke that was removed meanwhile still sends what is under way', async () => {
  await db.hot.query('DELETE FROM spoke');
  expect(await tokenOf(get(worker('a')))).toBe('t1');
});
