import { type DisposableDatabase, disposableDatabase } from '@nave/testkit';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  boolColumn,
  byteaColumn,
  type Column,
  int4Column,
  int8Column,
  parametersOf,
  textColumn,
  timestampColumn,
  unnested,
  uuidColumn,
} from './row-columns.ts';

interface Row {
  id: string;
  name: string | null;
  size: number;
  total: number | null;
  at: number;
  paid: boolean;
  content: Uint8Array | null;
}

const COLUMNS: readonly Column<Row>[] = [
  uuidColumn('id', ({ id }) => id),
  textColumn('name', ({ name }) => name),
  int4Column('size', ({ size }) => size),
  int8Column('total', ({ total }) => total),
  timestampColumn('at', ({ at }) => at),
  boolColumn('paid', ({ paid }) => paid),
  byteaColumn('content', ({ content }) => content),
];

const ROWS: readonly Row[] = [
  { id: '0190a000-0000-7000-8000-000000000001', name: null, size: 1, total: 2 ** 40, at: 1_700_000_000_000, paid: true, content: null },
  { id: '0190a000-0000-7000-8000-000000000002', name: 'b', size: 2, total: null, at: 0, paid: false, content: Buffer.from([0, 255]) },
  { id: '0190a000-0000-7000-8000-000000000001', name: null, size: 1, total: 2 ** 40, at: 1_700_000_000_000, paid: true, content: null },
];

let disposable: DisposableDatabase;
let client: pg.Client;

beforeAll(async () => {
  disposable = await disposableDatabase();
  client = new pg.Client({ connectionString: disposable.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await disposable.drop();
});

async function read(values: unknown[]): Promise<unknown[]> {
  return (await client.query(`SELECT ${unnested(COLUMNS, 1)}`, values)).rows;
}

describe('rows as parameters', () => {
  it('are read again as they were, in their order and under the names of their columns', async () => {
    const rows = await read(parametersOf(COLUMNS, ROWS));
    expect(rows).toEqual(ROWS.map((row) => ({ ...row, total: row.total?.toString() ?? null, at: new Date(row.at) })));
  });

  it('may follow other parameters', async () => {
    const { rows } = await client.query(`SELECT name, $1::text AS other FROM (SELECT ${unnested(COLUMNS, 2)}) AS t`, [
      'x',
      ...parametersOf(COLUMNS, ROWS),
    ]);
    expect(rows).toEqual([null, 'b', null].map((name) => ({ name, other: 'x' })));
  });

  it('are none when there are none', async () => {
    expect(await read(parametersOf(COLUMNS, []))).toEqual([]);
  });
});
