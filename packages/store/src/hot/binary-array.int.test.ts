import { type DisposableDatabase, disposableDatabase } from '@nave/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../database.ts';
import { arrayFrom, BOOL, byteaArray, type ElementType, INT8, int4Array, TIMESTAMP, textArray, uuidArray } from './binary-array.ts';

const arrayOf = <T>(type: ElementType<T>, items: readonly (T | null)[]): Buffer => arrayFrom(type, items, (item) => item);

let disposable: DisposableDatabase;
let db: Database;

beforeAll(async () => {
  disposable = await disposableDatabase();
  db = openDatabase({ url: disposable.url, applicationName: 'test', hotConnections: 1, queryConnections: 1 });
});
afterAll(async () => {
  await db.close();
  await disposable.drop();
});

/** What PostgreSQL reads in an array. */
async function read(type: string, array: Buffer): Promise<unknown[]> {
  const { rows } = await db.hot.query<{ item: unknown }>(
    `SELECT item FROM unnest($1::${type}[]) WITH ORDINALITY AS t(item, n) ORDER BY n`,
    [array],
  );
  return rows.map(({ item }) => item);
}

const list = <T>(item: fc.Arbitrary<T>) => fc.array(fc.option(item), { maxLength: 20 });
const text = fc.string({ unit: 'grapheme' }).filter((each) => !each.includes('\u0000'));
const bytes = fc.uint8Array({ maxLength: 40 }).map((each) => Buffer.from(each));
const safe = fc.maxSafeInteger();

describe('arrays in binary form', () => {
  it('are read by PostgreSQL as what they were made of', async () => {
    const all = fc.record({
      ...{ uuid: list(fc.uuid()), text: list(text), bytea: list(bytes), bool: list(fc.boolean()) },
      ...{ int4: list(fc.integer()), int8: list(safe), time: list(fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 })) },
    });
    await fc.assert(
      fc.asyncProperty(all, async (items) => {
        expect(await read('uuid', uuidArray(items.uuid))).toEqual(items.uuid);
        expect(await read('uuid', uuidArray(items.uuid.map((id) => id?.toUpperCase() ?? null)))).toEqual(items.uuid);
        expect(await read('text', textArray(items.text))).toEqual(items.text);
        expect(await read('bytea', byteaArray(items.bytea))).toEqual(items.bytea);
        expect(await read('bool', arrayOf(BOOL, items.bool))).toEqual(items.bool);
        expect(await read('int4', int4Array(items.int4))).toEqual(items.int4);
        expect(await read('int8', arrayOf(INT8, items.int8))).toEqual(items.int8.map((each) => (each === null ? null : String(each))));
        const times = await read('timestamptz', arrayOf(TIMESTAMP, items.time));
        expect(times.map((time) => (time instanceof Date ? time.getTime() : null))).toEqual(items.time);
      }),
      { numRuns: 60 },
    );
  });

  it('may be larger than what is written at once, and do not touch one another', async () => {
    const large = ['ž'.repeat(40_000), null, '😀'.repeat(30_000)];
    const arrays = [textArray(['a', null]), textArray(large), byteaArray([Buffer.alloc(200_000, 7)]), textArray(['b'])];
    const [first, second, third, fourth] = arrays;
    expect(await read('text', first ?? Buffer.alloc(0))).toEqual(['a', null]);
    expect(await read('text', second ?? Buffer.alloc(0))).toEqual(large);
    expect(await read('bytea', third ?? Buffer.alloc(0))).toEqual([Buffer.alloc(200_000, 7)]);
    expect(await read('text', fourth ?? Buffer.alloc(0))).toEqual(['b']);
  });
});
