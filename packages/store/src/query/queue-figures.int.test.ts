import { type DisposableDatabase, disposableDatabase, plainSeal, seedHistory, seedMessage } from '@nave/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../database.ts';
import type { Prisma } from '../generated/client.ts';
import { makePartitions } from '../migrate/migrate.ts';
import { deliveryFactsSql } from './delivery-facts.ts';
import { candidateSql } from './message-candidates.ts';
import { openMessagesSql } from './message-search.ts';
import { depthSql, queueFigures, speedSql } from './queue-figures.ts';
import { trafficStats } from './traffic-stats.ts';

const HISTORY = 200_000;
const HOUR = 3_600_000;

let server: DisposableDatabase;
let db: Database;
let now: number;

beforeAll(async () => {
  server = await disposableDatabase();
  db = openDatabase({ url: server.url, applicationName: 'test', hotConnections: 2, queryConnections: 3 });
  await makePartitions(db.hot);
  now = Date.now();
  await db.prisma.spoke.create({
    data: {
      name: 'idle',
      kind: 'source',
      title: '',
      enabled: true,
      paused: true,
      version: 1,
      spec: {},
      createdAt: new Date(),
      updatedAt: new Date(),
    },
  });
  await seedHistory(db.hot, { count: HISTORY, fromMs: now - 6 * HOUR, toMs: now - 2 * HOUR });
  await seedHistory(db.hot, { count: 600, fromMs: now - 60_000, toMs: now - 1_000, spokes: ['erp'], messages: false });
  for (const state of ['pending', 'active', 'retrying', 'held', 'unknown', 'dead', 'dead'] as const) {
    await seedMessage(db.hot, { atMs: now - 30_000, deliveries: [{ state, spoke: 'erp' }] }, plainSeal);
  }
  await db.hot.query('ANALYZE');
});

afterAll(async () => {
  await db.close();
  await server.drop();
});

async function planOf(sql: Prisma.Sql): Promise<string> {
  const { rows } = await db.hot.query<{ 'QUERY PLAN': string }>({ text: `EXPLAIN ${sql.text}`, values: sql.values });
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

describe('queue figures', () => {
  it('count open deliveries per state, their age and the speed of the last minute, from rows', async () => {
    const figures = await queueFigures(db, now);
    expect(figures.map(({ spoke }) => spoke)).toEqual(['erp', 'idle']);
    expect(figures[0]).toMatchObject({
      depth: { pending: 1, active: 1, retrying: 1, held: 1, unknown: 1, dead: 2 },
      latencyMs: { p50: 50, p95: 50, p99: 50 },
    });
    expect(figures[0]?.oldestSeconds).toBeCloseTo(30, 0);
    expect(figures[0]?.ratePerSecond).toBeGreaterThan(9);
    expect(figures[0]?.ratePerSecond).toBeLessThan(11);
    expect(figures[1]).toMatchObject({
      paused: true,
      ratePerSecond: 0,
      oldestSeconds: 0,
      latencyMs: { p50: null },
      depth: { pending: 0, dead: 0 },
    });
  });

  it('see the speed of a spoke that works off a backlog, although what it finishes is old', async () => {
    await seedHistory(db.hot, { count: 300, fromMs: now - HOUR, toMs: now - HOUR + 10_000, spokes: ['slow'], messages: false });
    await seedMessage(db.hot, { atMs: now - HOUR + 11_000, deliveries: [{ state: 'pending', spoke: 'slow' }] }, plainSeal);
    await db.hot.query(`UPDATE delivery SET finished_at = to_timestamp($1::float8 / 1000) WHERE spoke = 'slow' AND state = 'succeeded'`, [
      now - 5_000,
    ]);
    const [slow] = await queueFigures(db, now, 'slow');
    expect(slow?.ratePerSecond).toBe(5);
    expect(slow?.oldestSeconds).toBeCloseTo(3_589, 0);
    expect(slow?.latencyMs.p50).toBeGreaterThan(3_000_000);
  });

  it('do not read the finished deliveries of a long history', async () => {
    for (const sql of [depthSql(null), depthSql('erp'), speedSql(now, null)])
      expect(await planOf(sql)).not.toMatch(/Seq Scan on delivery_2/);
  });
});

describe('searches over a long history', () => {
  it('use indexes for everything that is looked up', async () => {
    const base = { spokes: [], low: null, high: null, order: 'newest', limit: 51 } as const;
    for (const source of ['all', 'unrouted', 'dead'] as const) {
      expect(await planOf(candidateSql({ ...base, source }))).not.toMatch(/Seq Scan on (message|delivery)_2/);
    }
    expect(await planOf(candidateSql({ ...base, source: 'all', spokes: ['shop'] }))).toMatch(/spoke_id_idx|message_spoke/);
    expect(await planOf(openMessagesSql({ low: null, high: null }, 100))).not.toMatch(/Seq Scan on delivery_2/);
    const ids = (await db.prisma.message.findMany({ take: 50, select: { id: true } })).map(({ id }) => id);
    expect(await planOf(deliveryFactsSql(ids))).not.toMatch(/Seq Scan on delivery_2/);
  });
});

describe('traffic statistics', () => {
  it('are exact while small and near the truth where they sample', async () => {
    const small = await trafficStats(db, now, 120_000);
    expect(small.exact).toBe(true);
    const erp = small.deliveries.find(({ spoke, route }) => spoke === 'erp' && route === 'past');
    expect(erp).toMatchObject({ total: 600, succeeded: 600, dead: 0, latencyMs: { p50: 50 } });
    expect(small.deliveries.find(({ spoke, route }) => spoke === 'erp' && route === 'invoices')).toMatchObject({
      total: 7,
      dead: 2,
      open: 5,
    });
    const large = await trafficStats(db, now, 12 * HOUR);
    expect(large.exact).toBe(false);
    const total = large.messages.find(({ spoke }) => spoke === 'history')?.received ?? 0;
    expect(Math.abs(total - HISTORY) / HISTORY).toBeLessThan(0.1);
  });
});
