import { createHash } from 'node:crypto';
import { type BellEntry, decodeContent } from '@nave/core';
import { type Accepter, createAccepter } from '@nave/pipeline';
import { createMessageReader, createMessageStore } from '@nave/store';
import { type SeedMessage, seedMessage } from '@nave/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadRoutes, loadRouteVersion } from '../../../registry/complete-route.ts';
import { loadDefinitions } from '../../../registry/complete-spoke.ts';
import { createRegistry, type RunningRegistry } from '../../../registry/registry.ts';
import { type AdminFixture, adminFixture } from '../admin-fixture.ts';

const rung: BellEntry[] = [];
const bell = { ring: (entries: readonly BellEntry[]) => void rung.push(...entries), healthy: () => true, close: async () => {} };
const SCHEMA = { type: 'object', required: ['total'], properties: { total: { type: 'number' } } };

let hub: AdminFixture;
let registry: RunningRegistry;
let accepter: Accepter;
let operator: string;

beforeAll(async () => {
  hub = await adminFixture({
    bell,
    registry: { reload: () => registry.reload() },
    resubmit: {
      registry: {
        spoke: (name) => registry.spoke(name),
        routesFor: (spoke, type) => registry.routesFor(spoke, type),
        route: (name) => registry.route(name),
        routeVersion: (name, version) => registry.routeVersion(name, version),
      },
      publish: (publication) => accepter.publish(publication),
    },
  });
  const { deps, db } = hub;
  registry = createRegistry({
    ...{ kinds: deps.kinds, expressions: deps.expressions, clock: deps.clock, logger: deps.logger },
    fetchJwks: async () => ({ keys: [] }),
    load: async () => ({ version: 1n, spokes: await loadDefinitions(deps.spokes, deps.kinds), routes: await loadRoutes(deps.routes) }),
    readVersion: async () => 1n,
    loadRouteVersion: (name, version) => loadRouteVersion(deps.routes, name, version),
    open: () => Promise.reject(new Error('nothing is sent here')),
  });
  accepter = createAccepter({
    ...{ store: createMessageStore(db.hot), registry, sealer: deps.sealer, bell, clock: deps.clock, ids: deps.ids },
    businessKeyHash: (name, value) => createHash('sha256').update(`${name} ${value}`).digest(),
    onMismatch() {},
    onAccepted() {},
  });
  operator = await hub.keyFor('operator');
  const inbound = { verify: { scheme: 'none' }, keys: { order: 'number' }, schema: SCHEMA, maxBytes: 10_000 };
  await hub.call('PUT', 'spokes/shop', { body: { kind: 'source', inbound } });
  await hub.call('PUT', 'spokes/sink', {
    body: { kind: 'webhook', config: { url: 'http://127.0.0.1:9001/in' }, credentials: { type: 'none' } },
  });
  const steps = [{ name: 'a', to: 'sink' }];
  await hub.call('PUT', 'routes/one', { body: { from: { spoke: 'shop', type: 'order.*' }, steps } });
  await hub.call('PUT', 'routes/two', { body: { from: { spoke: 'shop', type: 'order.*' }, when: 'data.total > 100', steps } });
  await hub.call('PUT', 'routes/other', { body: { from: { spoke: 'shop', type: 'nothing' }, steps } });
});

afterAll(async () => {
  await registry.close();
  await hub.close();
});

async function seed(message: SeedMessage = {}) {
  const key = await hub.deps.sealer.keyFor('spoke:shop', hub.deps.clock.now());
  const content = {
    body: '{"total":"wrong","secret":1}',
    headers: { 'x-a': '1', 'content-type': 'application/json', 'content-length': '27' },
  };
  return seedMessage(hub.db.hot, { atMs: hub.deps.clock.now(), spoke: 'shop', correlationId: 'corr-1', ...content, ...message }, key.seal);
}

const replay = (id: string, body: unknown, key: string = hub.adminKey) => hub.call('POST', `messages/${id}/replay`, { key, body });

describe('replaying with an edited body', () => {
  it('makes a new message, sealed and routed like any other, and links both', async () => {
    const old = await seed({ idempotencyKey: 'evt-77' });
    const answer = await replay(old.id, { body: '{"total":5,"number":"A1"}' });
    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({
      messageId: expect.any(String),
      editedFrom: old.id,
      deliveries: [expect.any(String), expect.any(String)],
    });
    const { messageId, deliveries } = answer.body;
    const made = await hub.call('GET', `messages/${messageId}`);
    expect(made.body).toMatchObject({
      ...{ id: messageId, source: 'shop', type: 'order.created', state: 'accepted', correlationId: 'corr-1', idempotencyKey: null },
      ...{ keys: ['order'], size: 25, editedFrom: old.id, edits: [] },
      deliveries: [
        { route: 'one', state: 'pending' },
        { route: 'two', state: 'skipped', reason: 'filtered' },
      ],
    });
    expect(made.body.timeline[1]).toMatchObject({ event: 'edited.from', detail: `Made by a person from ${old.id}` });
    const before = await hub.call('GET', `messages/${old.id}`);
    expect(before.body).toMatchObject({ editedFrom: null, edits: [messageId], deliveries: [] });
    expect(before.body.timeline.at(-1)).toMatchObject({ event: 'edited', detail: `Sent again with another body as ${messageId}` });
    expect(deliveries).toEqual(made.body.deliveries.map((delivery: { id: string }) => delivery.id));
    expect(rung).toContainEqual({ spoke: 'sink', deliveryId: deliveries[0] });
    const sealed = await createMessageReader(hub.db).sealedPayload(messageId);
    const { headers, body } = decodeContent(await hub.deps.sealer.open(sealed?.content ?? new Uint8Array(), `message:${messageId}`));
    expect([headers, Buffer.from(body).toString()]).toEqual([
      { 'x-a': '1', 'content-type': 'application/json' },
      '{"total":5,"number":"A1"}',
    ]);
  });

  it('is audited with sizes and digests, never with content', async () => {
    const { id } = await seed();
    await replay(id, { body: '{"total":6,"iban":"CZ65"}', route: 'one' });
    const { body, text } = await hub.call('GET', `audit?subject=message:${id}`);
    const { contentDigest } = hub.deps;
    expect(body.items).toMatchObject([
      {
        action: 'message.replay.edited',
        actor: 'key:bootstrap',
        detail: {
          ...{ route: 'one', routeVersion: null, forced: false, oldSize: 28, newSize: 25 },
          oldDigest: contentDigest(Buffer.from('{"total":"wrong","secret":1}')),
          newDigest: contentDigest(Buffer.from('{"total":6,"iban":"CZ65"}')),
        },
      },
    ]);
    // Nor what a guess could be held against.
    const plain = createHash('sha256').update('{"total":6,"iban":"CZ65"}').digest('hex');
    expect(text).not.toMatch(new RegExp(`secret|CZ65|${plain}`));
  });

  it('keeps to the route that is asked for, also one that would not take it', async () => {
    const { id } = await seed();
    const { body } = await replay(id, { body: '{"total":500}', route: 'other', routeVersion: 1 });
    expect((await hub.call('GET', `messages/${body.messageId}`)).body.deliveries).toMatchObject([{ route: 'other', routeVersion: 1 }]);
    const all = await replay(id, { body: '{"total":500}' });
    expect(all.body.deliveries).toHaveLength(2);
  });

  it('takes bytes of another type', async () => {
    const { id } = await seed();
    const edit = { bodyBase64: Buffer.from('<a/>').toString('base64'), contentType: 'application/xml', force: true };
    const { body } = await replay(id, edit);
    expect((await hub.call('GET', `messages/${body.messageId}`)).body).toMatchObject({ contentType: 'application/xml', size: 4 });
  });

  it('refuses what breaks the schema of the spoke with its places, unless it is forced', async () => {
    const { id } = await seed();
    const refused = await replay(id, { body: '{"total":"x"}' });
    expect(refused.body).toMatchObject({ status: 422, code: 'ingress.schema', errors: [{ path: '/body/total' }] });
    expect((await hub.call('GET', `messages/${id}`)).body.edits).toEqual([]);
    const forced = await replay(id, { body: '{"total":"x"}', force: true });
    expect(forced.status).toBe(202);
    const { body } = await hub.call('GET', `audit?subject=message:${id}`);
    expect(body.items).toMatchObject([{ detail: { forced: true } }]);
  });

  it('is for admins; operators replay what came', async () => {
    const { id } = await seed();
    expect((await replay(id, { body: '{"total":1}' }, operator)).body).toMatchObject({ status: 403, code: 'auth.forbidden' });
    expect((await replay(id, { bodyBase64: 'e30=' }, operator)).status).toBe(403);
    expect((await replay(id, {}, operator)).status).not.toBe(403);
    expect((await hub.call('GET', `messages/${id}`)).body.edits).toEqual([]);
  });

  it.each([
    ['a body that is not what its type says', { body: '{"total":' }, 422, '/body'],
    ['two bodies', { body: '{}', bodyBase64: 'e30=' }, 422, '/bodyBase64'],
    ['a type without a body', { contentType: 'text/plain' }, 422, '/contentType'],
    ['force without a body', { force: true }, 422, '/force'],
    ['what is not base64', { bodyBase64: 'e30=!' }, 422, '/bodyBase64'],
    ['a type that is none', { body: '{}', contentType: 'nonsense' }, 422, '/contentType'],
    ['a route that is not there', { body: '{"total":1}', route: 'nobody' }, 422, '/route'],
    ['a version that is not there', { body: '{"total":1}', route: 'one', routeVersion: 9 }, 422, '/routeVersion'],
    ["a route of the hub's own", { body: '{"total":1}', route: 'nave.alerts' }, 422, '/route'],
    ['a version of no route', { body: '{"total":1}', routeVersion: 1 }, 422, '/routeVersion'],
    ['a body that is no text', { body: { total: 1 } }, 422, '/body'],
  ])('refuses %s and stores nothing', async (_name, edit, status, path) => {
    const { id } = await seed();
    const { body } = await replay(id, edit);
    expect([body.status, body.errors.map((error: { path: string }) => error.path)]).toEqual([status, expect.arrayContaining([path])]);
    expect((await hub.call('GET', `messages/${id}`)).body.edits).toEqual([]);
    expect((await hub.call('GET', `audit?subject=message:${id}`)).body.items).toEqual([]);
  });

  it('refuses what is larger than the spoke takes, what no route takes, and what is not there', async () => {
    const { id } = await seed();
    expect((await replay(id, { body: `{"total":1,"x":"${'x'.repeat(10_000)}"}` })).status).toBe(413);
    const unrouted = await seed({ type: 'nobody.cares' });
    expect((await replay(unrouted.id, { body: '{"total":1}' })).body).toMatchObject({ status: 409, code: 'state.conflict' });
    const stray = await seed({ spoke: 'gone' });
    expect((await replay(stray.id, { body: '{"total":1}' })).status).toBe(409);
    expect((await replay('019aa000-0000-7000-8000-000000000000', { body: '{"total":1}' })).status).toBe(404);
  });
});
