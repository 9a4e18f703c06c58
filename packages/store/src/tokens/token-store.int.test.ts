import { type DisposableDatabase, disposableDatabase } from '@nave/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../database.ts';
import { createTokenStore, type TokenStore } from './token-store.ts';

let disposable: DisposableDatabase;
let db: Database;
let store: TokenStore;
const place = { spoke: 'erp', key: 'k1' };
const fetched = (text: string, kept?: string) => ({
  token: Buffer.from(text),
  kept: kept === undefined ? undefined : Buffer.from(kept),
  lifeMs: 100_000,
});

beforeAll(async () => {
  disposable = await disposableDatabase();
  db = openDatabase({ url: disposable.url, applicationName: 'test', hotConnections: 8, queryConnections: 1 });
  store = createTokenStore(db.hot);
});
afterAll(async () => {
  await db.close();
  await disposable.drop();
});
beforeEach(async () => {
  await db.hot.query('DELETE FROM spoke');
  await db.hot.query(`INSERT INTO spoke (name, kind, title, enabled, version, spec, created_at, updated_at)
    VALUES ('erp', 'rest', '', true, 1, '{}', now(), now())`);
});

describe('the token of a spoke', () => {
  it('is leased to exactly one of many', async () => {
    const leases = await Promise.all(Array.from({ length: 20 }, (_, n) => store.lease(place, `w${n}`, 10_000, 0)));
    expect(leases.filter((lease) => lease !== null)).toHaveLength(1);
    expect(await store.read(place)).toMatchObject({ version: 0, token: null, kept: null, remainingMs: 0, leased: true });
  });

  it('is what was committed, with the time that is left by the clock of the database', async () => {
    await store.lease(place, 'a', 10_000, 0);
    expect(await store.commit(place, 'a', 0, fetched('t1', 'r1'))).toBe(true);
    const row = await store.read(place);
    expect(row).toMatchObject({ version: 1, leased: false, lifeMs: 100_000 });
    expect(row?.remainingMs).toBeGreaterThan(90_000);
    expect(row?.remainingMs).toBeLessThanOrEqual(100_000);
    expect([row?.token?.toString(), row?.kept?.toString()]).toEqual(['t1', 'r1']);
  });

  it('keeps what is kept when the next fetch brings nothing new', async () => {
    await store.lease(place, 'a', 10_000, 0);
    await store.commit(place, 'a', 0, fetched('t1', 'r1'));
    const lease = await store.lease(place, 'a', 10_000, 1);
    expect(lease?.kept?.toString()).toBe('r1');
    await store.commit(place, 'a', 1, fetched('t2'));
    expect((await store.read(place))?.kept?.toString()).toBe('r1');
  });

  it('is not leased on the ground of an old version, and a late commit changes nothing', async () => {
    await store.lease(place, 'a', 10_000, 0);
    await store.commit(place, 'a', 0, fetched('t1'));
    expect(await store.lease(place, 'b', 10_000, 0)).toBeNull();
    expect(await store.commit(place, 'a', 0, fetched('late'))).toBe(false);
    expect((await store.read(place))?.token?.toString()).toBe('t1');
  });

  it('is leased anew when the holder died, and the holder takes nothing from the new one when it was not dead', async () => {
    await store.lease(place, 'a', 10_000, 0);
    await db.hot.query(`UPDATE spoke_token SET lease_until = now() - interval '1 second'`);
    expect(await store.lease(place, 'b', 10_000, 0)).not.toBeNull();
    await store.fail(place, 'a', { kind: 'fault' });
    expect(await store.read(place)).toMatchObject({ leased: true, failures: 0 });
    // Its token is as good as any; the lease stays with the other, whose own commit then comes too late.
    expect(await store.commit(place, 'a', 0, fetched('t1'))).toBe(true);
    expect(await store.read(place)).toMatchObject({ version: 1, leased: true });
    expect(await store.commit(place, 'b', 0, fetched('t2'))).toBe(false);
  });

  it('tells those who wait that the fetch failed', async () => {
    await store.lease(place, 'a', 10_000, 0);
    await store.fail(place, 'a', { kind: 'rejected', detail: 'no' });
    expect(await store.read(place)).toMatchObject({ failures: 1, failure: { kind: 'rejected', detail: 'no' }, leased: false });
    await store.lease(place, 'a', 10_000, 0);
    await store.commit(place, 'a', 0, fetched('t1'));
    expect(await store.read(place)).toMatchObject({ failures: 1, failure: null });
  });

  it('goes with its spoke, and a spoke that is gone gets none', async () => {
    await store.lease(place, 'a', 10_000, 0);
    await db.hot.query('DELETE FROM spoke');
    expect(await store.read(place)).toBeNull();
    expect(await store.lease(place, 'a', 10_000, 0)).toBeNull();
    expect(await store.commit(place, 'a', 0, fetched('t1'))).toBe(false);
  });

  it('is unavailable when the database is away', async () => {
    const away = openDatabase({ url: 'postgres://x@127.0.0.1:1/x', applicationName: 'test', hotConnections: 1, queryConnections: 1 });
    await expect(createTokenStore(away.hot).read(place)).rejects.toMatchObject({ code: 'store.unavailable' });
    await away.close();
  });
});
