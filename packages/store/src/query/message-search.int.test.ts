import { uuidV7 } from '@nave/core';
import { type DisposableDatabase, disposableDatabase, plainSeal, seedMessage } from '@nave/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../database.ts';
import { createMessageReader, type MessageReader } from './message-reader.ts';
import type { MessageFilter, SearchResult } from './message-search.ts';

const ALL: MessageFilter = { spokes: [], types: [], states: [], routes: [], ids: null, fromMs: null, toMs: null };
const NOW = Date.UTC(2026, 10, 21, 12);

let server: DisposableDatabase;
let db: Database;
let reader: MessageReader;
const ids: Record<string, string> = {};

beforeAll(async () => {
  server = await disposableDatabase();
  db = openDatabase({ url: server.url, applicationName: 'test', hotConnections: 2, queryConnections: 2 });
  reader = createMessageReader(db);
  const seed = async (name: string, offset: number, message: Parameters<typeof seedMessage>[1]) => {
    ids[name] = (await seedMessage(db.hot, { atMs: NOW + offset, ...message }, plainSeal)).id;
  };
  await seed('old', -86_400_000, { type: 'order.created', deliveries: [{ state: 'dead' }] });
  await seed('done', 1_000, {
    type: 'order.created',
    deliveries: [
      { state: 'succeeded', finishedAtMs: NOW + 1_500 },
      { route: 'crm', state: 'skipped' },
    ],
  });
  await seed('failed', 2_000, { type: 'order.paid', spoke: 'bank', deliveries: [{ state: 'dead' }, { route: 'crm', state: 'succeeded' }] });
  await seed('half', 3_000, { type: 'user.created', deliveries: [{ state: 'dead' }, { route: 'crm', state: 'retrying' }] });
  await seed('open', 4_000, { type: 'order.line.added', deliveries: [{ state: 'pending' }], correlationId: 'c-1' });
  await seed('waiting', 4_500, { type: 'order.created', deliveries: [{ state: 'held', heldBy: 'pause' }] });
  await seed('unrouted', 5_000, { type: 'nobody.cares', unrouted: true, idempotencyKey: 'k-1' });
  await seed('filtered', 6_000, {
    type: 'order.created',
    deliveries: [{ state: 'skipped', reason: 'filtered' }],
    keys: [{ name: 'order', hash: Buffer.from('hash-7') }],
  });
});

afterAll(async () => {
  await db.close();
  await server.drop();
});

/** Every page of a search, in order. */
async function all(filter: Partial<MessageFilter>, order: 'newest' | 'oldest' = 'newest', limit = 2): Promise<string[]> {
  const names: string[] = [];
  let after: string | null = null;
  for (let page = 0; page < 50; page++) {
    const result: SearchResult = await reader.search({ ...ALL, ...filter }, { order, after, limit, scanMax: 3 });
    names.push(...result.items.map(({ id }) => Object.entries(ids).find(([, known]) => known === id)?.[0] ?? id));
    if (result.next === null) return names;
    after = result.next;
  }
  throw new Error('the search never ends');
}

describe('searching messages', () => {
  it('gives every message once, newest first and oldest first, however small the pages', async () => {
    const newest = ['filtered', 'unrouted', 'waiting', 'open', 'half', 'failed', 'done', 'old'];
    expect(await all({})).toEqual(newest);
    expect(await all({}, 'oldest', 3)).toEqual([...newest].reverse());
  });

  it('derives the state from the deliveries', async () => {
    const { items } = await reader.search(ALL, { order: 'newest', after: null, limit: 50 });
    const states = Object.fromEntries(Object.entries(ids).map(([name, id]) => [name, items.find((item) => item.id === id)?.state]));
    expect(states).toEqual({
      ...{ old: 'failed', done: 'completed', failed: 'failed', half: 'accepted', open: 'accepted' },
      ...{ waiting: 'accepted', unrouted: 'unrouted', filtered: 'completed' },
    });
    expect(items.find(({ id }) => id === ids['done'])?.completedAt).toEqual(new Date(NOW + 1_500));
    expect(items.find(({ id }) => id === ids['open'])?.completedAt).toBeNull();
  });

  it('finds each state through its own index and in any combination', async () => {
    expect(await all({ states: ['failed'] })).toEqual(['failed', 'old']);
    expect(await all({ states: ['failed'] }, 'oldest')).toEqual(['old', 'failed']);
    expect(await all({ states: ['failed'], spokes: ['shop'] })).toEqual(['old']);
    expect(await all({ states: ['accepted'] })).toEqual(['waiting', 'open', 'half']);
    expect(await all({ states: ['unrouted'] })).toEqual(['unrouted']);
    expect(await all({ states: ['completed'] })).toEqual(['filtered', 'done']);
    expect(await all({ states: ['completed', 'failed', 'unrouted'] })).toEqual(['filtered', 'unrouted', 'failed', 'done', 'old']);
  });

  it('filters by spoke, type pattern, route and time', async () => {
    expect(await all({ spokes: ['bank'] })).toEqual(['failed']);
    expect(await all({ spokes: ['bank', 'shop'], types: ['order.*'] })).toEqual(['filtered', 'waiting', 'failed', 'done', 'old']);
    expect(await all({ types: ['order.**'], routes: ['invoices'], states: ['accepted'] })).toEqual(['waiting', 'open']);
    expect(await all({ routes: ['crm'] })).toEqual(['half', 'failed', 'done']);
    expect(await all({ fromMs: NOW + 2_000, toMs: NOW + 4_000 })).toEqual(['half', 'failed']);
    expect(await all({ fromMs: NOW + 2_000, toMs: NOW + 4_000, states: ['failed'] })).toEqual(['failed']);
  });

  it('knows a message by id, idempotency key, correlation id and business key', async () => {
    expect(await reader.idsKnownAs(ids['old']?.toUpperCase() ?? '', [])).toEqual([ids['old']]);
    expect(await reader.idsKnownAs('k-1', [])).toEqual([ids['unrouted']]);
    expect(await reader.idsKnownAs('c-1', [])).toEqual([ids['open']]);
    expect(await reader.idsKnownAs('7', [Buffer.from('hash-7'), Buffer.from('other')])).toEqual([ids['filtered']]);
    expect(await reader.idsKnownAs("'; DROP TABLE message; --", [])).toEqual([]);
    expect(await all({ ids: [ids['old'] ?? '', ids['open'] ?? ''] })).toEqual(['open', 'old']);
    expect(await all({ ids: [] })).toEqual([]);
  });

  it('shows a message with its deliveries, replays included, and the names of its keys', async () => {
    const failed = ids['failed'] ?? '';
    const replayed = uuidV7(NOW + 10_000, Buffer.alloc(10, 7));
    await db.hot.query(
      `INSERT INTO delivery (id, message_id, source, route, route_version, step, step_name, spoke, operation, state, created_at, replay_id, replay_of)
       SELECT $1, message_id, source, route, 2, step, step_name, spoke, operation, 'succeeded', created_at + interval '10 seconds', $1, id FROM delivery WHERE message_id = $2 AND state = 'dead'`,
      [replayed, failed],
    );
    const message = await reader.find(failed);
    expect(message?.deliveries.map(({ state, route, replayOf }) => [route, state, replayOf !== null])).toEqual([
      ['crm', 'succeeded', false],
      ['invoices', 'dead', false],
      ['invoices', 'succeeded', true],
    ]);
    expect((await reader.find(ids['filtered'] ?? ''))?.keys).toEqual(['order']);
    expect(await reader.find('019aa000-0000-7000-8000-000000000000')).toBeNull();
  });
});
