import { type DisposableDatabase, disposableDatabase, plainSeal, seedHistory, seedMessage } from '@nave/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../database.ts';
import { Prisma } from '../generated/client.ts';
import { makePartitions } from '../migrate/migrate.ts';
import { deliverySeriesSql, messageSeriesSql, type SeriesQuery, trafficSeries } from './traffic-series.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;
const BURST = 1_000;
let server: DisposableDatabase;
let db: Database;
let now: number;

beforeAll(async () => {
  server = await disposableDatabase();
  db = openDatabase({ url: server.url, applicationName: 'test', hotConnections: 2, queryConnections: 3 });
  await makePartitions(db.hot);
  await db.hot.query(`SELECT nave_make_partitions((now() AT TIME ZONE 'UTC')::date - 1)`);
  now = Math.floor(Date.now() / MINUTE) * MINUTE;
  await seedHistory(db.hot, { count: 200_000, fromMs: now - 6 * HOUR, toMs: now - 2 * HOUR });
  await seedHistory(db.hot, { count: BURST, fromMs: now - 90 * MINUTE, toMs: now - 90 * MINUTE + 2_000 });
  for (let n = 0; n < 3; n++) {
    await seedMessage(db.hot, { atMs: now - 10 * MINUTE + n, deliveries: [{ finishedAtMs: now - 10 * MINUTE + n + 100 }] }, plainSeal);
  }
  await seedMessage(db.hot, { atMs: now - 5 * MINUTE, deliveries: [{ state: 'dead' }, { state: 'retrying', route: 'other' }] }, plainSeal);
  await seedMessage(db.hot, { atMs: now - 5 * MINUTE + 1, spoke: 'crm', unrouted: true }, plainSeal);
  await db.hot.query('ANALYZE');
}, 60_000);

afterAll(async () => {
  await db.close();
  await server.drop();
});

function query(change: Partial<SeriesQuery> = {}): SeriesQuery {
  return { fromMs: now - HOUR, stepMs: MINUTE, count: 61, spoke: null, route: null, ...change };
}

async function busyPoints(change: Partial<SeriesQuery> = {}) {
  const { exact, points } = await trafficSeries(db, query(change));
  expect(points).toHaveLength(change.count ?? 61);
  return { exact, points: points.filter(({ received, total }) => received + total > 0) };
}

describe('the series', () => {
  it('has a point for every step, zeros and nulls where nothing happened', async () => {
    const { points } = await trafficSeries(db, query());
    expect(points.map(({ atMs }) => atMs)).toEqual(Array.from({ length: 61 }, (_, n) => now - HOUR + n * MINUTE));
    expect(points[0]).toMatchObject({ received: 0, total: 0, succeeded: 0, dead: 0, latencyMs: { p50: null, p95: null, p99: null } });
  });

  it('counts by the time things came, exactly while they are few', async () => {
    expect(await busyPoints()).toMatchObject({
      exact: true,
      points: [
        { atMs: now - 10 * MINUTE, received: 3, unrouted: 0, total: 3, succeeded: 3, latencyMs: { p50: 100, p95: 100, p99: 100 } },
        { atMs: now - 5 * MINUTE, received: 2, unrouted: 1, total: 2, succeeded: 0, dead: 1, open: 1, latencyMs: { p50: null } },
      ],
    });
  });

  it('keeps to a spoke (messages from it, deliveries to it) or a route (the runs it began)', async () => {
    expect((await busyPoints({ spoke: 'crm' })).points).toMatchObject([{ received: 1, unrouted: 1, total: 0 }]);
    expect((await busyPoints({ spoke: 'erp' })).points).toMatchObject([
      { received: 0, total: 3 },
      { received: 0, total: 2 },
    ]);
    expect((await busyPoints({ route: 'other' })).points).toMatchObject([{ received: 1, total: 1, open: 1 }]);
    expect((await busyPoints({ spoke: 'crm', route: 'other' })).points).toEqual([]);
  });

  it('counts a burst in a quiet time, and does not take its rate for that of the time around it', async () => {
    const { exact, points } = await busyPoints({ fromMs: now - 100 * MINUTE, stepMs: 5 * MINUTE, count: 8 });
    expect(exact).toBe(true);
    expect(points.map(({ received, succeeded }) => [received, succeeded])).toEqual([[BURST, BURST]]);
  });

  it('estimates busy stretches well and says so', async () => {
    const { exact, points } = await busyPoints({ fromMs: now - 8 * HOUR, stepMs: 5 * MINUTE, count: 97 });
    expect(exact).toBe(false);
    const received = points.reduce((sum, point) => sum + point.received, 0);
    const succeeded = points.reduce((sum, point) => sum + point.succeeded, 0);
    for (const estimate of [received, succeeded]) expect(Math.abs(estimate - 200_000 - BURST) / 200_000).toBeLessThan(0.1);
  });

  it('reads by index only', async () => {
    const week = { fromMs: now - 7 * 24 * HOUR, stepMs: 2 * HOUR, count: 85 };
    for (const sql of [
      messageSeriesSql(query(week)),
      messageSeriesSql(query({ ...week, spoke: 'history' })),
      deliverySeriesSql(query(week)),
    ]) {
      expect(await planOf(sql)).not.toMatch(/Seq Scan on (message|delivery)/);
    }
  });
});

it('plans over the days it is about, and no others', async () => {
  const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10).replaceAll('-', '');
  const { fromMs, stepMs, count } = query();
  const days = new Set([dayOf(fromMs), dayOf(fromMs + count * stepMs)]);
  for (const sql of [messageSeriesSql(query()), deliverySeriesSql(query())]) {
    // As the hub asks, with the values known to the planner; `planOf` plans for all values.
    const rows = await db.prisma.$queryRaw<{ 'QUERY PLAN': string }[]>(Prisma.sql`EXPLAIN ${sql}`);
    const planned = rows.flatMap((row) => [...row['QUERY PLAN'].matchAll(/ on (?:message|delivery)_(\d{8})/g)].map(([, day = '']) => day));
    expect(planned.length).toBeGreaterThan(0);
    expect(planned.filter((day) => !days.has(day))).toEqual([]);
  }
});

async function planOf(sql: Prisma.Sql): Promise<string> {
  const { rows } = await db.hot.query<{ 'QUERY PLAN': string }>({ text: `EXPLAIN ${sql.text}`, values: sql.values });
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}
