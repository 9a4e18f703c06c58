import { type DisposableDatabase, disposableDatabase, plainSeal, seedMessage } from '@nave/testkit';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makePartitions } from './migrate.ts';

const DAY = 86_400_000;
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

it('makes the partitions of a day whose rows are there already, from a clock that was ahead, and moves them in', async () => {
  const atMs = Date.now() + 10 * DAY;
  const attempts = [{ outcome: 'ok' as const, status: 200 }];
  const keys = [{ name: 'order', hash: Buffer.from('hash') }];
  const { id } = await seedMessage(client, { atMs, keys, deliveries: [{ attempts }] }, plainSeal);
  const places = `SELECT tableoid::regclass::text AS place FROM message WHERE id = $1 UNION ALL SELECT tableoid::regclass::text FROM delivery WHERE message_id = $1
    UNION ALL SELECT tableoid::regclass::text FROM message_key WHERE message_id = $1
    UNION ALL SELECT tableoid::regclass::text FROM attempt WHERE delivery_id IN (SELECT id FROM delivery WHERE message_id = $1)`;
  const placesOf = async () => (await client.query<{ place: string }>(places, [id])).rows.map(({ place }) => place).sort();
  expect(await placesOf()).toEqual(['attempt_default', 'delivery_default', 'message_default', 'message_key_default']);
  const day = new Date(atMs).toISOString().slice(0, 10);
  const make = async () => (await client.query<{ n: number }>('SELECT nave_make_partitions($1::date) AS n', [day])).rows[0]?.n;
  expect([await make(), await make()]).toEqual([4, 0]);
  const suffix = day.replaceAll('-', '');
  expect(await placesOf()).toEqual(['attempt', 'delivery', 'message', 'message_key'].map((table) => `${table}_${suffix}`));
  // The same indexes as its neighbours have, and none of its own beside them.
  const { rows } = await client.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM pg_index WHERE indrelid IN ('delivery'::regclass, $1::regclass) GROUP BY indrelid`,
    [`delivery_${suffix}`],
  );
  expect(new Set(rows.map(({ n }) => n)).size).toBe(1);
  await makePartitions(client);
});
