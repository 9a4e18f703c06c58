import { randomBytes } from 'node:crypto';
import { defineAdapter, type PollPage, type SpokeConnection } from '@nave/adapter-kit';
import { type Clock, DEFAULT_POLICY, HubError, type Ids, type Outcome, type PollSetting, type SpokeDefinition, uuidV7 } from '@nave/core';
import { createExpressionEngine } from '@nave/expressions';
import { type Accepter, createAccepter } from '@nave/pipeline';
import { createAddressGuard } from '@nave/security';
import { createMessageStore, createPollStore, type Database, openDatabase } from '@nave/store';
import { type DisposableDatabase, disposableDatabase, plainSealer, recordingBell, recordingLogger } from '@nave/testkit';
import { Type } from 'typebox';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openConnection } from '../registry/open-connection.ts';
import { createRegistry } from '../registry/registry.ts';
import { createPoller, type Poller } from './poller.ts';

let disposable: DisposableDatabase;
let db: Database;
beforeAll(async () => {
  disposable = await disposableDatabase();
  db = openDatabase({ url: disposable.url, applicationName: 'test', hotConnections: 6, queryConnections: 2 });
});
afterAll(async () => {
  await db.close();
  await disposable.drop();
});

/** A system with a list of events; the cursor is how many of them were seen. */
const system = {
  events: [] as { id: string; type: string; customer?: string }[],
  calls: [] as { cursor: string | null; from: string | undefined }[],
  failing: null as Outcome | null,
  hang: false,
  wake: () => {},
  more: null as boolean | null,
};

async function page(cursor: string | null, limit: number, signal: AbortSignal, from: string | undefined): Promise<PollPage> {
  system.calls.push({ cursor, from });
  if (system.hang) {
    await new Promise<void>((done) => {
      system.wake = done;
      signal.addEventListener('abort', () => done(), { once: true });
    });
  }
  if (system.failing !== null) return { ok: false, outcome: system.failing };
  const start = cursor === null ? (from === 'start' ? 0 : system.events.length) : Number(JSON.parse(cursor));
  const seen = system.events.slice(start, start + limit);
  const end = start + seen.length;
  return {
    ok: true,
    items: seen.map((event) => ({
      type: event.type,
      data: event,
      idempotencyKey: event.id,
      ...(event.customer === undefined ? {} : { orderingKey: event.customer }),
    })),
    cursor: JSON.stringify(end),
    more: system.more ?? end < system.events.length,
  };
}

const unused = (): never => {
  throw new Error('not part of this test');
};
const feed = defineAdapter({
  ...{ kind: 'feed', title: 'Feed', family: 'other', summary: '', operations: [], events: [], verify: [], defaults: {}, docs: '' },
  config: Type.Object({}),
  credentials: Type.Object({}),
  polls: () => [{ name: 'events', title: 'Events', everyMs: 60_000, eventTypes: [] }],
  deliver: {
    open: (): SpokeConnection => ({
      send: unused,
      probe: unused,
      close: async () => undefined,
      poll: (_name, cursor, limit, signal, from) => page(cursor, limit, signal, from),
    }),
  },
});

let count = 0;
let spoke = '';
const hubs: { close(): Promise<void> }[] = [];
beforeEach(async () => {
  count += 1;
  spoke = `feed-${count}`;
  Object.assign(system, { events: [], calls: [], failing: null, hang: false, more: null });
  await db.prisma.spoke.create({
    data: { name: spoke, kind: 'feed', title: '', enabled: true, version: 1, spec: {}, createdAt: new Date(), updatedAt: new Date() },
  });
});
afterEach(async () => {
  await Promise.all(hubs.splice(0).map((hub) => hub.close()));
});

interface Options {
  from?: PollSetting['from'];
  rate?: SpokeDefinition['policy']['rate'];
  granted?: number;
  schema?: Record<string, unknown>;
  timeoutMs?: number;
  /** Between the commit of the items and the move of the cursor. */
  afterPublish?: () => void;
}

interface Hub {
  poller: Poller;
  accepter: Accepter;
  turns: string[];
  refused: string[];
  close(): Promise<void>;
}

/** Ids in the order in which they are asked for, also within one millisecond. */
const firstIdAtMs = Date.now();
let serial = 0;

/** A process with a poller. */
async function startHub(options: Options = {}): Promise<Hub> {
  const logger = recordingLogger();
  const clock: Clock = { now: () => Date.now() };
  const ids: Ids = { next: () => uuidV7(firstIdAtMs + serial++, randomBytes(10)), random: () => 0.5 };
  const expressions = createExpressionEngine({ timeoutMs: 60_000 });
  const kinds = new Map([['feed', feed]]);
  const guard = createAddressGuard({ allow: [], forbid: [] });
  const definition: SpokeDefinition = {
    ...{ name: spoke, kind: 'feed', title: '', enabled: true, paused: false, version: 1, config: {}, credentials: {} },
    policy: { ...DEFAULT_POLICY, rate: options.rate ?? null, timeoutMs: options.timeoutMs ?? 5_000 },
    inbound: {
      ...{ verify: [], type: null, idempotencyKey: null, orderingKey: null, keys: {}, schema: options.schema ?? null },
      ...{ maxBytes: 100_000, idempotencyWindowMs: 3_600_000, rate: null, retentionMs: null },
      polls: { events: { everyMs: null, from: options.from ?? 'start' } },
    },
  };
  const registry = createRegistry({
    ...{ kinds, expressions, clock, logger },
    fetchJwks: async () => ({ keys: [] }),
    load: async () => ({ version: 1n, spokes: [definition], routes: [] }),
    readVersion: async () => 1n,
    loadRouteVersion: async () => null,
    open: (each) => openConnection(each, { kinds, guard, expressions, clock, logger }),
  });
  await registry.reload();
  const accepter = createAccepter({
    ...{ store: createMessageStore(db.hot), registry, sealer: plainSealer(), bell: recordingBell(), clock, ids },
    businessKeyHash: () => new Uint8Array(32),
    onMismatch: () => undefined,
    onAccepted: () => undefined,
  });
  const store = createPollStore(db.hot);
  const turns: string[] = [];
  const refused: string[] = [];
  const poller = createPoller({
    ...{ registry, kinds, now: clock.now, random: ids.random, owner: `hub-${randomBytes(4).toString('hex')}`, logger },
    store: {
      ...store,
      async advance(claimed, cursor, leaseMs) {
        if (cursor !== null) options.afterPublish?.();
        return store.advance(claimed, cursor, leaseMs);
      },
    },
    accepter,
    tokens: { take: async () => ({ granted: options.granted ?? 1, retryAfterMs: 60_000, remaining: 0, resetMs: 0 }) },
    onTurn: (_spoke, _poll, result) => turns.push(result),
    onRefused: (_spoke, _poll, key, reason) => refused.push(`${key}: ${reason}`),
  });
  const hub = {
    ...{ poller, accepter, turns, refused },
    async close() {
      await poller.stop();
      await registry.close();
      await expressions.close();
    },
  };
  hubs.push(hub);
  return hub;
}

const happens = (...ids: string[]) => system.events.push(...ids.map((id) => ({ id, type: 'thing.happened' })));
const due = () => db.hot.query(`UPDATE poll_cursor SET next_at = now() - interval '1 second' WHERE spoke = $1`, [spoke]);
async function stored(): Promise<string[]> {
  const { rows } = await db.hot.query<{ key: string }>('SELECT idempotency_key AS key FROM message WHERE spoke = $1 ORDER BY id', [spoke]);
  return rows.map(({ key }) => key).sort();
}
async function row() {
  const { rows } = await db.hot.query<{
    cursor: string | null;
    failures: number;
    last_error: string | null;
    rest: number;
    owner: string | null;
  }>(
    'SELECT cursor, failures, last_error, owner, extract(epoch FROM next_at - polled_at)::float8 AS rest FROM poll_cursor WHERE spoke = $1',
    [spoke],
  );
  return rows[0];
}

describe('polling', () => {
  it('starts at now unless told otherwise, and goes on where it was after a restart', async () => {
    happens('old');
    const first = await startHub({ from: 'now' });
    await first.poller.turn();
    expect(await stored()).toEqual([]);
    expect(await row()).toMatchObject({ cursor: '1', rest: 60, owner: null });
    await first.close();
    happens('a', 'b');
    const second = await startHub({ from: 'now' });
    await due();
    await second.poller.turn();
    expect(await stored()).toEqual(['a', 'b']);
    expect(system.calls).toEqual([
      { cursor: null, from: 'now' },
      { cursor: '1', from: 'now' },
    ]);
  });

  it('is done by one of two hubs at a time', async () => {
    happens('a');
    const [one, two] = [await startHub(), await startHub()];
    await Promise.all([one.poller.turn(), two.poller.turn(), one.poller.turn(), two.poller.turn()]);
    await Promise.all([one.poller.turn(), two.poller.turn()]);
    expect(system.calls).toHaveLength(1);
    expect([...one.turns, ...two.turns]).toEqual(['ok']);
    expect(await stored()).toEqual(['a']);
  });

  it('takes nothing twice after a crash between the commit and the move of the cursor', async () => {
    happens('a', 'b');
    const crashing = await startHub({
      afterPublish() {
        throw new HubError('store.unavailable');
      },
    });
    await crashing.poller.turn();
    expect(await stored()).toEqual(['a', 'b']);
    expect(await row()).toMatchObject({ cursor: null, failures: 1 });
    happens('c');
    const next = await startHub();
    expect(await next.poller.run(spoke, 'events')).toMatchObject({ end: 'ok', items: 3, duplicates: 2 });
    expect(await stored()).toEqual(['a', 'b', 'c']);
    expect(await row()).toMatchObject({ cursor: '3', failures: 0 });
  });

  it('is taken over from a process that sleeps past its lease, whose late page changes no cursor', async () => {
    happens('a');
    const asleep = await startHub();
    system.hang = true;
    const turn = asleep.poller.turn();
    await expect.poll(() => system.calls.length).toBe(1);
    await db.hot.query(`UPDATE poll_cursor SET lease_until = now() - interval '1 second' WHERE spoke = $1`, [spoke]);
    system.hang = false;
    const awake = await startHub();
    await awake.poller.turn();
    expect(await row()).toMatchObject({ cursor: '1' });
    happens('b');
    system.wake();
    await turn;
    expect([asleep.turns, awake.turns]).toEqual([['lost'], ['ok']]);
    expect(await stored()).toEqual(['a', 'b']);
    expect(await row()).toMatchObject({ cursor: '1', failures: 0 });
  });

  it('pages as long as there is more, up to a bound per turn, and goes on at once', async () => {
    happens(...Array.from({ length: 2_050 }, (_, n) => `e${n}`));
    const hub = await startHub();
    await hub.poller.turn();
    expect(system.calls).toHaveLength(20);
    expect(await row()).toMatchObject({ cursor: '2000', rest: 0 });
    await hub.poller.turn();
    expect(await stored()).toHaveLength(2_050);
    expect(await row()).toMatchObject({ cursor: '2050', rest: 60 });
  });

  it('backs off from a system that fails, heeds what it asks for, and recovers', async () => {
    const hub = await startHub();
    system.failing = { kind: 'fault', status: 500, detail: 'answered 500', sent: true };
    for (const rest of [30, 60, 120]) {
      await hub.poller.turn();
      expect(await row()).toMatchObject({ last_error: 'answered 500', rest });
      await due();
    }
    system.failing = { kind: 'throttled', status: 429, detail: 'answered 429', sent: true, retryAfterMs: 7_200_000 };
    await hub.poller.turn();
    expect(await row()).toMatchObject({ failures: 4, rest: 7_200 });
    system.failing = null;
    expect(await hub.poller.run(spoke, 'events')).toMatchObject({ end: 'ok' });
    expect(await row()).toMatchObject({ failures: 0, last_error: null, rest: 60 });
    expect(hub.turns).toEqual(['failed', 'failed', 'failed', 'failed', 'ok']);
  });

  it('gives up an adapter that does not answer, and stops with the process', async () => {
    const hub = await startHub({ timeoutMs: 50 });
    system.hang = true;
    system.failing = { kind: 'timeout', status: null, detail: 'no answer', sent: true };
    await hub.poller.turn();
    expect(await row()).toMatchObject({ failures: 1, last_error: 'no answer' });
    await due();
    const slow = await startHub({ timeoutMs: 60_000 });
    const turn = slow.poller.turn();
    await expect.poll(() => system.calls.length).toBe(2);
    await slow.poller.stop();
    await turn;
    expect(await row()).toMatchObject({ failures: 1, owner: null });
  });

  it('rests while the spoke is paused, and tells a person so', async () => {
    happens('a');
    const hub = await startHub();
    await db.prisma.spoke.update({ where: { name: spoke }, data: { paused: true } });
    await hub.poller.turn();
    await hub.poller.turn();
    await expect(hub.poller.run(spoke, 'events')).rejects.toMatchObject({ code: 'state.conflict' });
    await expect(hub.poller.run(spoke, 'nothing')).rejects.toMatchObject({ code: 'resource.not-found' });
    expect(system.calls).toEqual([]);
    await db.prisma.spoke.update({ where: { name: spoke }, data: { paused: false } });
    await hub.poller.turn();
    expect(await stored()).toEqual(['a']);
  });

  it('keeps to the rate of the spoke, without losing its place', async () => {
    happens('a');
    const hub = await startHub({ rate: { limit: 1, perMs: 1_000 }, granted: 0 });
    await hub.poller.turn();
    expect(system.calls).toEqual([]);
    expect(await row()).toMatchObject({ failures: 0, owner: null });
    await (await startHub({ rate: { limit: 1, perMs: 1_000 } })).poller.turn();
    expect(await stored()).toEqual(['a']);
  });

  it('takes what a webhook brought already for a repeat', async () => {
    const hub = await startHub();
    const known = (await hub.poller.run(spoke, 'events')) && spoke;
    happens('evt_1', 'evt_2');
    await db.hot.query(
      `INSERT INTO idempotency (key, spoke, message_id, digest, expires_at) VALUES ('evt_1', $1, gen_random_uuid(), 'x', now() + interval '1 day')`,
      [known],
    );
    expect(await hub.poller.run(spoke, 'events')).toMatchObject({ items: 2, duplicates: 1 });
    expect(await stored()).toEqual(['evt_2']);
  });

  it('keeps the order of events with the same ordering key', async () => {
    for (let n = 0; n < 30; n += 1) system.events.push({ id: `e${String(n).padStart(2, '0')}`, type: 't', customer: `c${n % 2}` });
    await (await startHub()).poller.turn();
    const { rows } = await db.hot.query<{ lane: string; keys: string[] }>(
      'SELECT ordering_key AS lane, array_agg(idempotency_key ORDER BY id) AS keys FROM message WHERE spoke = $1 GROUP BY 1 ORDER BY 1',
      [spoke],
    );
    expect(rows.map(({ lane }) => lane)).toEqual(['c0', 'c1']);
    for (const { keys } of rows) expect(keys).toEqual(keys.toSorted());
  });

  it('leaves out what can never be stored, says so, and goes on', async () => {
    system.events.push({ id: '', type: 't' }, { id: 'no-type', type: '' }, { id: 'nul\u0000', type: 't' }, { id: 'bad', type: 't' });
    system.events.push({ id: 'x'.repeat(300), type: 't', customer: 'c' }, { id: 'good', type: 't', customer: 'c' });
    const schema = { type: 'object', properties: { id: { not: { const: 'bad' } } } };
    const hub = await startHub({ schema });
    await hub.poller.turn();
    expect(hub.refused).toHaveLength(4);
    expect(hub.refused[3]).toBe('bad: breaks the inbound schema: /id must NOT be valid');
    expect(await stored()).toEqual(['good', expect.stringMatching(/^sha256:/)]);
    expect(await row()).toMatchObject({ cursor: '6', failures: 0 });
  });

  it('counts an adapter that does not get on, or gives no cursor, as failed', async () => {
    const hub = await startHub({ from: 'now' });
    system.more = true;
    await hub.poller.turn();
    expect(await row()).toMatchObject({ failures: 1, last_error: 'The poll does not get on: the same cursor again' });
  });
});
