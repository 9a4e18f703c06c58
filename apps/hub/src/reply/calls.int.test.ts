/** Calls of reply routes through whole hubs: two on one database, and a system at the other end that does as it is told. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { disposableDatabase, recordingLogger } from '@nave/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type RunningHub, startHub } from '../start-hub.ts';

const ADMIN_KEY = 'admin-key-for-call-tests-0123456789';
const SOON = { timeout: 20_000, interval: 50 };

let database: Awaited<ReturnType<typeof disposableDatabase>>;
let hub: RunningHub;
let other: RunningHub;
let system: Awaited<ReturnType<typeof startSystem>>;
let keys: { shop: string; crm: string; viewer: string };
const dirs: string[] = [];

interface Arrival {
  method: string;
  url: string;
  body: string;
  key: string;
}
type Behaviour = (arrival: Arrival, response: ServerResponse) => void;
const json = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) =>
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
const OK: Behaviour = ({ url, body }, response) => json(response, 201, { number: 'F-1', url, got: body === '' ? null : JSON.parse(body) });

async function startSystem() {
  const arrivals: Arrival[] = [];
  let behave: Behaviour = OK;
  const server: Server = createServer((request: IncomingMessage, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      const arrival = { method: request.method ?? '', url: request.url ?? '', body, key: String(request.headers['idempotency-key']) };
      arrivals.push(arrival);
      behave(arrival, response);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    arrivals,
    behave(next: Behaviour) {
      behave = next;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

// biome-ignore lint/suspicious/noExplicitAny: answers of every shape; what is found is what is checked.
type Any = any;

async function api(method: string, path: string, body?: unknown): Promise<Any> {
  const response = await fetch(`${hub.url}/api/v1/${path}`, {
    method,
    headers: { authorization: `Bearer ${ADMIN_KEY}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(60_000),
  });
  const answer: unknown = response.status === 204 ? null : await response.json();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
  return answer;
}

interface CallOptions {
  method?: string;
  body?: unknown;
  headers?: Record<string, string>;
  key?: string | null;
  on?: RunningHub;
  signal?: AbortSignal;
}

async function call(path: string, { method = 'POST', body, headers = {}, key = keys.shop, on = hub, signal }: CallOptions = {}) {
  const response = await fetch(`${on.url}/call/${path}`, {
    method,
    headers: {
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: signal ?? AbortSignal.timeout(60_000),
  });
  const text = await response.text();
  const isJson = /json/.test(response.headers.get('content-type') ?? '') && text !== '';
  const parsed: Any = isJson ? JSON.parse(text) : text;
  return { status: response.status, headers: response.headers, body: parsed, messageId: response.headers.get('x-nave-message-id') ?? '' };
}

const message = (id: string) => api('GET', `messages/${id}`);
/** State and reason of the only delivery of a message. */
async function delivery(id: string): Promise<Any> {
  return (await message(id)).deliveries[0];
}

const ROUTE = { from: { spoke: 'shop', type: 'quote.ask' }, mode: 'reply', timeout: '30s' };
const STEP = { name: 'ask', to: 'erp', operation: 'ask' };
async function route(name: string, change: object = {}): Promise<void> {
  await api('PUT', `routes/${name}`, { ...ROUTE, steps: [STEP], ...change });
}

async function erp(policy: object = {}): Promise<void> {
  await api('PUT', 'spokes/erp', {
    kind: 'rest',
    config: {
      baseUrl: system.url,
      operations: {
        ask: { method: 'POST', path: '/ask' },
        find: { method: 'GET', path: '/find/{sku}' },
        charge: { method: 'POST', path: '/charge', idempotent: 'never' },
      },
    },
    policy: {
      concurrency: 8,
      timeout: '15s',
      retry: { attempts: 3, base: '50ms', max: '50ms', jitter: false },
      breaker: { failures: 1_000 },
      ...policy,
    },
  });
}

async function start(): Promise<RunningHub> {
  const dir = mkdtempSync(join(tmpdir(), 'nave-calls-'));
  dirs.push(dir);
  const env = { DATABASE_URL: database.url, NAVE_SECRET_KEY: Buffer.alloc(32, 5).toString('base64'), NAVE_PORT: '0', NAVE_DATA_DIR: dir };
  return startHub({ env: { ...env, NAVE_EGRESS: '127.0.0.1', NAVE_ADMIN_KEY: ADMIN_KEY }, logger: recordingLogger() });
}

beforeAll(async () => {
  system = await startSystem();
  database = await disposableDatabase();
  hub = await start();
  other = await start();
  await api('PUT', 'spokes/shop', { kind: 'source' });
  await api('PUT', 'spokes/crm', { kind: 'source' });
  const inbound = {
    verify: { scheme: 'api-key', secret: 'sender-secret-0123456789' },
    orderingKey: 'customer',
    schema: { type: 'object' },
  };
  await api('PUT', 'spokes/door', { kind: 'source', inbound });
  await erp();
  await route('quote', {
    steps: [{ ...STEP, input: '{ "sku": data.sku, "path": $path, "method": $method, "q": $query.q, "lang": headers."accept-language" }' }],
  });
  await route('plain');
  const key = async (body: object) => (await api('POST', 'keys', body)).key;
  keys = {
    shop: await key({ name: 'shop', role: 'publish', spokes: ['shop'] }),
    crm: await key({ name: 'crm', role: 'publish', spokes: ['crm'] }),
    viewer: await key({ name: 'viewer', role: 'viewer' }),
  };
  await vi.waitFor(async () => expect((await call('plain', { on: other, key: ADMIN_KEY })).status).toBe(201), SOON);
  system.arrivals.length = 0;
});
afterAll(async () => {
  await other?.stop();
  await hub?.stop();
  await system.close();
  await database.drop();
  for (const dir of dirs) rmSync(dir, { recursive: true, force: true });
});
afterEach(async () => {
  system.behave(OK);
  system.arrivals.length = 0;
});

describe('a call', () => {
  it('is answered with what the spoke answered, and is recorded like any message', async () => {
    const answer = await call('quote/eu/cz?q=7', { method: 'PUT', body: { sku: 'A-1' }, headers: { 'accept-language': 'cs' } });
    const got = { sku: 'A-1', path: 'eu/cz', method: 'PUT', q: '7', lang: 'cs' };
    expect(answer).toMatchObject({ status: 201, body: { number: 'F-1', url: '/ask', got } });
    expect(answer.headers.get('content-security-policy')).toContain('sandbox');
    await expect.poll(async () => (await message(answer.messageId)).state, SOON).toBe('completed');
    const stored = await message(answer.messageId);
    expect(stored).toMatchObject({
      source: 'shop',
      type: 'quote.ask',
      deliveries: [{ state: 'succeeded', route: 'quote', attemptCount: 1 }],
    });
    expect(stored.deliveries).toHaveLength(1);
    expect(system.arrivals.map(({ key }) => key)).toEqual([stored.deliveries[0].id]);
  });

  it('needs no body', async () => {
    await route('find', { steps: [{ name: 'find', to: 'erp', operation: 'find', input: '{ "sku": $path }' }] });
    const answer = await call('find/B%2F2', { method: 'GET' });
    expect(answer).toMatchObject({ status: 201, body: { number: 'F-1' } });
    expect(system.arrivals).toMatchObject([{ method: 'GET', url: '/find/B%2F2' }]);
    const head = await call('find/B2', { method: 'HEAD' });
    expect([head.status, head.body]).toEqual([201, '']);
  });

  it('runs several steps one after the other and maps the answer', async () => {
    await route('two', {
      steps: [STEP, { ...STEP, name: 'again', input: '{ "first": steps.ask.number, "was": $response("ask").status }' }],
      reply: {
        status: '202',
        headers: { 'X-Number': 'steps.again.number', 'X-None': 'data.none' },
        body: '{ "sku": data.sku, "second": steps.again.got, "m": $method }',
      },
    });
    const answer = await call('two', { body: { sku: 'A' } });
    expect(answer).toMatchObject({ status: 202, body: { sku: 'A', second: { first: 'F-1', was: 201 }, m: 'POST' } });
    expect([answer.headers.get('x-number'), answer.headers.get('x-none')]).toEqual(['F-1', null]);
    await expect
      .poll(async () => (await message(answer.messageId)).deliveries.map((d: Any) => d.state), SOON)
      .toEqual(['succeeded', 'succeeded']);
  });

  it('is refused without a key, with a wrong one, with one of another spoke or role, and for what is no reply route', async () => {
    await api('PUT', 'routes/async', { from: ROUTE.from, steps: [STEP], enabled: false });
    await route('off', { enabled: false });
    const statuses = async (path: string, ...given: (string | null)[]) =>
      Promise.all(given.map(async (key) => (await call(path, { key })).status));
    expect(await statuses('plain', null, 'no-such-key-0123456789', keys.crm, keys.viewer, keys.shop, ADMIN_KEY)).toEqual([
      401, 401, 403, 403, 201, 201,
    ]);
    expect(await statuses('nothing', null, 'no-such-key-0123456789', keys.viewer, keys.shop)).toEqual([404, 401, 403, 404]);
    expect(await statuses('async', ADMIN_KEY)).toEqual([404]);
    expect(await statuses('off', ADMIN_KEY)).toEqual([404]);
    expect(system.arrivals).toHaveLength(2);
  });

  it('takes what the scheme of its spoke vouches for, and refuses what the spoke would refuse', async () => {
    await route('open', { from: { spoke: 'door', type: 'x' } });
    const good = { 'x-api-key': 'sender-secret-0123456789' };
    expect((await call('open', { key: null, headers: good, body: { a: 1 } })).status).toBe(201);
    expect(await call('open', { key: null, headers: { 'x-api-key': 'wrong' }, body: {} })).toMatchObject({
      status: 401,
      body: { code: 'auth.signature' },
    });
    expect(await call('open', { key: null, headers: good, body: [] })).toMatchObject({ status: 422, body: { code: 'ingress.schema' } });
    const broken = await fetch(`${hub.url}/call/open`, {
      method: 'POST',
      headers: { ...good, 'content-type': 'application/json' },
      body: '{',
    });
    expect(broken.status).toBe(400);
  });

  it('that "when" filters out is 422 and sends nothing', async () => {
    await route('some', { when: 'data.total > 0' });
    const answer = await call('some', { body: { total: 0 } });
    expect(answer).toMatchObject({ status: 422, body: { code: 'reply.filtered', messageId: answer.messageId } });
    expect(await delivery(answer.messageId)).toMatchObject({ state: 'skipped', reason: 'filtered' });
    expect(system.arrivals).toEqual([]);
  });

  it('does not take other routes with it, and a hook takes a reply route like any other', async () => {
    const answer = await call('plain', { body: {} });
    expect((await message(answer.messageId)).deliveries).toHaveLength(1);
    const published = await fetch(`${hub.url}/v1/messages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({ source: 'door', type: 'x', data: {} }),
    });
    expect(published.status).toBe(202);
    const { messageId }: Any = await published.json();
    await expect.poll(async () => (await delivery(messageId))?.state, SOON).toBe('succeeded');
  });
});

describe('a call that fails', () => {
  it('is 502 with what the spoke said in figures, and never its body', async () => {
    system.behave((_arrival, response) => json(response, 422, { error: 'secret-detail' }));
    const answer = await call('plain', { body: {} });
    expect(answer).toMatchObject({
      status: 502,
      body: { code: 'reply.refused', outcome: 'rejected', spokeStatus: 422, messageId: answer.messageId },
    });
    expect(JSON.stringify(answer.body)).not.toContain('secret-detail');
    await expect.poll(async () => (await delivery(answer.messageId)).state, SOON).toBe('dead');
  });

  it('is tried again within its time', async () => {
    system.behave((arrival, response) => (system.arrivals.length < 3 ? json(response, 500, {}) : OK(arrival, response)));
    const answer = await call('plain', { body: {} });
    expect(answer.status).toBe(201);
    expect(new Set(system.arrivals.map(({ key }) => key)).size).toBe(1);
    await expect.poll(async () => (await delivery(answer.messageId)).attemptCount, SOON).toBe(3);
  });

  it('that a retry comes too late for ends for good, or goes on, as the route says', async () => {
    await erp({ retry: { attempts: 3, base: '5s', max: '5s', factor: 1, jitter: false } });
    try {
      await route('short', { timeout: '4s' });
      await route('short-on', { timeout: '4s', onFailure: 'finish' });
      system.behave((_arrival, response) => json(response, 500, {}));
      const answers = [await call('short', { body: {} }), await call('short-on', { body: {} })];
      expect(answers).toMatchObject([
        { status: 502, body: { outcome: 'fault', spokeStatus: 500 } },
        { status: 502, body: { outcome: 'fault' } },
      ]);
      expect(await delivery(answers[0]?.messageId ?? '')).toMatchObject({ state: 'cancelled', reason: 'call.failed', attemptCount: 1 });
      system.behave(OK);
      await expect.poll(async () => (await delivery(answers[1]?.messageId ?? '')).state, SOON).toBe('succeeded');
    } finally {
      await erp();
    }
  });

  it('whose time is over is 504, and its work goes on or is cancelled, as the route says', async () => {
    await route('late', { timeout: '300ms' });
    await route('late-not', { timeout: '300ms', onTimeout: 'cancel' });
    const open: ServerResponse[] = [];
    system.behave((_arrival, response) => void open.push(response));
    const answers = await Promise.all([call('late', { body: {} }), call('late-not', { body: {} })]);
    expect(answers).toMatchObject([
      { status: 504, body: { code: 'reply.timeout' } },
      { status: 504, body: { code: 'reply.timeout' } },
    ]);
    const [finishes = '', ends = ''] = answers.map(({ messageId }) => messageId);
    await expect.poll(async () => (await delivery(ends)).state, SOON).toBe('cancelled');
    expect(await delivery(ends)).toMatchObject({ reason: 'call.timeout' });
    // Also what has not arrived yet.
    system.behave(OK);
    for (const response of open) json(response, 200, {});
    await expect.poll(async () => (await delivery(finishes)).state, SOON).toBe('succeeded');
  });

  it('that nobody knows the end of says so, and waits for a person', async () => {
    await erp({ timeout: '1s' });
    try {
      await route('charge', { steps: [{ ...STEP, operation: 'charge' }] });
      system.behave(() => undefined);
      const answer = await call('charge', { body: {} });
      expect(answer).toMatchObject({ status: 502, body: { code: 'reply.unknown' } });
      await expect.poll(async () => (await delivery(answer.messageId)).state, SOON).toBe('unknown');
    } finally {
      await erp();
    }
  });

  it('because its answer cannot be mapped is 502, and the work is done', async () => {
    await route('unmappable', { reply: { status: '"x"' } });
    const answer = await call('unmappable', { body: {} });
    expect(answer).toMatchObject({ status: 502, body: { code: 'reply.mapping' } });
    await expect.poll(async () => (await delivery(answer.messageId)).state, SOON).toBe('succeeded');
  });
});

describe('a caller that hangs up', () => {
  it.each(['finish', 'cancel'])('leaves its work to the route: %s', async (onHangup) => {
    await route(`hangup-${onHangup}`, { onHangup });
    const open: ServerResponse[] = [];
    system.behave((_arrival, response) => void open.push(response));
    const gone = new AbortController();
    const made = call(`hangup-${onHangup}`, { body: {}, signal: gone.signal }).catch(() => null);
    await expect.poll(() => open.length, SOON).toBe(1);
    gone.abort();
    await made;
    const id = system.arrivals[0]?.key ?? '';
    if (onHangup === 'cancel') await expect.poll(async () => (await api('GET', `deliveries/${id}`)).state, SOON).toBe('cancelled');
    for (const response of open) if (!response.destroyed) json(response, 200, {});
    await expect
      .poll(async () => (await api('GET', `deliveries/${id}`)).state, SOON)
      .toBe(onHangup === 'cancel' ? 'cancelled' : 'succeeded');
  });
});

describe('an idempotency key', () => {
  const keyed = (key: string, body: unknown = { a: 1 }, on = hub) => call('quote', { body, headers: { 'idempotency-key': key }, on });

  it('repeats the stored answer, also from another hub and with another body, and calls nobody again', async () => {
    const first = await keyed('k-1', { sku: 'A' });
    for (const on of [hub, other]) {
      const again = await keyed('k-1', { sku: 'A' }, on);
      expect(again).toMatchObject({ status: first.status, body: first.body, messageId: first.messageId });
      expect(again.headers.get('x-nave-duplicate')).toBe('true');
    }
    expect(await keyed('k-1', { sku: 'B' })).toMatchObject({ status: 201, messageId: first.messageId });
    expect(system.arrivals).toHaveLength(1);
    await expect.poll(async () => (await api('GET', 'audit?action=idempotency.mismatch')).items.length, SOON).toBe(1);
  });

  it('repeats a mapped answer and a refusal', async () => {
    await route('mapped', {
      reply: { status: 203, headers: { 'X-Id': '$uuid()' }, body: '{ "at": $now(), "sku": data.sku, "m": $method }' },
    });
    const ask = () => call('mapped', { body: { sku: 'A' }, headers: { 'idempotency-key': 'k-2' } });
    const first = await ask();
    const again = await ask();
    expect([again.status, again.body, again.headers.get('x-id')]).toEqual([203, first.body, first.headers.get('x-id')]);
    system.behave((_arrival, response) => json(response, 409, {}));
    const refusals = [await keyed('k-3'), await keyed('k-3')];
    expect(refusals.map(({ status, body }) => [status, body.spokeStatus])).toEqual([
      [502, 409],
      [502, 409],
    ]);
  });

  it('waits for the first call within its time, else says that it is under way', async () => {
    await route('slow', { timeout: '3s' });
    const open: ServerResponse[] = [];
    system.behave((_arrival, response) => void open.push(response));
    const ask = (on: RunningHub) => call('slow', { body: {}, headers: { 'idempotency-key': 'k-4' }, on });
    const first = ask(hub);
    await expect.poll(() => open.length, SOON).toBe(1);
    const waits = ask(other);
    expect((await first).status).toBe(504);
    const running = await waits;
    expect(running).toMatchObject({ status: 409, body: { code: 'reply.running' } });
    expect(Number(running.headers.get('retry-after'))).toBeGreaterThan(0);
    const later = ask(other);
    for (const response of open) json(response, 200, { done: true });
    expect(await later).toMatchObject({ status: 200, body: { done: true } });
    expect(system.arrivals).toHaveLength(1);
  });

  it('of another message of the spoke is a conflict', async () => {
    await keyed('k-5');
    expect(await call('plain', { body: { a: 1 }, headers: { 'idempotency-key': 'k-5' } })).toMatchObject({
      status: 409,
      body: { code: 'state.conflict' },
    });
  });
});

describe('a spoke that is not to be called', () => {
  it('is answered with 503 at once: nothing is stored, or it is held, as the route says', async () => {
    await route('held', { onFailure: 'finish' });
    const before = await call('quote', { body: { sku: 'kept' }, headers: { 'idempotency-key': 'k-6' } });
    await api('POST', 'spokes/erp/pause');
    try {
      const refused = await call('plain', { body: {} });
      expect(refused).toMatchObject({ status: 503, messageId: '', body: { code: 'reply.held', messageId: null } });
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      const held = await call('held', { body: {} });
      expect(held).toMatchObject({ status: 503, body: { code: 'reply.held' } });
      await expect.poll(async () => (await delivery(held.messageId)).state, SOON).toBe('held');
      // What is answered already needs nobody.
      expect((await call('quote', { body: { sku: 'kept' }, headers: { 'idempotency-key': 'k-6' } })).messageId).toBe(before.messageId);
      await api('POST', 'spokes/erp/resume');
      await expect.poll(async () => (await delivery(held.messageId)).state, SOON).toBe('succeeded');
    } finally {
      await api('POST', 'spokes/erp/resume');
    }
    await expect.poll(async () => (await call('plain', { body: {} })).status, SOON).toBe(201);
  });

  it('because its breaker is open is tried again by a call once it has cooled down', async () => {
    await erp({ breaker: { failures: 2, cooldown: '1s' }, retry: { attempts: 1 } });
    try {
      system.behave((_arrival, response) => json(response, 500, {}));
      await expect.poll(async () => (await call('plain', { body: {} })).status, SOON).toBe(503);
      system.behave(OK);
      await expect.poll(async () => (await call('plain', { body: {} })).status, SOON).toBe(201);
      await expect.poll(async () => (await api('GET', 'queues/erp')).breaker, SOON).toBe('closed');
    } finally {
      await erp();
    }
  });

  it('more often at once than its limit makes calls wait for each other', async () => {
    await erp({ concurrency: 2 });
    try {
      let underWay = 0;
      let most = 0;
      system.behave((arrival, response) => {
        underWay += 1;
        most = Math.max(most, underWay);
        setTimeout(() => {
          underWay -= 1;
          OK(arrival, response);
        }, 30);
      });
      const answers = await Promise.all(Array.from({ length: 12 }, () => call('plain', { body: {} })));
      expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 12 }, () => 201));
      expect(most).toBeLessThanOrEqual(2);
    } finally {
      await erp();
    }
  });

  it('before an earlier one of its lane makes calls wait for their turn', async () => {
    await route('laned', { orderingKey: 'data.customer' });
    const open: ServerResponse[] = [];
    system.behave((_arrival, response) => void open.push(response));
    const first = call('laned', { body: { customer: 'c1', n: 1 } });
    await expect.poll(() => open.length, SOON).toBe(1);
    const second = call('laned', { body: { customer: 'c1', n: 2 } });
    await expect.poll(async () => (await api('GET', 'lanes?spoke=erp')).items.length, SOON).toBe(1);
    expect(open).toHaveLength(1);
    if (open[0] !== undefined) json(open[0], 200, { n: 1 });
    expect(await first).toMatchObject({ status: 200, body: { n: 1 } });
    await expect.poll(() => open.length, SOON).toBe(2);
    if (open[1] !== undefined) json(open[1], 200, { n: 2 });
    expect(await second).toMatchObject({ status: 200, body: { n: 2 } });
  });
});

describe('a cache', () => {
  it('answers equal calls from memory while it is fresh, and one call for many at once', async () => {
    await route('cached', { cache: { key: '[$path, $query.q]', ttl: '1h' } });
    // Long enough for the others to come while the first is under way.
    system.behave((arrival, response) => setTimeout(() => OK(arrival, response), 700));
    const ask = (path: string) => call(path, { method: 'GET' });
    const many = await Promise.all([ask('cached/a?q=1'), ask('cached/a?q=1'), ask('cached/a?q=1')]);
    expect(many.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(many.map(({ headers }) => headers.get('x-nave-cache')).sort()).toEqual(['miss', 'shared', 'shared']);
    const hit = await ask('cached/a?q=1');
    expect([hit.headers.get('x-nave-cache'), Number(hit.headers.get('age'))]).toEqual(['hit', expect.any(Number)]);
    expect((await ask('cached/a?q=2')).headers.get('x-nave-cache')).toBe('miss');
    expect(system.arrivals).toHaveLength(2);
    expect((await call('cached/a?q=1', { method: 'GET', key: null })).status).toBe(401);
  });

  it('keeps no failure', async () => {
    await route('cached-not', { cache: { key: '"one"', ttl: '1h' } });
    system.behave((_arrival, response) => json(response, 404, {}));
    expect((await call('cached-not', { body: {} })).status).toBe(502);
    system.behave(OK);
    expect((await call('cached-not', { body: {} })).status).toBe(201);
  });
});

it('tells callers that still wait when it stops, and goes on with their calls', async () => {
  const third = await start();
  try {
    await vi.waitFor(async () => expect((await call('plain', { on: third, key: ADMIN_KEY })).status).toBe(201), SOON);
    await route('patient', { timeout: '1m', onHangup: 'cancel', onTimeout: 'cancel', steps: [{ ...STEP, operation: 'charge' }] });
    await erp({ timeout: '20s' });
    await vi.waitFor(async () => expect((await call('patient', { on: third })).status).toBe(201), SOON);
    const hold = Promise.withResolvers<void>();
    system.arrivals.length = 0;
    system.behave((arrival, response) => void hold.promise.then(() => OK(arrival, response)));
    const waiting = call('patient', { on: third });
    await expect.poll(() => system.arrivals.length, SOON).toBe(1);
    const stopped = third.stop();
    const answer = await waiting;
    expect(answer).toMatchObject({ status: 503, body: { code: 'hub.stopping', messageId: expect.any(String) } });
    hold.resolve();
    await stopped;
    await expect.poll(async () => (await delivery(answer.messageId)).state, SOON).toBe('succeeded');
    expect(system.arrivals).toHaveLength(1);
  } finally {
    await third.stop();
    await erp();
  }
});

it('tells its calls in the metrics', async () => {
  await call('plain', { body: {} });
  const text = await (await fetch(`${hub.url}/metrics`)).text();
  expect(text).toMatch(/nave_calls_total\{route="plain",outcome="replied"\} \d/);
  expect(text).toContain('nave_call_seconds_bucket');
});
