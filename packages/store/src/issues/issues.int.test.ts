import type { DeliveryState } from '@nave/core';
import { type DisposableDatabase, disposableDatabase, plainSeal, type SeedDelivery, seedMessage } from '@nave/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../database.ts';
import { Prisma } from '../generated/client.ts';
import { createInterventionStore } from '../query/interventions.ts';
import { deadDeliveries } from '../replay/dead-deliveries.ts';
import type { ReplayFilter } from '../replay/replay-filter.ts';
import type { FailureFilter } from './failure-filter.ts';
import { issueDeliveries, issueState } from './issue-deliveries.ts';
import { issueSummary } from './issue-summary.ts';
import { findIssue, type IssuePlace, type IssueRow, listIssues } from './list-issues.ts';
import { sortFailures } from './sort-failures.ts';

type Reader = Pick<Database['prisma'], '$queryRaw'>;

const EVERYTHING: ReplayFilter = { spokes: [], types: [], states: [], routes: [], ids: null, issue: null, fromMs: null, toMs: null };
const ALL: FailureFilter = { spokes: [], routes: [], states: [], fromMs: null, toMs: null };
const NOW = Date.UTC(2026, 10, 21, 12);

let server: DisposableDatabase;
let db: Database;
let seeded: number;

beforeEach(async () => {
  seeded = 0;
  server = await disposableDatabase();
  db = openDatabase({ url: server.url, applicationName: 'test', hotConnections: 2, queryConnections: 2 });
});
afterEach(async () => {
  await db.close();
  await server.drop();
});

async function dead(detail: string, delivery: SeedDelivery = {}, status: number | null = 422): Promise<string> {
  seeded += 1;
  const attempts = [
    { outcome: 'fault' as const, status: 500, detail: 'down' },
    { outcome: 'rejected' as const, status, detail },
  ];
  const { deliveryIds } = await seedMessage(
    db.hot,
    { atMs: NOW + seeded * 1_000, deliveries: [{ state: 'dead', reason: 'rejected', attempts, ...delivery }] },
    plainSeal,
  );
  return deliveryIds[0] ?? '';
}

const list = (filter: Partial<FailureFilter> = {}, after: IssuePlace | null = null, limit = 50) =>
  listIssues(db.prisma, { ...ALL, ...filter }, after, limit);

const change = (id: string, to: DeliveryState) =>
  createInterventionStore(db).change(id, { from: ['dead', 'unknown'], to, reason: null }, NOW + 1_000_000, {
    ...{ atMs: NOW, actor: 'key:test', action: 'delivery.test', subject: `delivery:${id}`, detail: {} },
  });

describe('grouping failing deliveries', () => {
  it('takes those for one group whose last attempts failed alike, whatever ids, numbers and quotes their texts hold', async () => {
    const texts = [
      'answered 422; customer 81723 of order "ORD-1" is locked since 2026-11-20T10:00:00Z\nmore 1',
      "answered 422; customer 9 of order 'Ž2' is locked since 2025-01-02T00:00:00Z\nsomething else",
      'answered 422; customer  01a1fd7f-f248-7ed2-bdac-25ed27010a1f of order “x” is locked since yesterday2',
    ];
    const ids: string[] = [];
    for (const text of texts) ids.push(await dead(text));
    const rows = await list();
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      ...{ spoke: 'erp', operation: 'send', state: 'dead', outcome: 'rejected', status: 422, reason: 'rejected', count: 3, messages: 3 },
      line: expect.stringMatching(/^customer # of order … is locked since #/),
      detail: texts[2],
      routes: [{ route: 'invoices', count: 3 }],
      sample: { deliveryId: ids[2] },
      ...{ parkedLanes: 0, waiting: 0, exact: true },
    });
    expect(await issueDeliveries(db.prisma, rows[0]?.id ?? '', null, 2)).toMatchObject([{ id: ids[2] }, { id: ids[1] }]);
    expect(await issueDeliveries(db.prisma, rows[0]?.id ?? '', ids[1] ?? '', 2)).toMatchObject([{ id: ids[0] }]);
  });

  it('keeps apart what differs in spoke, operation, state, outcome, status, reason or text', async () => {
    await dead('answered 422; locked');
    await dead('answered 422; unknown customer');
    await dead('answered 422; locked', { spoke: 'crm' });
    await dead('answered 422; locked', { operation: 'other' });
    await dead('answered 422; locked', { state: 'unknown', reason: 'unanswered' });
    await dead('answered 422; locked', { reason: 'retries.exhausted' });
    await dead('answered 422; locked', {}, 409);
    await dead('', { attempts: [], reason: 'when expression.evaluate: "total" of 17 is no number' });
    await dead('', { attempts: [], reason: 'when expression.evaluate: "sum" of 4 is no number' });
    const rows = await list();
    expect(rows.map(({ count }) => count).sort()).toEqual([1, 1, 1, 1, 1, 1, 1, 2]);
    const unsent = rows.find(({ count }) => count === 2);
    expect(unsent).toMatchObject({ outcome: null, status: null, reason: 'when expression.evaluate', line: '… of # is no number' });
  });

  it('gives each group the same id again after all of it was dealt with, and none while it is empty', async () => {
    const id = await dead('answered 422; locked');
    const [first] = await list();
    expect(await issueState(db.prisma, first?.id ?? '')).toBe('dead');
    await change(id, 'skipped');
    expect([await list(), await findIssue(db.prisma, first?.id ?? ''), await issueState(db.prisma, first?.id ?? '')]).toEqual([
      [],
      null,
      null,
    ]);
    await dead('answered 422; locked');
    expect((await list())[0]?.id).toBe(first?.id);
  });

  it('follows every change of a delivery: retried, dead of something else, resolved, deleted', async () => {
    const id = await dead('answered 422; locked');
    const [before] = await list();
    await change(id, 'pending');
    expect(await list()).toEqual([]);
    await db.hot.query(`UPDATE delivery SET state = 'active' WHERE id = $1`, [id]);
    await db.hot.query(`UPDATE delivery SET state = 'dead', reason = 'worker.lost' WHERE id = $1`, [id]);
    const [after] = await list();
    expect(after).toMatchObject({ reason: 'worker.lost', outcome: null, status: null, count: 1 });
    expect(after?.id).not.toBe(before?.id);
    const unknown = await dead('no answer', { state: 'unknown', reason: 'unanswered' }, null);
    expect((await list({ states: ['unknown'] })).map(({ sample }) => sample.deliveryId)).toEqual([unknown]);
    await change(unknown, 'succeeded');
    expect(await list({ states: ['unknown'] })).toEqual([]);
    await db.hot.query('DELETE FROM delivery WHERE id = $1', [id]);
    expect(await list()).toEqual([]);
  });

  it('pages through groups, the last to fail first, and filters by spoke, route, state and time', async () => {
    for (let n = 0; n < 7; n++) await dead(`answered 422; reason ${'abcdefg'[n]}`, { route: n % 2 === 0 ? 'even' : 'odd' });
    await dead('answered 422; reason a', { route: 'odd' });
    const seen: IssueRow[] = [];
    let after: IssuePlace | null = null;
    for (let page = 0; page < 4; page++) {
      const rows: IssueRow[] = await list({}, after, 2);
      seen.push(...rows);
      const last = rows.at(-1);
      after = last === undefined ? after : { lastSeenMs: last.lastSeen.getTime(), id: last.id };
    }
    expect(seen.map(({ line }) => line.at(-1))).toEqual(['a', 'g', 'f', 'e', 'd', 'c', 'b']);
    expect(seen[0]).toMatchObject({
      count: 2,
      routes: [
        { route: 'even', count: 1 },
        { route: 'odd', count: 1 },
      ],
    });
    expect(seen[0]?.lastSeen.getTime()).toBeGreaterThan(seen[0]?.firstSeen.getTime() ?? Number.POSITIVE_INFINITY);
    expect(await list({ routes: ['odd'] })).toHaveLength(4);
    expect(await list({ routes: ['odd', 'even'], spokes: ['erp'] })).toHaveLength(7);
    expect(await list({ spokes: ['crm'] })).toEqual([]);
    expect(await list({ states: ['unknown'] })).toEqual([]);
    expect(await list({ fromMs: NOW + 3_000, toMs: NOW + 4_000 })).toHaveLength(1);
  });

  it('counts the lanes that a group blocks and what waits behind them', async () => {
    const head = await dead('answered 422; locked');
    await db.hot.query(`INSERT INTO lane (spoke, key, head, low, parked_at) VALUES ('erp', 'k', $1, $1, now())`, [head]);
    for (let n = 0; n < 3; n++) {
      const { deliveryIds } = await seedMessage(db.hot, { atMs: NOW + 90_000, deliveries: [{ state: 'held', heldBy: 'lane' }] }, plainSeal);
      await db.hot.query(`UPDATE delivery SET lane_key = 'k', lane_seq = $2 WHERE id = $1`, [deliveryIds[0], n]);
    }
    expect((await list())[0]).toMatchObject({ count: 1, parkedLanes: 1, waiting: 3 });
    expect(await issueSummary(db.prisma)).toEqual({ issues: 1, dead: 1, unknown: 0, parkedLanes: 1, exact: true });
  });

  it('says so while failures are still being sorted, and two who sort at once do not wait for each other', async () => {
    await many(db, 6_000);
    const [first] = await list();
    expect([first?.exact, first?.count]).toEqual([false, 2_000]);
    const results = await Promise.all([sortFailures(db.prisma, 3_000), sortFailures(db.prisma, 3_000)]);
    expect(results.map(({ sorted }) => sorted).reduce((a, b) => a + b)).toBe(4_000);
    expect((await list())[0]).toMatchObject({ exact: true, count: 6_000 });
  });
});

/**
 * Dead deliveries over the five days before today, each with an attempt whose detail has an id of its own, between finished ones. Today
 * is left out: soon after midnight it would hold so few that reading all of them is the better plan.
 */
async function many({ hot }: Database, count: number, finished = 0, salt = 'first'): Promise<void> {
  await hot.query(`SELECT nave_make_partitions((now() AT TIME ZONE 'UTC')::date - d) FROM generate_series(0, 5) AS d`);
  const midnight = `date_trunc('day', now(), 'UTC')`;
  for (const [state, n, variant] of [
    ['dead', count, '8'],
    ['succeeded', finished, '9'],
  ] as const) {
    if (n === 0) continue;
    const id = `(overlay(nave_uuid_at(${midnight} - i * interval '400 seconds' / ${Math.ceil(n / 1_000)})::text placing '7' || substr(md5(i || '${salt}'), 1, 3) || '-${variant}' || substr(md5(i || '${salt}'), 4, 3) || '-' || substr(md5(i || '${salt}'), 7, 12) from 15))::uuid`;
    await hot.query(
      `INSERT INTO delivery (id, message_id, source, route, route_version, step, step_name, spoke, operation, state, reason, attempt_count, created_at, finished_at)
       SELECT ${id}, ${id}, 's', 'r', 1, 0, 'x', 'erp', '${salt}', '${state}', 'rejected', 1, now(), now() - i * interval '1 millisecond' FROM generate_series(1, ${n}) AS i`,
    );
    await hot.query(
      `INSERT INTO attempt (id, delivery_id, number, started_at, duration_ms, outcome, status, detail)
       SELECT id, id, 1, created_at, 5, CASE WHEN state = 'dead' THEN 'rejected'::outcome_kind ELSE 'ok' END, 422, 'answered 422; customer ' || id || ' is locked' FROM delivery WHERE state = '${state}' AND operation = '${salt}'`,
    );
  }
  await hot.query('ANALYZE');
}

/** Runs work and answers the plans of its statements. */
async function plansOf(work: (reader: Reader) => Promise<void>): Promise<string[][]> {
  const plans: string[][] = [];
  const reader = new Proxy(db.prisma, {
    get(target, name) {
      if (name !== '$queryRaw') return Reflect.get(target, name);
      return async (sql: TemplateStringsArray | Prisma.Sql, ...values: unknown[]) => {
        const query = 'sql' in sql ? sql : Prisma.sql(sql, ...values);
        const rows = await target.$queryRaw<{ 'QUERY PLAN': string }[]>(Prisma.sql`EXPLAIN ${query}`);
        plans.push(rows.map((plan) => plan['QUERY PLAN']));
        return target.$queryRaw(query);
      };
    },
  });
  await work(reader);
  expect(plans.length).toBeGreaterThan(3);
  return plans;
}

describe('with many', () => {
  it('shows the groups of 100,000 failing deliveries, finds their deliveries by index, and says where it looked at no more', async () => {
    await many(db, 100_000, 20_000);
    expect((await sortFailures(db.prisma, 1_000)).sorted).toBe(1_000);
    await db.hot.query('UPDATE failure SET issue = (SELECT issue FROM failure WHERE issue IS NOT NULL LIMIT 1) WHERE issue IS NULL');
    await db.hot.query('VACUUM ANALYZE failure');
    const [row] = await list();
    expect(row).toMatchObject({ count: 100_000, messages: 100_000, exact: true });
    expect(await findIssue(db.prisma, row?.id ?? '')).not.toBeNull();
    expect(await issueSummary(db.prisma)).toBeDefined();
    const plans = await plansOf(async (reader) => {
      await sortFailures(reader);
      await issueDeliveries(reader, row?.id ?? '', null, 50);
      await deadDeliveries(reader, { ...EVERYTHING, issue: row?.id ?? '' }, Date.now(), null, 200);
    });
    const seq = plans.flatMap((lines) =>
      lines.filter((line) => /Seq Scan on (delivery|attempt|failure)/.test(line) && !/cost=0\.00\.\.0\.00/.test(line)),
    );
    expect(seq, plans.flat().join('\n')).toEqual([]);
    await many(db, 50, 0, 'later');
    await sortFailures(db.prisma);
    expect(await list()).toMatchObject([{ exact: false }, { exact: false }]);
    expect((await list()).reduce((sum, { count }) => sum + count, 0)).toBe(100_000);
  }, 120_000);
});
