import { randomBytes } from 'node:crypto';
import { type DisposableDatabase, disposableDatabase } from '@nave/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../database.ts';
import { createDataKeyStore } from './data-key-store.ts';

let disposable: DisposableDatabase;
let dbs: Database[] = [];

beforeAll(async () => {
  disposable = await disposableDatabase();
  dbs = [1, 2].map(() => openDatabase({ url: disposable.url, applicationName: 'test', hotConnections: 1, queryConnections: 4 }));
});
afterAll(async () => {
  await Promise.all(dbs.map((db) => db.close()));
  await disposable.drop();
});

const stores = () => dbs.map(({ prisma }) => createDataKeyStore(prisma));

describe('the store of data keys', () => {
  it('makes one key for a scope and day, whoever asks first and however many ask at once', async () => {
    const [first, second] = stores();
    if (first === undefined || second === undefined) throw new Error('no stores');
    for (let round = 0; round < 5; round++) {
      const keys = await Promise.all(
        Array.from({ length: 8 }, (_, n) =>
          (n % 2 === 0 ? first : second).getOrCreate(`spoke:s${round}`, '2026-11-21', () => randomBytes(60)),
        ),
      );
      expect(new Set(keys.map(({ id }) => id)).size).toBe(1);
      expect(new Set(keys.map(({ wrapped }) => Buffer.from(wrapped).toString('hex'))).size).toBe(1);
    }
  });

  it('keeps scopes and days apart, and gives a key back by its id', async () => {
    const [store] = stores();
    if (store === undefined) throw new Error('no store');
    const wrapped = randomBytes(60);
    const made = await store.getOrCreate('spoke:shop', '2026-11-22', () => wrapped);
    await store.getOrCreate('spoke:shop', '2026-11-23', () => randomBytes(60));
    await store.getOrCreate('spoke:other', '2026-11-22', () => randomBytes(60));
    const found = await store.byId(made.id);
    expect(found && { ...found, wrapped: Buffer.from(found.wrapped) }).toEqual({
      id: made.id,
      scope: 'spoke:shop',
      day: '2026-11-22',
      wrapped,
    });
    expect(await store.byId(made.id + 1_000)).toBeNull();
  });

  it('is unavailable, not broken, when the database is away', async () => {
    const away = openDatabase({ url: 'postgres://x:y@127.0.0.1:1/z', applicationName: 'test', hotConnections: 1, queryConnections: 1 });
    await expect(createDataKeyStore(away.prisma).byId(1)).rejects.toMatchObject({ code: 'store.unavailable' });
    await away.close();
  });
});
