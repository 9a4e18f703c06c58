/**
 * Bad input on every endpoint, taken from the running hub's own OpenAPI document so that none is missed: always a problem document of the right status,
 * never an error of the hub, nothing half-stored, nothing of the inside in an answer, and a healthy hub afterwards.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DisposableDatabase, disposableDatabase, freePort } from '@nave/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Attempt, BAD_INPUTS, type Fixture } from './bad-input/cases.ts';
import { faultsOf } from './bad-input/judge.ts';
import { fill, type Operation, operationsOf } from './bad-input/operations.ts';
import { sendRaw } from './bad-input/raw-client.ts';
import { SAMPLES } from './bad-input/samples.ts';
import { ADMIN_KEY, endHub, type HubProcess, startHub } from './harness/hub-process.ts';
import { listAt, textAt } from './harness/json.ts';
import { type Sink, startSink } from './harness/sink.ts';
import { sql } from './harness/sql.ts';
import { waitFor } from './harness/wait-for.ts';

const AT_ONCE = 6;
/** What a refused request must leave as it was. Audit and sign-ins record refusals themselves. */
const TABLES = [
  'message',
  'message_key',
  'delivery',
  'idempotency',
  'spoke',
  'route',
  'route_version',
  'alert_rule',
  'api_key',
  'replay',
  'accepted_count',
];

let dir = '';
let database: DisposableDatabase;
let hub: HubProcess;
let sink: Sink;
let operations: Operation[];
let fixture: Fixture;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'nave-bad-'));
  database = await disposableDatabase();
  sink = await startSink();
  const env = { DATABASE_URL: database.url, NAVE_SECRET_KEY: Buffer.alloc(32, 9).toString('base64'), NAVE_EGRESS: '127.0.0.1' };
  hub = await startHub({ dataDir: dir, port: await freePort(), env });
  await hub.api('PUT', '/api/v1/spokes/shop', {
    kind: 'source',
    inbound: { verify: { scheme: 'none' }, type: 'type', idempotencyKey: 'id' },
  });
  await hub.api('PUT', '/api/v1/spokes/erp', {
    kind: 'rest',
    config: { baseUrl: sink.url, operations: { create: { method: 'POST', path: '/invoices' } } },
  });
  await hub.api('PUT', '/api/v1/routes/orders', {
    from: { spoke: 'shop', type: 'order.*' },
    steps: [{ name: 'one', to: 'erp', operation: 'create' }],
  });
  const accepted = await hub.api('POST', '/v1/messages', { source: 'shop', type: 'order.created', data: { total: 1 } });
  const messageId = textAt(accepted, 'messageId');
  const message = () => hub.api('GET', `/api/v1/messages/${messageId}`);
  await waitFor('the message is delivered', 60_000, async () => textAt(await message(), 'state') === 'completed');
  const deliveryId = textAt(listAt(await message(), 'deliveries')[0], 'id');
  const keyId = textAt(await hub.api('POST', '/api/v1/keys', { name: 'other', role: 'viewer' }), 'id');
  const viewId = textAt(await hub.api('POST', '/api/v1/views', { name: 'mine', screen: 'messages', query: { spoke: 'shop' } }), 'id');
  const replayId = textAt(await hub.api('POST', '/api/v1/replays', { filter: { ids: [messageId] } }), 'id');
  await waitFor('the replay is done', 60_000, async () => textAt(await hub.api('GET', `/api/v1/replays/${replayId}`), 'state') === 'done');
  await waitFor('the replay is delivered', 60_000, () => sink.arrivals.length === 2);
  fixture = {
    key: ADMIN_KEY,
    existing(path) {
      const id = path.includes('/deliveries')
        ? deliveryId
        : path.includes('/keys')
          ? keyId
          : path.includes('/replays')
            ? replayId
            : path.includes('/views')
              ? viewId
              : messageId;
      return { id, spoke: 'shop', kind: 'rest', name: path.includes('/routes') ? 'orders' : path.includes('/alerts') ? 'dead' : 'shop' };
    },
  };
  operations = operationsOf(await hub.api('GET', '/openapi.json'));
});

afterAll(async () => {
  if (hub !== undefined) await endHub(hub);
  await sink?.close();
  await database?.drop();
  rmSync(dir, { recursive: true, force: true });
});

/** Sends all attempts, a few at a time; answers what is wrong, by operation. */
async function misbehaviour(attempts: readonly { operation: Operation; attempt: Attempt }[]): Promise<string[]> {
  const base = new URL(hub.url);
  const wrong: string[] = [];
  const waiting = [...attempts];
  const lane = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { operation, attempt } = next;
      const answer = await sendRaw(base, attempt);
      // Sign-ins are limited after a few refusals, whatever is wrong with the next one.
      const expected = operation.path === '/api/v1/session' ? [...attempt.expected, 401, 429] : attempt.expected;
      for (const fault of faultsOf(answer, expected)) wrong.push(`${operation.title} <${attempt.label}>: ${fault}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return wrong.sort();
}

async function rows(): Promise<Record<string, unknown>> {
  const counts = TABLES.map((table) => `(SELECT count(*) FROM ${table}) AS ${table}`);
  const configuration = `(SELECT md5(string_agg(s::text, ',' ORDER BY name)) FROM spoke s) AS spokes, (SELECT md5(string_agg(r::text, ',' ORDER BY name)) FROM route r) AS routes`;
  return (await sql(database.url, `SELECT ${counts.join(', ')}, ${configuration}`))[0] ?? {};
}

async function expectHealthy(): Promise<void> {
  expect(hub.running()).toBe(true);
  expect((await fetch(`${hub.url}/healthz`)).status).toBe(200);
  expect((await fetch(`${hub.url}/readyz`)).status).toBe(200);
  expect(hub.output()).not.toContain('request failed');
}

describe('bad input', () => {
  it('has a valid sample of every body that the document names, so that no endpoint is left out', () => {
    const titles = operations.filter(({ takesBody, isHook }) => takesBody && !isHook).map(({ title }) => title);
    expect(titles.sort()).toEqual(Object.keys(SAMPLES).sort());
    expect(operations.length).toBeGreaterThan(40);
  });

  it.each(BAD_INPUTS)('$name: refused with a problem on every endpoint, and nothing is stored', async ({ name, attempts }) => {
    const before = await rows();
    const all = operations.flatMap((operation) => attempts(operation, fixture).map((attempt) => ({ operation, attempt })));
    expect(all.length).toBeGreaterThan(0);
    expect(await misbehaviour(all)).toEqual([]);
    // Webhooks take any JSON: names that reach prototypes are data like any other, and stored.
    if (name !== 'names that reach prototypes') expect(await rows()).toEqual(before);
    await expectHealthy();
  });

  it('a method that a path does not take: 405 that tells which it does', async () => {
    const before = await rows();
    const paths = Map.groupBy(operations, ({ path }) => path);
    const wrong: string[] = [];
    for (const [path, taken] of paths) {
      const target = fill(path, fixture.existing(path));
      const methods = taken.map(({ method }) => method);
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND']) {
        // A call passes any method on to its route.
        if (methods.includes(method) || (method === 'OPTIONS' && path.startsWith('/call/'))) continue;
        const answer = await sendRaw(new URL(hub.url), { method, target, headers: { authorization: `Bearer ${ADMIN_KEY}` } });
        for (const fault of faultsOf(answer, [405])) wrong.push(`${method} ${path}: ${fault}`);
        const allowed = String(answer.headers['allow']).split(', ');
        for (const each of methods) if (!allowed.includes(each)) wrong.push(`${method} ${path}: Allow does not name ${each}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(await rows()).toEqual(before);
    await expectHealthy();
  });

  it('paths that nobody serves: 404', async () => {
    const wrong: string[] = [];
    const targets = [
      '/nope',
      '/api',
      '/api/v1',
      '/api/v1/',
      '/api/v2/spokes',
      '/hooks',
      '/hooks/',
      '/hooks/shop/',
      '/hooks/shop/x',
      '/v1/messages/',
      '/.env',
      '/.git/config',
      '/__proto__',
      '/%',
      '/%2e%2e/%2e%2e/etc/passwd',
      '/docs/../../package.json',
      '/docs/static/..%2f..%2fpackage.json',
    ];
    for (const target of targets) {
      for (const method of ['GET', 'POST']) {
        const answer = await sendRaw(new URL(hub.url), { method, target, headers: { authorization: `Bearer ${ADMIN_KEY}` } });
        for (const fault of faultsOf(answer, [400, 404, 405])) wrong.push(`${method} ${target}: ${fault}`);
      }
    }
    expect(wrong).toEqual([]);
    await expectHealthy();
  });

  it('a webhook whose type, key or lane PostgreSQL could not store is refused; in the rest of its body such text is data and arrives', async () => {
    const before = await rows();
    const send = (body: string) =>
      sendRaw(new URL(hub.url), { method: 'POST', target: '/hooks/shop', headers: { 'content-type': 'application/json' }, body });
    const wrong: string[] = [];
    for (const text of ['a\\u0000b', '\\ud800', 'x'.repeat(5_000)]) {
      for (const body of [`{"type":"${text}"}`, `{"type":"order.created","id":"${text}"}`])
        for (const fault of faultsOf(await send(body), [400, 422])) wrong.push(`${body.slice(0, 60)}: ${fault}`);
    }
    expect(wrong).toEqual([]);
    expect(await rows()).toEqual(before);
    const arrived = sink.arrivals.length;
    const body = '{"type":"order.created","note":"a\\u0000b \\ud800 \\u202e"}';
    expect((await send(body)).status).toBe(202);
    await waitFor('it arrives', 60_000, () => sink.arrivals.length > arrived);
    expect(sink.arrivals.at(-1)?.body.toString('utf8')).toBe(body);
    await expectHealthy();
  });

  it('a message sent afterwards is accepted and delivered as before', async () => {
    const arrived = sink.arrivals.length;
    const answer = await hub.api('POST', '/v1/messages', { source: 'shop', type: 'order.created', data: { total: 2 } });
    const id = textAt(answer, 'messageId');
    await waitFor('it arrives', 60_000, () => sink.arrivals.slice(arrived).some(({ messageId }) => messageId === id));
    expect(Reflect.get({}, 'admin')).toBeUndefined();
  });
});
