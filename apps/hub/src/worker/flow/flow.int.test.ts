/** Breaker, back-off, pause and drain over a whole hub and a system at the other end. */
import { createServer, type Server, type ServerResponse } from 'node:http';
import { disposableDatabase, recordingLogger } from '@nave/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type RunningHub, startHub } from '../../start-hub.ts';

const SOON = { timeout: 60_000, interval: 50 };
const ADMIN_KEY = 'admin-key-for-flow-tests-0123456789';

let database: Awaited<ReturnType<typeof disposableDatabase>>;
let hub: RunningHub;
let system: Awaited<ReturnType<typeof startSystem>>;

type Reply = (response: ServerResponse) => void;
const OK: Reply = (response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}');
const FAIL: Reply = (response) => response.writeHead(500).end();
const BUSY: Reply = (response) => response.writeHead(429, { 'retry-after': '2' }).end();

async function startSystem() {
  const arrivals: { key: string; atMs: number }[] = [];
  let reply: Reply = OK;
  const server: Server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      arrivals.push({ key: String(request.headers['idempotency-key']), atMs: performance.now() });
      reply(response);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    arrivals,
    behave(next: Reply) {
      reply = next;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

// biome-ignore lint/suspicious/noExplicitAny: answers of every shape; what is found is what is checked.
async function api(method: string, path: string, body?: unknown): Promise<any> {
  const response = await fetch(`${hub.url}/api/v1/${path}`, {
    method,
    headers: { authorization: `Bearer ${ADMIN_KEY}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(60_000),
  });
  const answer: unknown = await response.json();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
  return answer;
}

async function send(count: number): Promise<void> {
  const items = Array.from({ length: count }, (_, n) => ({ source: 'shop', type: 'order.created', data: { n } }));
  const response = await fetch(`${hub.url}/v1/messages`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify(items),
    signal: AbortSignal.timeout(60_000),
  });
  expect(response.status).toBe(202);
}

const queue = () => api('GET', 'queues/erp');
const attempts = async (state: string): Promise<number[]> =>
  (await api('GET', `deliveries?spoke=erp&state=${state}&limit=200`)).items.map((item: { attemptCount: number }) => item.attemptCount);

async function configure(policy: object): Promise<void> {
  await api('PUT', 'spokes/erp', {
    kind: 'rest',
    config: { baseUrl: system.url, operations: { create: { method: 'POST', path: '/create' } } },
    policy: { concurrency: 4, retry: { attempts: 3, base: '100ms', max: '200ms' }, ...policy },
  });
}

beforeAll(async () => {
  system = await startSystem();
  database = await disposableDatabase();
  const env = { DATABASE_URL: database.url, NAVE_SECRET_KEY: Buffer.alloc(32, 5).toString('base64'), NAVE_PORT: '0' };
  hub = await startHub({ env: { ...env, NAVE_EGRESS: '127.0.0.1', NAVE_ADMIN_KEY: ADMIN_KEY }, logger: recordingLogger() });
  await api('PUT', 'spokes/shop', { kind: 'source' });
  await configure({});
  await api('PUT', 'routes/orders', {
    from: { spoke: 'shop', type: 'order.*' },
    steps: [{ name: 'create', to: 'erp', operation: 'create' }],
  });
});
afterAll(async () => {
  await hub?.stop();
  await system.close();
  await database.drop();
});
afterEach(async () => {
  system.behave(OK);
  await expect
    .poll(async () => (await queue()).depth, { timeout: 60_000, interval: 100 })
    .toMatchObject({ pending: 0, active: 0, retrying: 0, held: 0 });
  system.arrivals.length = 0;
});

describe('a spoke that goes down', () => {
  it('opens its breaker; what waits is held with its attempts, one probe at a time goes out, and all arrives when it is back', async () => {
    await configure({ breaker: { failures: 5, cooldown: '1s' } });
    // Slow enough for the failures to be counted before more is sent, also where the database is busy.
    system.behave((response) => setTimeout(() => FAIL(response), 250));
    await send(60);
    await expect.poll(async () => (await queue()).breaker, SOON).not.toBe('closed');
    system.behave(FAIL);
    await expect.poll(async () => (await queue()).depth, SOON).toMatchObject({ pending: 0, retrying: 0 });
    const sent = system.arrivals.length;
    // Those that were under way when it opened, and no more, besides its probes.
    expect(new Set(system.arrivals.map(({ key }) => key)).size).toBeLessThanOrEqual(20);
    const burnt = (await attempts('held')).filter((count) => count > 0).length;
    expect(burnt).toBeLessThanOrEqual(sent);
    expect((await attempts('held')).filter((count) => count === 0).length).toBeGreaterThanOrEqual(40);
    // Probes go on failing for longer than a delivery has attempts: none dies of it.
    await expect.poll(() => system.arrivals.length - sent, { timeout: 60_000, interval: 100 }).toBeGreaterThanOrEqual(4);
    expect((await queue()).depth.dead).toBe(0);
    const probes = system.arrivals.slice(sent);
    for (const [n, { atMs }] of probes.slice(1).entries()) expect(atMs - (probes[n]?.atMs ?? 0)).toBeGreaterThan(900);
    system.behave(OK);
    await expect.poll(async () => (await queue()).breaker, SOON).toBe('closed');
    await expect.poll(async () => (await attempts('succeeded')).length, SOON).toBe(60);
    expect((await attempts('succeeded')).filter((count) => count === 1).length).toBeGreaterThanOrEqual(40);
    expect(await queue()).toMatchObject({ flow: { openedAt: null, draining: null } });
    const audit = await api('GET', 'audit?subject=spoke:erp&limit=200');
    const told = audit.items.map((item: { action: string }) => item.action).filter((action: string) => action.startsWith('breaker.'));
    expect(told).toEqual(['breaker.close', 'breaker.open']);
  });
});

describe('a spoke that asks for patience', () => {
  it('is left alone as a whole until the time is over', async () => {
    await configure({ concurrency: 1, breaker: { failures: 50, cooldown: '1s' } });
    let first = true;
    system.behave((response) => {
      if (first) BUSY(response);
      else OK(response);
      first = false;
    });
    await send(20);
    await expect.poll(async () => (await queue()).flow.throttledUntil, SOON).not.toBeNull();
    await expect.poll(() => system.arrivals.length, SOON).toBe(21);
    const [busy, next] = system.arrivals;
    expect((next?.atMs ?? 0) - (busy?.atMs ?? 0)).toBeGreaterThan(1_900);
  });
});

describe('a spoke that is resumed', () => {
  it('drains at the rate it is given, and a pause in the middle stops that at once', async () => {
    await configure({ concurrency: 2 });
    await api('POST', 'queues/erp/pause');
    await send(80);
    await expect.poll(async () => (await queue()).depth.held, SOON).toBe(80);
    expect(await api('POST', 'queues/erp/resume', { dryRun: true, rate: 10 })).toMatchObject({ count: 80, estimatedSeconds: 9 });
    expect(system.arrivals).toHaveLength(0);
    expect(await api('POST', 'queues/erp/resume', { rate: 10 })).toMatchObject({ paused: false });
    await expect.poll(() => system.arrivals.length, SOON).toBeGreaterThan(10);
    const draining = await queue();
    expect(draining.flow.draining).toMatchObject({ rate: 10 });
    const waiting = (await api('GET', 'deliveries?spoke=erp&state=held&limit=200')).items;
    expect(new Set(waiting.map(({ heldBy }: { heldBy: string }) => heldBy))).toEqual(new Set(['governor']));
    await api('POST', 'spokes/erp/pause');
    // What is under way ends.
    await expect.poll(async () => (await queue()).depth, SOON).toMatchObject({ pending: 0, active: 0 });
    const stopped = system.arrivals.length;
    await new Promise((done) => setTimeout(done, 1_500));
    expect(system.arrivals).toHaveLength(stopped);
    expect(stopped).toBeLessThan(80);
    expect((await queue()).depth).toMatchObject({ held: 80 - stopped, pending: 0 });
    await api('POST', 'spokes/erp/resume');
    await expect.poll(() => system.arrivals.length, SOON).toBe(80);
    expect(new Set(system.arrivals.map(({ key }) => key)).size).toBe(80);
  });
});
