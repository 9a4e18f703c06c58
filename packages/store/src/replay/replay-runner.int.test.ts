import { type Bell, type BellEntry, deriveUuid, HubError, type Logger, type NewDelivery, type RunPlanner, uuidV7 } from '@nave/core';
import { type DisposableDatabase, disposableDatabase, plainSeal, plainSealer, type SeedDelivery, seedMessage } from '@nave/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../database.ts';
import { issueDeliveries } from '../issues/issue-deliveries.ts';
import { listIssues } from '../issues/list-issues.ts';
import type { ReplayFilter } from './replay-filter.ts';
import { replayOne } from './replay-one.ts';
import { createReplayRunner, type ReplayRunner } from './replay-runner.ts';
import { createReplayStore, type NewReplay, type ReplayStore } from './replay-store.ts';

const NOW = Date.UTC(2026, 10, 21, 12);
const ALL: ReplayFilter = { spokes: [], types: [], states: [], routes: [], ids: null, issue: null, fromMs: null, toMs: null };
const silent: Logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };

let server: DisposableDatabase;
let db: Database;
let replays: ReplayStore;
let runner: ReplayRunner;
let time: number;
let rung: BellEntry[];
let counter = 0;

const clock = { now: () => time };
const ids = {
  next: (atMs: number) => {
    counter += 1;
    return uuidV7(atMs, Buffer.from([counter, 1, 2, 3, 4, 5, 6, 7, 8, 9]));
  },
  random: () => 0.5,
};
const bell: Bell = { ring: (entries) => void rung.push(...entries), healthy: () => true, close: async () => {} };

/** Two routes take everything but `nobody.*`; a body of `poison` cannot be routed. */
const planner: RunPlanner = {
  async planRuns(message, { route, routeVersion, run, dated }) {
    if (Buffer.from(message.content.body).toString() === 'poison') throw new HubError('resource.not-found', { detail: 'no such version' });
    const routes = message.type.startsWith('nobody') ? [] : ['crm', 'invoices'];
    return routes
      .filter((name) => route === null || name === route)
      .map(
        (name): NewDelivery => ({
          ...{ id: deriveUuid(dated, message.id, name, run), route: name, routeVersion: routeVersion ?? 2, step: 0, stepName: 'only' },
          ...{ spoke: name === 'crm' ? 'crm' : 'erp', operation: 'send', state: 'pending', reason: null, laneKey: null },
        }),
      );
  },
};

function runnerOf(): ReplayRunner {
  const leadership = { lead: async () => true, close: async () => {} };
  return createReplayRunner({ db, sealer: plainSealer(), planner, clock, ids, bell, leadership, logger: silent });
}

beforeEach(async () => {
  time = NOW;
  rung = [];
  server = await disposableDatabase();
  db = openDatabase({ url: server.url, applicationName: 'test', hotConnections: 2, queryConnections: 4 });
  replays = createReplayStore(db);
  runner = runnerOf();
});

afterEach(async () => {
  await db.close();
  await server.drop();
});

async function seed(count: number, deliveries: readonly SeedDelivery[], extra: Parameters<typeof seedMessage>[1] = {}): Promise<string[]> {
  const seeded: string[] = [];
  for (let index = 0; index < count; index++) {
    seeded.push((await seedMessage(db.hot, { atMs: NOW - 100_000 + index, deliveries, ...extra }, plainSeal)).id);
  }
  return seeded;
}

function create(replay: Partial<NewReplay>) {
  const audit = { atMs: time, actor: 'key:test', action: 'replay.create', subject: 'replay', detail: {} };
  const facts = { mode: 'replay' as const, filter: ALL, ratePerSecond: null, routeVersion: null, createdBy: 'key:test' };
  return replays.create({ ...facts, id: ids.next(time), createdAtMs: time, ...replay }, audit);
}

async function finish(max = 50): Promise<void> {
  for (let round = 0; round < max; round++) {
    await runner.tick();
    time += 500;
  }
}

const MOVES = {
  pause: { from: ['running', 'done'], to: 'paused' },
  resume: { from: ['paused'], to: 'running' },
  stop: { from: ['running', 'paused', 'done'], to: 'stopped' },
} as const;

const moving = (id: string) => (action: keyof typeof MOVES) =>
  replays.move(id, MOVES[action].from, MOVES[action].to, time, {
    ...{ atMs: time, actor: 'key:test', action: `replay.${action}`, subject: 'replay', detail: {} },
  });

const made = () => db.prisma.delivery.findMany({ where: { replayId: { not: null } }, orderBy: { id: 'asc' } });

describe('replaying messages', () => {
  it('makes new deliveries that name what they replay, counts their runs, and rings for them', async () => {
    const messages = await seed(3, [
      { route: 'invoices', state: 'dead' },
      { route: 'crm', spoke: 'crm' },
    ]);
    const { id, total } = await create({});
    expect(total).toBe(3);
    await finish();
    const rows = await made();
    expect(rows).toHaveLength(6);
    expect(new Set(rows.map(({ messageId }) => messageId))).toEqual(new Set(messages));
    for (const row of rows) {
      const earlier = await db.prisma.delivery.findUnique({ where: { id: row.replayOf ?? '' } });
      expect(earlier).toMatchObject({ messageId: row.messageId, route: row.route, replayId: null });
      expect(row).toMatchObject({ state: 'pending', replayId: id, routeVersion: 2, source: 'shop', attemptCount: 0, dueAt: row.createdAt });
    }
    expect(new Set(rung.map(({ deliveryId }) => deliveryId))).toEqual(new Set(rows.map((row) => row.id)));
    expect(await replays.find(id)).toMatchObject({ state: 'done', done: 3, failed: 0 });
    const counted = await db.prisma.acceptedCount.findMany();
    expect(counted.every(({ messages: accepted }) => accepted === 0)).toBe(true);
    const runs = counted.flatMap(({ runs: counts }) => Object.entries(counts ?? {}));
    expect(runs.map(([key]) => key).every((key) => /^(crm|invoices)@2026-11-21T12:\d\d$/.test(key))).toBe(true);
    expect(runs.reduce((sum, [, n]) => sum + Number(n), 0)).toBe(6);
  });

  it('covers only what was there when it was made, and never its own or later messages', async () => {
    await seed(2, []);
    await create({});
    await seedMessage(db.hot, { atMs: NOW + 1_000 }, plainSeal);
    await finish();
    expect(await made()).toHaveLength(4);
  });

  it('routes what was unrouted, and then it is not unrouted any more', async () => {
    const [first] = await seed(2, [], { unrouted: true });
    const { id, total } = await create({ filter: { ...ALL, states: ['unrouted'] } });
    expect(total).toBe(2);
    await finish();
    expect((await made()).map(({ replayOf }) => replayOf)).toEqual([null, null, null, null]);
    expect(await db.prisma.message.findUnique({ where: { id: first ?? '' } })).toMatchObject({ unrouted: false });
    expect(await replays.find(id)).toMatchObject({ state: 'done', done: 2 });
  });

  it('takes the asked route and version only', async () => {
    await seed(2, [{ route: 'crm' }]);
    await seed(2, [{ route: 'other' }]);
    await create({ filter: { ...ALL, routes: ['crm'] }, routeVersion: 7 });
    await finish();
    expect((await made()).map(({ route, routeVersion }) => [route, routeVersion])).toEqual([
      ['crm', 7],
      ['crm', 7],
    ]);
  });

  it('counts messages it cannot route and goes on', async () => {
    await seed(1, []);
    await seed(1, [], { body: 'poison' });
    await seed(1, [], { type: 'nobody.cares' });
    const { id } = await create({});
    await finish();
    expect(await replays.find(id)).toMatchObject({ state: 'done', total: 3, done: 2, failed: 1 });
    expect(await made()).toHaveLength(2);
  });

  it('keeps its rate', async () => {
    await seed(40, []);
    const { id } = await create({ ratePerSecond: 10 });
    const counts: number[] = [];
    for (let second = 0; second < 4; second++) {
      await runner.tick();
      await runner.tick();
      counts.push((await made()).length);
      time += 1_000;
    }
    // Every message makes two deliveries: the debt of one batch delays the next.
    expect(counts.at(-1)).toBeLessThanOrEqual(50);
    expect(counts.at(-1)).toBeGreaterThanOrEqual(30);
    expect(await replays.find(id)).toMatchObject({ state: 'running' });
  });

  it('goes on at its pace when the clock was put back', async () => {
    await seed(30, []);
    await create({ ratePerSecond: 10, filter: { ...ALL, spokes: ['shop'] } });
    await finish(4);
    const before = (await made()).length;
    time -= 3_600_000;
    await finish(4);
    const after = (await made()).length;
    expect(after - before).toBeGreaterThanOrEqual(10);
    expect(after - before).toBeLessThanOrEqual(30);
  });

  it('stops, pauses and goes on where it was, also in another process', async () => {
    await seed(30, []);
    const { id } = await create({ ratePerSecond: 10 });
    const move = (from: 'running' | 'paused', to: 'running' | 'paused' | 'stopped') =>
      replays.move(id, [from], to, time, { atMs: time, actor: 'key:test', action: 'replay.move', subject: 'replay', detail: {} });
    await runner.tick();
    expect(await move('running', 'paused')).toMatchObject({ state: 'paused' });
    const before = (await made()).length;
    expect(before).toBeGreaterThan(0);
    await finish(5);
    expect(await made()).toHaveLength(before);
    expect(await move('running', 'paused')).toBeNull();
    await move('paused', 'running');
    runner = runnerOf();
    await finish(40);
    const rows = await made();
    expect(rows).toHaveLength(60);
    expect(new Set(rows.map(({ messageId, route }) => `${messageId} ${route}`)).size).toBe(60);
    expect(await replays.find(id)).toMatchObject({ state: 'done', done: 30 });
    expect(await move('running', 'stopped')).toBeNull();
  });

  it('starts small and doubles each second', async () => {
    await seed(120, [{ route: 'crm' }]);
    await create({ filter: { ...ALL, routes: ['crm'] } });
    const perSecond: number[] = [];
    for (let second = 0; second < 4; second++) {
      const before = (await made()).length;
      for (let n = 0; n < 4; n++) {
        await runner.tick();
        time += 250;
      }
      perSecond.push((await made()).length - before);
    }
    const [first = 0, second = 0, third = 0] = perSecond;
    expect(first).toBeLessThanOrEqual(25);
    expect(second).toBeGreaterThan(15);
    expect(second).toBeLessThan(45);
    expect(third).toBeGreaterThan(second * 1.5);
  });

  it('is never far ahead of what was sent', async () => {
    const { id } = await create({ ratePerSecond: 10_000 });
    await db.hot.query(
      `INSERT INTO delivery (id, message_id, source, route, route_version, step, step_name, spoke, operation, state, held_by, created_at, replay_id)
       SELECT gen_random_uuid(), gen_random_uuid(), 'shop', 'r', 1, 0, 's', 'erp', 'o', 'held', 'breaker', now(), $1 FROM generate_series(1, 1000)`,
      [id],
    );
    await seed(5, []);
    await finish(5);
    expect(await made()).toHaveLength(1_000);
    await db.hot.query(`UPDATE delivery SET state = 'succeeded', held_by = NULL WHERE replay_id = $1`, [id]);
    await seedMessage(db.hot, { atMs: NOW - 1 }, plainSeal);
    await finish(5);
    expect((await made()).length).toBeGreaterThan(1_000);
  });

  it('keeps back at once what it made and nobody has sent, and lets it go when it is resumed', async () => {
    await seed(30, []);
    const { id } = await create({ ratePerSecond: 10 });
    const move = moving(id);
    await runner.tick();
    const [sent, ...rest] = await made();
    await db.hot.query(`UPDATE delivery SET state = 'active' WHERE id = $1`, [sent?.id]);
    await db.hot.query(`UPDATE delivery SET state = 'held', held_by = 'pause' WHERE id = $1`, [rest[0]?.id]);
    await move('pause');
    const states = async () => (await made()).map(({ state, heldBy, blockedBy }) => `${state} ${heldBy} ${blockedBy === id}`);
    expect(new Set(await states())).toEqual(new Set(['active null false', 'held governor true']));
    // The next step of a run that was under way.
    await db.hot.query(`UPDATE delivery SET state = 'pending' WHERE id = $1`, [sent?.id]);
    await finish(3);
    expect(new Set(await states())).toEqual(new Set(['held governor true']));
    await move('resume');
    await finish(30);
    expect(new Set(await states())).toEqual(new Set(['pending null false']));
    expect(await made()).toHaveLength(60);
    expect(await replays.find(id)).toMatchObject({ state: 'done', done: 30 });
  });

  it('cancels at once what it made and nobody has sent when it is stopped, also when it had made everything, and nothing else', async () => {
    const [message] = await seed(4, [{ state: 'pending' }]);
    const { id } = await create({});
    await finish(5);
    expect(await replays.find(id)).toMatchObject({ state: 'done' });
    const [sent, waiting] = await made();
    await db.hot.query(`UPDATE delivery SET state = 'succeeded', due_at = NULL WHERE id = $1`, [sent?.id]);
    await db.hot.query(`UPDATE delivery SET state = 'held', held_by = 'breaker', due_at = NULL WHERE id = $1`, [waiting?.id]);
    expect(await moving(id)('stop')).toMatchObject({ state: 'stopped' });
    const after = (await made()).map(({ state, reason }) => `${state} ${reason}`);
    expect(after.sort()).toEqual(['succeeded null', ...Array.from({ length: 7 }, () => 'cancelled replay.stopped')].sort());
    expect(await db.prisma.delivery.count({ where: { replayId: null, state: 'pending' } })).toBe(4);
    const { id: other } = await create({ filter: { ...ALL, ids: [message ?? ''] } });
    await finish(3);
    await db.hot.query(`UPDATE delivery SET state = 'succeeded' WHERE replay_id = $1`, [other]);
    expect([await moving(other)('stop'), await moving(other)('pause')]).toEqual([null, null]);
  });

  it('makes nothing twice when two runners work at once', async () => {
    await seed(50, []);
    await create({ ratePerSecond: 20 });
    const other = runnerOf();
    for (let round = 0; round < 30; round++) {
      await Promise.all([runner.tick(), other.tick()]);
      time += 1_000;
    }
    const rows = await made();
    expect(rows).toHaveLength(100);
    expect(new Set(rows.map(({ messageId, route }) => `${messageId} ${route}`)).size).toBe(100);
  });
});

describe('retrying dead deliveries', () => {
  it('puts them back to work with the same ids, and touches nothing else', async () => {
    const attempts = [{ outcome: 'fault' as const }];
    await seed(5, [
      { state: 'dead', attempts },
      { route: 'crm', spoke: 'crm', state: 'dead', attempts },
      { route: 'x', state: 'succeeded' },
    ]);
    const filter = { ...ALL, spokes: ['erp'] };
    expect(await replays.preview('retry', filter, time)).toMatchObject({ count: 5, exact: true, oldestMs: NOW - 100_000 });
    const { id, total } = await create({ mode: 'retry', filter, ratePerSecond: 3 });
    expect(total).toBe(5);
    await finish();
    const rows = await db.prisma.delivery.findMany({ where: { state: 'pending' } });
    expect(rows).toHaveLength(5);
    for (const row of rows) expect(row).toMatchObject({ spoke: 'erp', attemptCount: 1, attemptBase: 1, replayId: null, finishedAt: null });
    expect(rung).toHaveLength(5);
    expect(await db.prisma.delivery.count({ where: { state: 'dead', spoke: 'crm' } })).toBe(5);
    expect(await replays.find(id)).toMatchObject({ state: 'done', done: 5 });
  });

  it('takes given ids only', async () => {
    const seeded = await seedMessage(
      db.hot,
      { atMs: NOW - 5_000, deliveries: [{ state: 'dead' }, { route: 'crm', state: 'dead' }] },
      plainSeal,
    );
    await create({ mode: 'retry', filter: { ...ALL, ids: seeded.deliveryIds.slice(0, 1) } });
    await finish(3);
    expect((await db.prisma.delivery.findMany({ where: { state: 'pending' } })).map(({ id }) => id)).toEqual(
      seeded.deliveryIds.slice(0, 1),
    );
  });
});

describe('acting on one issue', () => {
  const failed = (detail: string): SeedDelivery => ({
    state: 'dead',
    reason: 'rejected',
    attempts: [{ outcome: 'rejected', status: 422, detail: `answered 422; ${detail}` }],
  });
  const idsOf = async (state: 'pending' | 'dead' | 'skipped' | 'cancelled') =>
    (await db.prisma.delivery.findMany({ where: { state }, orderBy: { id: 'asc' } })).map(({ id }) => id);

  async function twoIssues(): Promise<{ issue: string; members: string[] }> {
    await seed(250, [failed('locked 7'), failed('unknown customer'), { ...failed('locked 8'), spoke: 'crm' }]);
    const rows = await listIssues(db.prisma, { spokes: ['erp'], routes: [], states: [], fromMs: null, toMs: null }, null, 10);
    const issue = rows.find(({ line }) => line.startsWith('locked'))?.id ?? '';
    const members = (await issueDeliveries(db.prisma, issue, null, 1_000)).map(({ id }) => id).sort();
    expect(members).toHaveLength(250);
    return { issue, members };
  }

  it('retries exactly its deliveries, over batches and a crash, and not again those that die of it once more', async () => {
    const { issue, members } = await twoIssues();
    const filter = { ...ALL, issue };
    expect(await replays.preview('retry', filter, time)).toMatchObject({ count: 250, exact: true });
    const { id, total } = await create({ mode: 'retry', filter, ratePerSecond: 100 });
    expect(total).toBe(250);
    await finish(4);
    await db.hot.query(`UPDATE delivery SET state = 'dead', reason = 'rejected' WHERE state = 'pending'`);
    const again = await db.prisma.delivery.count({ where: { attemptBase: 1 } });
    expect(again).toBeGreaterThan(0);
    runner = runnerOf();
    await finish();
    const pending = await idsOf('pending');
    expect(pending).toEqual(members.slice(again));
    expect(await replays.find(id)).toMatchObject({ state: 'done', done: 250, filter: { issue } });
    expect(await db.prisma.failure.count({ where: { issue } })).toBe(0);
    expect((await issueDeliveries(db.prisma, issue, null, 1_000)).length).toBe(0);
  });

  it.each([
    ['skip', 'skipped'],
    ['cancel', 'cancelled'],
  ] as const)('gives exactly its deliveries up: %s', async (mode, state) => {
    const { issue, members } = await twoIssues();
    const head = members[0] ?? '';
    await db.hot.query(`UPDATE delivery SET lane_key = 'k' WHERE id = $1`, [head]);
    await db.hot.query(`INSERT INTO lane (spoke, key, head, low, parked_at) VALUES ('erp', 'k', $1, $1, now())`, [head]);
    const { deliveryIds } = await seedMessage(db.hot, { atMs: NOW - 5_000, deliveries: [{ state: 'held', heldBy: 'lane' }] }, plainSeal);
    await db.hot.query(`UPDATE delivery SET lane_key = 'k', lane_seq = 1 WHERE id = $1`, deliveryIds);
    await create({ mode, filter: { ...ALL, issue } });
    await finish();
    expect(await idsOf(state)).toEqual(members);
    expect((await db.prisma.delivery.findUnique({ where: { id: head } }))?.reason).toBe(`operator.${state}`);
    // The lane that it parked goes on.
    expect(rung).toEqual([{ spoke: 'erp', deliveryId: deliveryIds[0] }]);
    expect(await idsOf('dead')).toHaveLength(500);
  });

  it('narrows an issue by the other fields of the filter', async () => {
    const { issue, members } = await twoIssues();
    const some = members.slice(3, 5);
    expect(await replays.preview('retry', { ...ALL, issue, ids: some }, time)).toMatchObject({ count: 2 });
    expect(await replays.preview('retry', { ...ALL, issue, spokes: ['crm'] }, time)).toMatchObject({ count: 0 });
    expect(await replays.preview('retry', { ...ALL, issue, routes: ['invoices'], fromMs: NOW - 100_000 + 240 }, time)).toMatchObject({
      count: 10,
    });
  });
});

describe('previews and single replays', () => {
  it('counts what a replay would cover and tells from when to when', async () => {
    await seed(4, [{ state: 'dead' }]);
    await seed(3, [], { spoke: 'bank' });
    expect(await replays.preview('replay', ALL, time)).toEqual({ count: 7, oldestMs: NOW - 100_000, newestMs: NOW - 99_997, exact: true });
    expect(await replays.preview('replay', { ...ALL, states: ['failed'] }, time)).toMatchObject({ count: 4, exact: true });
    expect(await replays.preview('replay', { ...ALL, spokes: ['bank'], types: ['order.*'] }, time)).toMatchObject({ count: 3 });
    expect(await replays.preview('replay', { ...ALL, spokes: ['none'] }, time)).toEqual({
      count: 0,
      oldestMs: null,
      newestMs: null,
      exact: true,
    });
  });

  it('replays one message at once, and says why it cannot', async () => {
    const [message, poison, nobody] = [
      ...(await seed(1, [{ route: 'crm' }])),
      ...(await seed(1, [], { body: 'poison' })),
      ...(await seed(1, [], { type: 'nobody.x' })),
    ];
    const audit = { atMs: time, actor: 'key:test', action: 'message.replay', subject: 'message', detail: {} };
    const one = (messageId = '', route: string | null = null) =>
      replayOne(
        { db, sealer: plainSealer(), planner, clock, ids, bell },
        { messageId, route, routeVersion: null, createdBy: 'key:test', audit },
      );
    const done = await one(message);
    expect(done?.replay).toMatchObject({ state: 'done', total: 1, done: 1 });
    expect((await made()).map(({ id }) => id).sort()).toEqual([...(done?.deliveryIds ?? [])].sort());
    expect(rung).toHaveLength(2);
    expect(await one('019aa000-0000-7000-8000-000000000000')).toBeNull();
    await expect(one(poison)).rejects.toMatchObject({ code: 'resource.not-found' });
    await expect(one(nobody)).rejects.toMatchObject({ code: 'state.conflict' });
    expect(await db.prisma.audit.count({ where: { action: 'message.replay' } })).toBe(1);
  });
});
