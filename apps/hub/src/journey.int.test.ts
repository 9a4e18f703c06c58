/** The whole journey of a message over the real parts, on both queue backends: a sender, the pipeline on PostgreSQL, and a system at the other end. */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { KINDS } from '@nave/adapters';
import { type Clock, DEFAULT_POLICY, type Ids, type RouteDefinition, type SpokeDefinition, uuidV7 } from '@nave/core';
import { createExpressionEngine } from '@nave/expressions';
import { type Accepted, createAccepter, createDeliver, createRecorder, createSweep } from '@nave/pipeline';
import { createBell, createBellListener, prepareQueueBackend, type QueueBackend } from '@nave/queue';
import { createAddressGuard, createSealer } from '@nave/security';
import { createDataKeyStore, createLeadership, createMessageReader, createMessageStore, openDatabase } from '@nave/store';
import { disposableDatabase, recordingLogger, testRedisUrl } from '@nave/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPayload } from './http/admin/messages/message-payload.ts';
import { openConnection } from './registry/open-connection.ts';
import { createRegistry } from './registry/registry.ts';
import { createDispatcher } from './worker/dispatcher.ts';
import { createWorker } from './worker/worker.ts';

const SOON = { timeout: 30_000, interval: 10 };

interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** A system with an answer for every path; `/flaky` fails the first time it sees a key, `/slow` answers when it is told to. */
async function startSystem() {
  const received: Received[] = [];
  const seen = new Set<string>();
  let answerSlow: (() => void)[] = [];
  const server: Server = createServer((request, answer) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const path = request.url ?? '';
      const key = String(request.headers['idempotency-key']);
      received.push({ path, headers: request.headers, body: Buffer.concat(chunks).toString() });
      const first = !seen.has(key);
      seen.add(key);
      const say = (status: number, body: string) => answer.writeHead(status, { 'content-type': 'application/json' }).end(body);
      if (path === '/reject') say(422, '{"error":"no such customer"}');
      else if (path === '/flaky' && first) say(503, '{}');
      else if (path === '/slow') answerSlow.push(() => say(200, '{}'));
      else say(201, JSON.stringify({ number: `${path.slice(1)}-${received.length}` }));
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    received,
    at: (path: string) => received.filter((each) => each.path === path),
    slow: () => answerSlow.length,
    answerSlow: () => {
      for (const say of answerSlow) say();
      answerSlow = [];
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

function configuration(url: string): { spokes: SpokeDefinition[]; routes: RouteDefinition[] } {
  const base = { title: '', enabled: true, paused: false, version: 1, credentials: { type: 'none' } };
  const policy = { ...DEFAULT_POLICY, concurrency: 20, retry: { attempts: 3, baseMs: 20, maxMs: 100, factor: 2, jitter: false } };
  const operation = (path: string, more: object = {}) => ({ method: 'POST', path, ...more });
  const inbound = {
    ...{
      verify: [{ scheme: 'none', secrets: [], options: {} }],
      type: 'type',
      idempotencyKey: 'id',
      orderingKey: 'customer',
      keys: {},
      schema: null,
    },
    ...{ maxBytes: 1_000_000, idempotencyWindowMs: 3_600_000, rate: null, retentionMs: null, polls: {} },
  };
  const operations = {
    ...{ create: operation('/create'), reject: operation('/reject'), flaky: operation('/flaky'), slow: operation('/slow') },
    charge: operation('/slow', { idempotent: 'never' }),
  };
  const route = (name: string, type: string, when: string | null, steps: RouteDefinition['steps']): RouteDefinition => ({
    ...{ name, version: 1, enabled: true, from: { spoke: 'shop', type }, when, orderingKey: null, steps, mode: 'async', timeoutMs: null },
  });
  const step = (name: string, to: string, called: string, input: string | null = null) => ({
    ...{ name, to, operation: called, input },
    atMostOnce: false,
  });
  return {
    spokes: [
      { ...base, policy, name: 'shop', kind: 'source', config: {}, inbound },
      { ...base, policy, name: 'erp', kind: 'rest', config: { baseUrl: url, operations }, inbound: null },
      {
        ...base,
        policy,
        name: 'crm',
        kind: 'rest',
        config: { baseUrl: url, operations: { contact: operation('/contact') } },
        inbound: null,
      },
    ],
    routes: [
      route('invoices', 'order.*', 'data.total > 0', [step('invoice', 'erp', 'create', '{ "number": data.id, "total": data.total }')]),
      route('contacts', 'order.**', null, [step('contact', 'crm', 'contact')]),
      route('onboarding', 'employee.hired', null, [
        step('account', 'erp', 'create', '{ "login": data.id }'),
        step('mail', 'crm', 'contact', '{ "account": steps.account.number, "status": $response("account").status }'),
      ]),
      route('rejected', 'bad.*', null, [step('try', 'erp', 'reject')]),
      route('flaky', 'flaky.*', null, [step('try', 'erp', 'flaky', '{ "id": data.id, "at": $now() }')]),
      route('slow', 'slow.*', null, [step('wait', 'erp', 'slow')]),
      route('charges', 'charge.*', null, [step('charge', 'erp', 'charge')]),
    ],
  };
}

async function startPipeline(backend: (postgresUrl: string) => QueueBackend) {
  const system = await startSystem();
  const disposable = await disposableDatabase();
  const db = openDatabase({ url: disposable.url, applicationName: 'test', hotConnections: 4, queryConnections: 2 });
  const queue = backend(disposable.url);
  await prepareQueueBackend(queue);
  const logger = recordingLogger();
  const clock: Clock = { now: () => Date.now() };
  const ids: Ids = { next: (atMs) => uuidV7(atMs, randomBytes(10)), random: Math.random };
  const sealer = createSealer({ masterKey: randomBytes(32), dataKeys: createDataKeyStore(db.prisma), random: (n) => randomBytes(n) });
  const expressions = createExpressionEngine({ timeoutMs: 60_000 });
  const kinds = new Map(KINDS.map((kind) => [kind.kind, kind]));
  const guard = createAddressGuard({ allow: ['127.0.0.0/8'], forbid: [] });
  const open = { kinds, guard, expressions, clock, logger };
  const config = configuration(system.url);
  for (const { name, kind } of config.spokes)
    await db.hot.query(
      `INSERT INTO spoke (name, kind, title, enabled, version, spec, created_at, updated_at) VALUES ($1, $2, '', true, 1, '{}', now(), now())`,
      [name, kind],
    );
  const registry = createRegistry({
    ...{ kinds, expressions, clock, logger },
    fetchJwks: async () => ({ keys: [] }),
    load: async () => ({ version: 1n, ...config }),
    readVersion: async () => 1n,
    loadRouteVersion: async () => null,
    open: (spoke) => openConnection(spoke, open),
  });
  await registry.reload();
  const store = createMessageStore(db.hot);
  const bell = createBell({ backend: queue, shards: 1, logger });
  const accepter = createAccepter({
    ...{ store, registry, sealer, bell, clock, ids },
    businessKeyHash: () => new Uint8Array(32),
    onMismatch: () => undefined,
    onAccepted: () => undefined,
  });

  /** A worker as a process has it. */
  function startWorker(owner: string) {
    const dispatcher = createDispatcher({
      ...{ store, registry, logger, owner, leaseMs: 30_000, concurrency: 100, gates: [] },
      recorder: createRecorder(store, bell),
      deliver: createDeliver({
        ...{ store, registry, sealer, clock, ids, logger },
        markSending: async (mark) => (await store.markSending([mark])).length === 1,
      }),
      onFinished: () => undefined,
    });
    return createWorker({
      ...{ dispatcher, bell, store, logger },
      listener: createBellListener({ backend: queue, shards: 1, logger, now: clock.now }),
      sweep: createSweep({ store, bell, logger }),
      leadership: createLeadership(disposable.url, 1, () => undefined),
    });
  }

  async function send(body: object, headers: Record<string, string> = {}): Promise<Accepted> {
    const shop = registry.spoke('shop');
    if (shop === null || shop.inbound === null) throw new Error('no shop');
    const answer = await accepter.hook(shop, shop.inbound, {
      ...{ method: 'POST', target: '/hooks/shop', publicUrl: 'http://hub/hooks/shop', query: {}, remoteAddress: '127.0.0.1' },
      headers: { 'content-type': 'application/json', ...headers },
      body: Buffer.from(JSON.stringify(body)),
    });
    if (!('messageId' in answer)) throw new Error('a handshake');
    return answer;
  }

  interface Row {
    id: string;
    route: string;
    step: number;
    state: string;
    reason: string | null;
    attempts: string[];
  }
  async function deliveries(messageId: string): Promise<Row[]> {
    const { rows } = await db.hot.query<Row>(
      `SELECT id, route, step, state::text, reason, ARRAY(SELECT outcome::text FROM attempt WHERE delivery_id = d.id ORDER BY number) AS attempts
       FROM delivery d WHERE message_id = $1 ORDER BY route, step`,
      [messageId],
    );
    return rows;
  }
  /** What a person is shown as sent with each delivery, and whether the delivery itself keeps it. */
  async function inputs(messageId: string): Promise<{ shown: string | null; kept: boolean }[]> {
    const sealed = await createMessageReader(db).sealedPayload(messageId);
    if (sealed === null) throw new Error('no message');
    const { deliveries: all } = await openPayload(sealer, sealed);
    return all.map(({ input }, n) => ({
      shown: input?.body ?? null,
      kept: sealed.deliveries[n]?.input !== null,
    }));
  }
  const states = async (messageId: string) => (await deliveries(messageId)).map(({ route, state }) => `${route} ${state}`);

  return {
    ...{ system, send, deliveries, inputs, states, startWorker, logger, db },
    async close() {
      await accepter.drained();
      await bell.close();
      await registry.close();
      await expressions.close();
      await db.close();
      await disposable.drop();
      await system.close();
    },
  };
}

const redisUrl = testRedisUrl();
const backends: [string, ((postgresUrl: string) => QueueBackend) | null][] = [
  ['PostgreSQL', (postgresUrl) => ({ redisUrl: null, postgresUrl })],
  ['Redis', redisUrl === null ? null : (postgresUrl) => ({ redisUrl: `${redisUrl}/8`, postgresUrl })],
];

describe.each(backends)('the journey of a message with the queue on %s', (_name, backend) => {
  if (backend === null) {
    it.skip('needs redis-server (Debian: apt-get install redis-server)', () => undefined);
    return;
  }
  let hub: Awaited<ReturnType<typeof startPipeline>>;
  let worker: ReturnType<typeof hub.startWorker>;
  beforeAll(async () => {
    hub = await startPipeline(backend);
    worker = hub.startWorker('first');
    await worker.start();
  });
  afterAll(async () => {
    await worker.stop(1_000);
    await hub.close();
  });

  it('is accepted, mapped, delivered to every route that takes it, and recorded', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const { messageId, duplicate } = await hub.send({ type: 'order.created', id: 'o-1', total: 5, big: 1 }, { traceparent });
    expect(duplicate).toBe(false);
    await expect.poll(() => hub.states(messageId), SOON).toEqual(['contacts succeeded', 'invoices succeeded']);
    const [contact, invoice] = await hub.deliveries(messageId);
    expect([contact?.attempts, invoice?.attempts]).toEqual([['ok'], ['ok']]);
    const [created] = hub.system.at('/create');
    expect(JSON.parse(created?.body ?? '')).toEqual({ number: 'o-1', total: 5 });
    expect(created?.headers).toMatchObject({ 'idempotency-key': invoice?.id, 'x-nave-message-id': messageId, 'x-nave-attempt': '1' });
    expect(created?.headers['traceparent']).toContain('0af7651916cd43dd8448eb211c80319c');
    expect(hub.system.at('/contact')[0]?.body).toBe('{"type":"order.created","id":"o-1","total":5,"big":1}');
  });

  it('is delivered once when it comes five times at once, and once more later', async () => {
    const before = hub.system.received.length;
    const answers = await Promise.all(Array.from({ length: 5 }, () => hub.send({ type: 'order.created', id: 'o-2', total: 1 })));
    const ids = new Set(answers.map(({ messageId }) => messageId));
    expect(ids.size).toBe(1);
    expect(answers.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
    const [messageId = ''] = ids;
    await expect.poll(() => hub.states(messageId), SOON).toEqual(['contacts succeeded', 'invoices succeeded']);
    expect(await hub.send({ type: 'order.created', id: 'o-2', total: 1 })).toEqual({ messageId, duplicate: true });
    expect(hub.system.received).toHaveLength(before + 2);
  });

  it('keeps what a predicate filters and what no route takes, and sends neither', async () => {
    const filtered = await hub.send({ type: 'order.created', id: 'o-3', total: 0 });
    await expect.poll(() => hub.states(filtered.messageId), SOON).toEqual(['contacts succeeded', 'invoices skipped']);
    expect((await hub.deliveries(filtered.messageId))[1]).toMatchObject({ reason: 'filtered', attempts: [] });
    const unrouted = await hub.send({ type: 'unheard.of', id: 'o-4' });
    expect(await hub.deliveries(unrouted.messageId)).toEqual([]);
    const { rows } = await hub.db.hot.query('SELECT unrouted FROM message WHERE id = $1', [unrouted.messageId]);
    expect(rows).toEqual([{ unrouted: true }]);
  });

  it('goes from step to step with what the earlier ones answered', async () => {
    const { messageId } = await hub.send({ type: 'employee.hired', id: 'jane' });
    await expect.poll(() => hub.states(messageId), SOON).toEqual(['onboarding succeeded', 'onboarding succeeded']);
    const mail = JSON.parse(hub.system.at('/contact').at(-1)?.body ?? '');
    expect(mail).toEqual({ account: expect.stringMatching(/^create-\d+$/), status: 201 });
  });

  it('is tried again after a failure, with the same key and the same bytes', async () => {
    const { messageId } = await hub.send({ type: 'flaky.thing', id: 'f-1' });
    await expect.poll(() => hub.states(messageId), SOON).toEqual(['flaky succeeded']);
    expect((await hub.deliveries(messageId))[0]?.attempts).toEqual(['fault', 'ok']);
    const tries = hub.system.at('/flaky');
    expect(tries).toHaveLength(2);
    expect(new Set(tries.map(({ body }) => body)).size).toBe(1);
    expect(new Set(tries.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
    expect(tries.map(({ headers }) => headers['x-nave-attempt'])).toEqual(['1', '2']);
  });

  it('shows what was sent, kept once: with its attempt when that succeeded at once, with the delivery when it was tried again', async () => {
    const order = await hub.send({ type: 'order.created', id: 'o-5', total: 7 });
    const flaky = await hub.send({ type: 'flaky.thing', id: 'f-2' });
    await expect.poll(() => hub.states(order.messageId), SOON).toEqual(['contacts succeeded', 'invoices succeeded']);
    await expect.poll(() => hub.states(flaky.messageId), SOON).toEqual(['flaky succeeded']);
    // The contact is the message as it came: nothing was mapped.
    const inputs = await hub.inputs(order.messageId);
    expect(inputs).toHaveLength(2);
    expect(inputs).toEqual(
      expect.arrayContaining([
        { shown: '{"number":"o-5","total":7}', kept: false },
        { shown: null, kept: false },
      ]),
    );
    expect(await hub.inputs(flaky.messageId)).toEqual([{ shown: hub.system.at('/flaky').at(-1)?.body, kept: true }]);
  });

  it('is dead with a reason when the system refuses it, at once', async () => {
    const { messageId } = await hub.send({ type: 'bad.thing', id: 'b-1' });
    await expect.poll(() => hub.states(messageId), SOON).toEqual(['rejected dead']);
    expect((await hub.deliveries(messageId))[0]).toMatchObject({ reason: 'rejected', attempts: ['rejected'] });
  });

  it('loses and doubles nothing of a crowd', async () => {
    const before = hub.system.at('/contact').length;
    const answers = await Promise.all(Array.from({ length: 400 }, (_, n) => hub.send({ type: 'order.note.added', id: `crowd-${n}` })));
    expect(new Set(answers.map(({ messageId }) => messageId)).size).toBe(400);
    await expect.poll(() => hub.system.at('/contact').length - before, SOON).toBe(400);
    const { rows } = await hub.db.hot.query(
      `SELECT state::text, count(*)::int AS n FROM delivery d JOIN message m ON m.id = d.message_id WHERE m.type = 'order.note.added' GROUP BY 1`,
    );
    await expect
      .poll(async () => (await hub.db.hot.query(`SELECT count(*)::int AS n FROM delivery WHERE state = 'active'`)).rows[0]?.n, SOON)
      .toBe(0);
    expect(rows.reduce((sum, { n }) => sum + n, 0)).toBe(400);
    const keys = hub.system
      .at('/contact')
      .slice(before)
      .map(({ headers }) => headers['idempotency-key']);
    expect(new Set(keys).size).toBe(400);
  });

  it('a stop waits for what is under way; what takes too long goes back and the next worker delivers it', async () => {
    const waited = await hub.send({ type: 'slow.thing', id: 's-1' });
    await expect.poll(() => hub.system.slow(), SOON).toBe(1);
    const stopping = worker.stop(10_000);
    hub.system.answerSlow();
    await stopping;
    expect(await hub.states(waited.messageId)).toEqual(['slow succeeded']);

    worker = hub.startWorker('second');
    await worker.start();
    const [repeatable, charge] = [await hub.send({ type: 'slow.thing', id: 's-2' }), await hub.send({ type: 'charge.card', id: 's-3' })];
    await expect.poll(() => hub.system.slow(), SOON).toBe(2);
    await worker.stop(0);
    expect(await hub.states(repeatable.messageId)).toEqual(['slow pending']);
    // Sent, unanswered, and not to be repeated: only a person knows.
    expect((await hub.deliveries(charge.messageId))[0]).toMatchObject({ state: 'unknown', reason: 'unanswered' });

    worker = hub.startWorker('third');
    await worker.start();
    await expect.poll(() => hub.system.slow(), SOON).toBe(3);
    hub.system.answerSlow();
    await expect.poll(() => hub.states(repeatable.messageId), SOON).toEqual(['slow succeeded']);
    expect(await hub.states(charge.messageId)).toEqual(['charges unknown']);
  });
});
