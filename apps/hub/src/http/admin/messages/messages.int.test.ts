import { type BellEntry, deriveUuid, type RunPlanner } from '@nave/core';
import { encodeOutput } from '@nave/pipeline';
import { type SeedMessage, seedMessage } from '@nave/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AdminFixture, adminFixture } from '../admin-fixture.ts';

const rung: BellEntry[] = [];
const planner: RunPlanner = {
  planRuns: async (message, { dated, run, route }) =>
    message.type === 'nobody.cares'
      ? []
      : [
          {
            ...{
              id: deriveUuid(dated, message.id, run),
              route: route ?? 'invoices',
              routeVersion: 3,
              step: 0,
              stepName: 'invoice',
              spoke: 'erp',
            },
            ...{ operation: 'send', state: 'pending', reason: null, laneKey: null },
          },
        ],
};

let hub: AdminFixture;
let operator: string;
let viewer: string;

beforeAll(async () => {
  hub = await adminFixture({
    planner,
    bell: { ring: (entries) => void rung.push(...entries), healthy: () => true, close: async () => {} },
    businessKeyHashes: (value) => [Buffer.from(`hash of ${value}`)],
  });
  operator = await hub.keyFor('operator');
  viewer = await hub.keyFor('viewer');
});

afterAll(() => hub.close());

async function seed(message: SeedMessage = {}) {
  const key = await hub.deps.sealer.keyFor('spoke:shop', hub.deps.clock.now());
  return seedMessage(hub.db.hot, { atMs: hub.deps.clock.now(), ...message }, key.seal);
}

describe('GET /messages', () => {
  it('pages through a filter without gaps and refuses the cursor of another one', async () => {
    const seeded: string[] = [];
    for (let n = 0; n < 5; n++) seeded.push((await seed({ type: 'paged.one' })).id);
    const ids: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page = await hub.call('GET', `messages?type=paged.*&limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`, { key: viewer });
      expect(page.status).toBe(200);
      ids.push(...page.body.items.map((item: { id: string }) => item.id));
      cursor = page.body.nextCursor;
    }
    expect(ids).toEqual(seeded.reverse());
    const first = await hub.call('GET', 'messages?type=paged.*&limit=2');
    const other = await hub.call('GET', `messages?type=paged.one&limit=2&cursor=${first.body.nextCursor}`);
    expect([other.status, other.body.code]).toEqual([400, 'request.cursor']);
  });

  it('finds messages by what people know of them', async () => {
    const { id } = await seed({
      idempotencyKey: 'evt_1',
      correlationId: 'corr-9',
      keys: [{ name: 'order', hash: Buffer.from('hash of 4711') }],
    });
    for (const q of [id, 'evt_1', 'corr-9', '4711']) {
      const { body } = await hub.call('GET', `messages?q=${q}`);
      expect(body.items.map((item: { id: string }) => item.id)).toEqual([id]);
    }
    expect((await hub.call('GET', 'messages?q=nothing')).body).toEqual({ items: [], nextCursor: null });
  });

  it.each([
    'state=broken',
    'state=',
    'limit=0',
    'limit=201',
    'limit=x',
    'from=yesterday',
    'type=a..b',
    'type=a*',
    'q=%00',
    'unknown=1',
    'cursor=%21',
  ])('refuses %s with 400', async (query) => {
    const { status, headers } = await hub.call('GET', `messages?${query}`);
    expect([status, headers['content-type']]).toEqual([400, expect.stringContaining('application/problem+json')]);
  });

  it.each(["q=' OR 1=1 --", 'spoke=%27%3BDROP', 'type=__proto__', 'route=constructor', 'spoke=a,b,c', 'state=dead'])(
    'takes %s as a value',
    async (query) => {
      const { status, body } = await hub.call('GET', `messages?${query}`);
      if (query === 'state=dead') expect(status).toBe(400);
      else expect([status, body.items]).toEqual([200, []]);
    },
  );
});

describe('GET /messages/{id}', () => {
  it('shows all that happened, in order, and no payload', async () => {
    const attempts = [
      { outcome: 'fault' as const, status: 500, detail: 'HTTP 500' },
      { outcome: 'ok' as const, status: 200, detail: 'HTTP 200' },
    ];
    const { id, deliveryIds } = await seed({
      body: '{"secret":"body"}',
      headers: { 'x-a': '1' },
      keys: [{ name: 'order', hash: Buffer.from('x') }],
      deliveries: [{ state: 'succeeded', attempts }],
    });
    const { status, body, text } = await hub.call('GET', `messages/${id}`, { key: viewer });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id,
      source: 'shop',
      type: 'order.created',
      state: 'completed',
      keys: ['order'],
      size: 17,
      contentType: 'application/json',
    });
    expect(body.deliveries[0]).toMatchObject({
      id: deliveryIds[0],
      messageId: id,
      step: 'step0',
      state: 'succeeded',
      attemptCount: 2,
      replayOf: null,
    });
    expect(body.deliveries[0].attempts.map((attempt: { outcome: string }) => attempt.outcome)).toEqual(['fault', 'ok']);
    expect(body.timeline.map((event: { event: string }) => event.event)).toEqual([
      'received',
      'delivery.created',
      'attempt.fault',
      'attempt.ok',
      'delivery.succeeded',
    ]);
    expect(text).not.toContain('secret');
  });

  it('answers 404 for an unknown id and 400 for what is none', async () => {
    expect((await hub.call('GET', 'messages/019aa000-0000-7000-8000-000000000000')).status).toBe(404);
    expect((await hub.call('GET', 'messages/42')).status).toBe(400);
  });
});

describe('GET /messages/{id}/payload', () => {
  it('opens body, inputs, answers and excerpts for an operator, and audits the look', async () => {
    const output = encodeOutput({ status: 201, headers: { 'x-b': '2' }, contentType: 'text/plain', body: Buffer.from('made') });
    const excerpt = Buffer.from('{"request":null,"response":{"status":201}}');
    const { id, deliveryIds } = await seed({
      body: '{"n":9007199254740993}',
      headers: { 'x-a': '1' },
      deliveries: [{ input: Buffer.from('{"number":1}'), output, attempts: [{ outcome: 'ok', excerpt }] }],
    });
    const { status, body } = await hub.call('GET', `messages/${id}/payload`, { key: operator });
    expect(status).toBe(200);
    expect(body).toEqual({
      ...{ contentType: 'application/json', method: 'POST', headers: { 'x-a': '1' }, query: {}, size: 22, body: '{"n":9007199254740993}' },
      deliveries: [
        {
          id: deliveryIds[0],
          input: { body: '{"number":1}' },
          output: { status: 201, contentType: 'text/plain', headers: { 'x-b': '2' }, body: 'made' },
          attempts: [{ number: 1, excerpt: { request: null, response: { status: 201 } } }],
        },
      ],
    });
    const audit = await hub.call('GET', `audit?action=payload.reveal&subject=message:${id}`);
    expect(audit.body.items).toHaveLength(1);
    expect(audit.body.items[0]).toMatchObject({ actor: 'key:operator key', detail: { spoke: 'shop' } });
  });

  it('reads the answer of a success from its excerpt where it is kept only there, and takes no other for it', async () => {
    const response = { status: 201, headers: { 'content-type': 'text/plain' }, body: 'made' };
    const excerpt = Buffer.from(JSON.stringify({ request: null, response }));
    const { id, deliveryIds } = await seed({
      deliveries: [
        { attempts: [{ outcome: 'fault', excerpt }] },
        {
          attempts: [
            { outcome: 'fault', excerpt: Buffer.from(JSON.stringify({ request: null, response: { ...response, status: 500 } })) },
            { outcome: 'ok', excerpt },
          ],
        },
      ],
    });
    const { body } = await hub.call('GET', `messages/${id}/payload`, { key: operator });
    const outputs = new Map(body.deliveries.map((delivery: { id: string; output: unknown }) => [delivery.id, delivery.output]));
    expect(deliveryIds.map((each) => outputs.get(each))).toEqual([null, { ...response, contentType: 'text/plain' }]);
  });

  it('reads an input from the excerpt that holds it, and takes no other body for it', async () => {
    const request = { line: 'POST /', headers: {}, body: '{"number":1}' };
    const excerptOf = (more: object) => Buffer.from(JSON.stringify({ request: { ...request, ...more }, response: null }));
    const { id, deliveryIds } = await seed({
      deliveries: [
        { attempts: [{ outcome: 'ok', excerpt: excerptOf({ isInput: true }) }] },
        { attempts: [{ outcome: 'ok', excerpt: excerptOf({}) }] },
        { input: Buffer.from('{"number":2}'), attempts: [{ outcome: 'ok', excerpt: excerptOf({ isInput: true }) }] },
      ],
    });
    const { body } = await hub.call('GET', `messages/${id}/payload`, { key: operator });
    const inputs = new Map(body.deliveries.map((delivery: { id: string; input: unknown }) => [delivery.id, delivery.input]));
    expect(deliveryIds.map((each) => inputs.get(each))).toEqual([{ body: '{"number":1}' }, null, { body: '{"number":2}' }]);
  });

  it('is refused to a viewer, without a trace of the payload', async () => {
    const { id } = await seed();
    expect((await hub.call('GET', `messages/${id}/payload`, { key: viewer })).status).toBe(403);
    expect((await hub.call('GET', `audit?action=payload.reveal&subject=message:${id}`)).body.items).toEqual([]);
  });
});

describe('POST /messages/{id}/replay', () => {
  it('makes new deliveries, rings for them and shows them with the message', async () => {
    const { id, deliveryIds } = await seed({ deliveries: [{ state: 'dead' }] });
    rung.length = 0;
    hub.pass(1_000);
    const { status, body } = await hub.call('POST', `messages/${id}/replay`, { key: operator });
    expect([status, body.state, body.total, body.done, body.failed]).toEqual([202, 'done', 1, 1, 0]);
    expect(rung).toEqual([{ spoke: 'erp', deliveryId: body.deliveries[0] }]);
    const shown = await hub.call('GET', `messages/${id}`);
    expect(shown.body.deliveries.map((delivery: { id: string; replayOf: string | null }) => [delivery.id, delivery.replayOf])).toEqual([
      [deliveryIds[0], null],
      [body.deliveries[0], deliveryIds[0]],
    ]);
    expect((await hub.call('POST', `messages/${id}/replay`, { key: viewer })).status).toBe(403);
    expect((await hub.call('POST', `messages/${id}/replay`, { body: { routeVersion: 1 } })).status).toBe(422);
    expect((await hub.call('POST', `messages/${id}/replay`, { body: { route: 'other', x: 1 } })).status).toBe(422);
    expect((await hub.call('POST', 'messages/019aa000-0000-7000-8000-000000000000/replay')).status).toBe(404);
    const nobody = await seed({ type: 'nobody.cares' });
    expect((await hub.call('POST', `messages/${nobody.id}/replay`)).status).toBe(409);
  });
});
