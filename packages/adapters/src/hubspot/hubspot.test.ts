import type { AdapterContext, HttpExchangeRequest, HttpExchangeResult, OperationInput, PollPage, SendRequest } from '@nave/adapter-kit';
import { type Clock, DEFAULT_POLICY, type Logger, type RawRequest } from '@nave/core';
import { createGuardedHttp, createTokenCache } from '@nave/protocols';
import { compileVerifier, createAddressGuard } from '@nave/security';
import { describeAdapterContract, givenTime } from '@nave/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { createFakeExpressions } from '../fake-expressions.ts';
import { selfSignedCertificate } from '../simulator-kit/self-signed-certificate.ts';
import { startSimulator } from '../simulator-kit/start-simulator.ts';
import { hubspot } from './index.ts';
import { type HubspotOptions, startHubspotSimulator } from './simulator/index.ts';

const expressions = createFakeExpressions();
const TOKEN = 'pat-eu1-SECRET-1';
const NOW = Date.UTC(2026, 10, 21, 12);
const input = (data: unknown): OperationInput => ({ data, raw: null });
const lead = { objectType: 'contacts', id: 'jan@novak.cz', properties: { firstname: 'Jan' } };

describeAdapterContract({
  adapter: hubspot,
  startSimulator: () => startHubspotSimulator({ token: TOKEN }),
  createHttp(mode) {
    const guard = createAddressGuard({ allow: mode === 'refusing' ? [] : ['127.0.0.0/8'], forbid: [] });
    return createGuardedHttp({ guard, connectTimeoutMs: 1_000, ...(mode === 'stalled' ? { resolve: () => new Promise(() => {}) } : {}) });
  },
  createTokens: (clock) => createTokenCache({ clock }),
  expressions,
  config: (url) => ({ baseUrl: url, objects: ['contacts'] }),
  credentials: { type: 'bearer', token: TOKEN },
  secrets: [TOKEN],
  operation: 'upsert',
  input: input(lead),
  injection: { skip: 'nothing of an input goes into headers' },
  // The account, then each object type.
  probeRequests: 2,
  lookup: { operation: 'findCreated', input: input({ objectType: 'contacts', properties: { email: 'jan@novak.cz' } }) },
  certificate: selfSignedCertificate,
  refusedAs: { 403: 'scopes' },
});

const silent: Logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };
const never = new AbortController().signal;
const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

interface Opened {
  config?: object;
  credentials?: unknown;
  clock?: Clock;
  fake?: HttpExchangeResult;
}

async function open(
  url: string,
  { config = {}, credentials = { type: 'bearer', token: TOKEN }, clock = { now: () => NOW }, fake }: Opened = {},
) {
  const http = createGuardedHttp({ guard: createAddressGuard({ allow: ['127.0.0.0/8'], forbid: [] }) });
  cleanUps.push(() => http.close());
  const seen: HttpExchangeRequest[] = [];
  const context: AdapterContext<unknown> = {
    ...{ spoke: 'crm', credentials, policy: DEFAULT_POLICY, logger: silent, clock, expressions, tokens: createTokenCache({ clock }) },
    http: fake
      ? {
          exchange: async (request) => {
            seen.push(request);
            return fake;
          },
          close: async () => {},
        }
      : http,
  };
  const connection = await hubspot.open({ baseUrl: url, ...config }, context);
  const send = (operation: string, data: unknown, changes: Partial<SendRequest> = {}) => {
    const request = { deliveryId: 'd', messageId: 'm', attempt: 1, operation, traceparent: null, timeoutMs: 60_000 };
    return connection.send({ ...request, input: input(data), ...changes }, never);
  };
  return { connection, send, seen };
}

async function simulated(options: HubspotOptions = {}, opened: Opened = {}) {
  const simulator = await startHubspotSimulator({ token: TOKEN, now: () => NOW, ...options });
  cleanUps.push(() => simulator.close());
  return { simulator, ...(await open(simulator.url, opened)) };
}

const answerOf = ({ response }: { response?: { body: Uint8Array } | undefined }): unknown =>
  response === undefined ? undefined : JSON.parse(Buffer.from(response.body).toString('utf8'));

describe('upserting into HubSpot', () => {
  it('makes a contact once, however often it is sent, and tells created from updated', async () => {
    const { simulator, send } = await simulated();
    expect(await send('upsert', lead)).toMatchObject({ kind: 'ok', detail: 'answered 200: 1 created, 0 updated' });
    const again = await send('upsert', { ...lead, properties: { firstname: 'Honza' } });
    expect(again).toMatchObject({ kind: 'ok', detail: 'answered 200: 0 created, 1 updated' });
    expect(answerOf(again)).toMatchObject({ inputs: [{ index: 0, id: 'jan@novak.cz', ok: true, objectId: '101', new: false }] });
    expect(simulator.records('contacts')).toMatchObject([{ id: '101', properties: { email: 'jan@novak.cz', firstname: 'Honza' } }]);
    expect(simulator.requests()[0]?.target).toBe('/crm/objects/2026-03/contacts/batch/upsert');
  });

  it('refuses a batch of which a part failed, names the inputs, and keeps what went through', async () => {
    const { simulator, send } = await simulated();
    const inputs = ['a@b.cz', 'not an address', 'c@d.cz'].map((id) => ({ id, properties: { firstname: 'x' } }));
    const outcome = await send('upsert', { objectType: 'contacts', inputs });
    expect(outcome).toMatchObject({ kind: 'rejected', status: 207, detail: 'answered 207: 1 of 3 inputs failed (VALIDATION_ERROR), at 1' });
    expect(answerOf(outcome)).toMatchObject({
      inputs: [
        { index: 0, ok: true, new: true },
        { index: 1, ok: false, error: 'VALIDATION_ERROR' },
        { index: 2, ok: true, new: true },
      ],
    });
    expect(JSON.stringify(outcome.detail)).not.toContain('address');
    expect(simulator.records('contacts')).toHaveLength(2);
    const mended = await send('upsert', {
      objectType: 'contacts',
      inputs: inputs.map((each, index) => (index === 1 ? { ...each, id: 'e@f.cz' } : each)),
    });
    expect(mended).toMatchObject({ kind: 'ok', detail: 'answered 200: 1 created, 2 updated' });
  });

  it('throttles when every failure is one that passes, and takes silence for failure', async () => {
    const body = (content: object) => ({
      ok: true as const,
      status: 207,
      headers: { 'content-type': 'application/json' },
      body: Buffer.from(JSON.stringify(content)),
    });
    const busy = await open('http://hubspot.example', {
      fake: body({ results: [], errors: [{ category: 'RATE_LIMITS', context: { objectWriteTraceId: ['0'] } }] }),
    });
    expect(await busy.send('upsert', lead)).toMatchObject({ kind: 'throttled', status: 207 });
    const silentOne = await open('http://hubspot.example', { fake: body({ results: [] }) });
    expect(await silentOne.send('upsert', lead)).toMatchObject({ kind: 'rejected', detail: expect.stringContaining('NO_RESULT') });
    const other = await open('http://hubspot.example', { fake: body({ hello: 1 }) });
    expect(await other.send('upsert', lead)).toMatchObject({ kind: 'fault' });
  });

  it.each<[string, object, string]>([
    ['neither one nor several', { objectType: 'contacts' }, '/id'],
    ['both', { ...lead, inputs: [lead] }, '/inputs'],
    ['no unique property', { ...lead, objectType: 'deals' }, '/idProperty'],
    [
      'more than a batch',
      { objectType: 'contacts', inputs: Array.from({ length: 101 }, () => ({ id: 'a@b.cz', properties: {} })) },
      '/inputs',
    ],
    ['a type that climbs out of the path', { ...lead, objectType: '../oauth' }, '/objectType'],
  ])('does not send %s', async (_case, data, path) => {
    const { simulator, send } = await simulated();
    expect(await send('upsert', data)).toMatchObject({ kind: 'invalid', sent: false, detail: expect.stringContaining(path) });
    expect(simulator.requests()).toEqual([]);
  });

  it('takes the unique property from the spoke, and the version of the paths', async () => {
    const { simulator, send } = await simulated(
      { unique: { deals: ['erp_id'] } },
      { config: { idProperties: { deals: 'erp_id' }, apiVersion: 'v3' } },
    );
    expect(
      (await send('upsert', { objectType: 'deals', id: 'E 1/2', properties: { amount: JSON.rawJSON('12345678901234567.89') } })).kind,
    ).toBe('ok');
    expect(simulator.requests()[0]?.target).toBe('/crm/v3/objects/deals/batch/upsert');
    expect(simulator.requests()[0]?.body.toString()).toContain('"amount":12345678901234567.89');
  });
});

describe('other operations', () => {
  it('create, read, update, search, associate and archive', async () => {
    const { simulator, send } = await simulated();
    await send('create', { objectType: 'contacts', properties: { email: 'a+b@c.cz' } });
    await send('create', { objectType: 'companies', properties: { name: 'Novák' } });
    expect(
      answerOf(await send('get', { objectType: 'contacts', id: 'a+b@c.cz', idProperty: 'email', properties: ['email', 'phone'] })),
    ).toMatchObject({ id: '101' });
    expect((await send('update', { objectType: 'contacts', id: '101', properties: { phone: '1' } })).kind).toBe('ok');
    expect(
      answerOf(
        await send('search', { objectType: 'contacts', filters: [{ propertyName: 'email', operator: 'EQ', value: 'a+b@c.cz' }], limit: 1 }),
      ),
    ).toMatchObject({ total: 1 });
    const pair = { fromType: 'contacts', fromId: '101', toType: 'companies', toId: '102' };
    expect((await send('associate', pair)).kind).toBe('ok');
    expect((await send('associate', { ...pair, types: [{ typeId: 279 }] })).kind).toBe('ok');
    expect(simulator.associations()).toEqual(['companies/102 contacts/101', 'contacts/101 companies/102']);
    expect((await send('dissociate', pair)).kind).toBe('ok');
    expect(simulator.associations()).toEqual([]);
    expect((await send('archive', { objectType: 'contacts', id: '101' })).kind).toBe('ok');
    expect(simulator.records('contacts')).toEqual([]);
    expect(simulator.requests().map(({ method, target }) => `${method} ${target}`)).toContain(
      'GET /crm/objects/2026-03/contacts/a%2Bb%40c.cz?idProperty=email&properties=email%2Cphone',
    );
  });

  it('a plain create of a value that is taken is refused, with the id that has it', async () => {
    const { send } = await simulated();
    const create = { objectType: 'contacts', properties: { email: 'a@b.cz' } };
    await send('create', create);
    expect(await send('create', create)).toMatchObject({
      kind: 'rejected',
      status: 409,
      detail: expect.stringContaining('CONFLICT, existing id 101'),
    });
  });

  it('a create that was not answered is found by its unique property, and nothing is said without one', async () => {
    const { simulator, send } = await simulated();
    const create = { objectType: 'contacts', properties: { email: 'a@b.cz' } };
    expect(await send('findCreated', create)).toMatchObject({ kind: 'rejected', status: 404 });
    simulator.fail({ kind: 'hang', applied: true }, 1);
    const unanswered = await givenTime(
      (timeoutMs) => send('create', create, { timeoutMs }),
      ({ sent }) => sent,
    );
    expect(unanswered).toMatchObject({ kind: 'timeout', sent: true });
    expect(answerOf(await send('findCreated', create))).toMatchObject({ id: '101' });
    expect(await send('findCreated', { objectType: 'deals', properties: { dealname: 'x' } })).toMatchObject({
      kind: 'rejected',
      status: null,
    });
  });
});

describe('limits of HubSpot', () => {
  it('wait ten seconds, one for searches, and a whole day for the daily one', async () => {
    const burst = await simulated({ limits: { tenSeconds: 1 } });
    await burst.send('upsert', lead);
    expect(await burst.send('upsert', lead)).toMatchObject({
      kind: 'throttled',
      status: 429,
      retryAfterMs: 10_000,
      detail: expect.stringContaining('TEN_SECONDLY_ROLLING'),
    });
    expect(await burst.send('search', { objectType: 'contacts' })).toMatchObject({ kind: 'throttled', retryAfterMs: 1_000 });
    const day = await simulated({ limits: { day: 0 } }, { config: { timeZone: 'Europe/Prague' } });
    expect(await day.send('upsert', lead)).toMatchObject({
      kind: 'throttled',
      retryAfterMs: 11 * 3_600_000,
      detail: expect.stringContaining('DAILY'),
    });
    const utc = await simulated({ limits: { day: 0 } });
    expect(await utc.send('upsert', lead)).toMatchObject({ retryAfterMs: 12 * 3_600_000 });
  });

  it('leave the last word to Retry-After', async () => {
    const { simulator, send } = await simulated();
    simulator.fail({ kind: 'status', status: 429, headers: { 'Retry-After': '3' }, body: '{"policyName":"DAILY"}' }, 1);
    expect(await send('upsert', lead)).toMatchObject({ retryAfterMs: 3_000 });
  });

  it.each([
    [423, 'throttled', 2_000],
    [477, 'throttled', undefined],
  ])('take %i for %s', async (status, kind, retryAfterMs) => {
    const { simulator, send } = await simulated();
    simulator.fail({ kind: 'status', status, body: '{}' }, 1);
    const outcome = await send('upsert', lead);
    expect([outcome.kind, outcome.retryAfterMs]).toEqual([kind, retryAfterMs]);
  });

  it('stay below what every plan has', () => {
    expect(hubspot.defaults.rate?.limit).toBeLessThanOrEqual(100);
    expect(hubspot.defaults.rate?.perMs).toBe(10_000);
  });
});

describe('tokens of HubSpot', () => {
  async function withTokens(tokens: string[]) {
    const endpoint = await startSimulator(() => ({
      status: 200,
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ access_token: tokens.shift() ?? 'none-left', expires_in: 1_800 }),
    }));
    cleanUps.push(() => endpoint.close());
    const credentials = {
      type: 'oauth2-refresh-token',
      clientId: 'app',
      clientSecret: 'app-secret',
      clientAuth: 'body',
      refreshToken: 'refresh-1',
      tokenUrl: `${endpoint.url}/oauth/v1/token`,
    };
    return { endpoint, ...(await simulated({ token: 'access-1' }, { credentials })) };
  }

  it('are renewed once when HubSpot says that one expired', async () => {
    const { simulator, endpoint, send } = await withTokens(['access-1', 'access-2']);
    expect((await send('upsert', lead)).kind).toBe('ok');
    simulator.renew('access-2');
    expect((await send('upsert', lead)).kind).toBe('ok');
    expect(endpoint.requests()).toHaveLength(2);
  });

  it('that cannot be had are said in a check to be about the credentials, and the rest about the network', async () => {
    const { endpoint, connection } = await withTokens([]);
    endpoint.fail({ kind: 'status', status: 400, body: '{"error":"invalid_grant"}' });
    const refused = await connection.probe(never);
    expect(refused).toMatchObject({ ok: false, checks: [{ name: 'credentials', detail: expect.stringContaining('invalid_grant') }] });
    expect(JSON.stringify(refused)).not.toMatch(/app-secret|refresh-1/);
  });

  it('are not renewed for any other 401', async () => {
    const { endpoint, send } = await withTokens(['wrong', 'access-1']);
    expect(await send('upsert', lead)).toMatchObject({
      kind: 'rejected',
      status: 401,
      detail: expect.stringContaining('INVALID_AUTHENTICATION'),
    });
    expect(endpoint.requests()).toHaveLength(1);
  });
});

describe('the check of a HubSpot spoke', () => {
  it('names the account, the calls that are left, and another time zone', async () => {
    const { connection } = await simulated({}, { config: { objects: ['contacts'] } });
    expect(await connection.probe(never)).toMatchObject({
      ok: true,
      checks: [
        { name: 'credentials', detail: 'account 123456, 649999 calls left today' },
        { name: 'time zone', ok: true, detail: expect.stringContaining('Europe/Prague') },
        { name: 'scope contacts', ok: true },
      ],
    });
  });

  it.each<[string, HubspotOptions, object, string, string]>([
    ['a wrong token', { token: 'other' }, {}, 'credentials', 'not valid'],
    ['another account', { portalId: 7 }, { portalId: '8' }, 'account', 'of account 7, the spoke says 8'],
    ['a missing scope', { withoutScopes: ['deals'] }, {}, 'scope deals', 'missing scopes crm.objects.deals.read'],
  ])('tells %s', async (_case, options, config, name, detail) => {
    const { connection } = await simulated(options, { config });
    const { ok, checks } = await connection.probe(never);
    expect(ok).toBe(false);
    expect(checks.find((check) => !check.ok)).toMatchObject({ name, detail: expect.stringContaining(detail) });
  });
});

describe('polling HubSpot', () => {
  async function pollAll(
    connection: Awaited<ReturnType<typeof open>>['connection'],
    cursor: string | null,
    limit: number,
    from: 'now' | 'start' = 'start',
  ) {
    const items: { idempotencyKey: string; orderingKey?: string }[] = [];
    let at = cursor;
    for (let turn = 0; turn < 100; turn++) {
      const page: PollPage | undefined = await connection.poll?.('contacts', at, limit, never, from);
      if (!page?.ok) throw new Error(`no page: ${JSON.stringify(page)}`);
      items.push(...page.items);
      at = page.cursor;
      if (!page.more) return { items, cursor: at };
    }
    throw new Error('never ends');
  }

  it('starts from now, gives every change once, also what the index shows late', async () => {
    let now = NOW;
    const clock = { now: () => now };
    const { simulator, send, connection } = await simulated({ now: clock.now, indexDelayMs: 30_000 }, { clock });
    await send('upsert', lead);
    now += 3_600_000;
    const start = await pollAll(connection, null, 100, 'now');
    expect(start.items).toEqual([]);
    await send('upsert', { ...lead, id: 'late@b.cz' });
    const early = await pollAll(connection, start.cursor, 100);
    expect(early.items).toEqual([]);
    now += 60_000;
    const late = await pollAll(connection, early.cursor, 100);
    expect(late.items).toMatchObject([{ type: 'contacts.changed', orderingKey: '102' }]);
    expect((await pollAll(connection, late.cursor, 100)).items).toEqual([]);
    now += 60_000;
    await send('upsert', { ...lead, id: 'late@b.cz' });
    now += 60_000;
    expect((await pollAll(connection, late.cursor, 100)).items).toHaveLength(1);
    expect(simulator.records('contacts')).toHaveLength(2);
  });

  it.each([
    ['ahead of', 3_600_000],
    ['behind', -3_600_000],
    ['equal to', 0],
  ])('starts from now by the clock of HubSpot: with a clock %s it gives all that is new and nothing of before', async (_case, aheadMs) => {
    let now = NOW;
    const { send, connection } = await simulated({ now: () => now }, { clock: { now: () => now + aheadMs } });
    for (const id of ['old1@b.cz', 'old2@b.cz', 'old3@b.cz']) await send('upsert', { ...lead, id });
    const start = await pollAll(connection, null, 2, 'now');
    expect(start.items).toEqual([]);
    await send('upsert', { ...lead, id: 'same-moment@b.cz' });
    now += 1_000;
    await send('upsert', { ...lead, id: 'new@b.cz' });
    const { items, cursor } = await pollAll(connection, start.cursor, 2);
    expect(new Set(items.map(({ orderingKey }) => orderingKey))).toEqual(new Set(['104', '105']));
    expect((await pollAll(connection, cursor, 2)).items).toEqual([]);
  });

  it('starts from now in an account without records', async () => {
    const { send, connection } = await simulated();
    const start = await pollAll(connection, null, 2, 'now');
    await send('upsert', lead);
    expect((await pollAll(connection, start.cursor, 2)).items).toHaveLength(1);
  });

  it.each([
    ['spread over time', 7, 1],
    ['all in one millisecond', 7, 0],
  ])('takes many %s in small pages, each once', async (_case, count, stepMs) => {
    let now = NOW;
    const clock = { now: () => now };
    const { send, connection } = await simulated({ now: clock.now }, { clock });
    for (let index = 0; index < count; index++) {
      now += stepMs;
      await send('upsert', { ...lead, id: `c${index}@b.cz` });
    }
    const { items } = await pollAll(connection, null, 2);
    expect(new Set(items.map(({ orderingKey }) => orderingKey)).size).toBe(count);
    expect(new Set(items.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(items.length);
  });

  it('never asks beyond 10,000, and refuses what is not its own', async () => {
    const { simulator, send, connection } = await simulated();
    await send('upsert', lead);
    await pollAll(connection, null, 2);
    for (const { target, body } of simulator.requests())
      if (target.endsWith('/search')) expect(JSON.parse(body.toString())).not.toHaveProperty('after');
    expect(await connection.poll?.('contacts', '{"a":1}', 2, never)).toMatchObject({ ok: false });
    expect(await connection.poll?.('nothing', null, 2, never)).toMatchObject({ ok: false });
  });

  it('declares one poll per object type', () => {
    expect(hubspot.pollsOf({ objects: ['contacts', '2-123'] }).map(({ name }) => name)).toEqual(['contacts', '2-123']);
  });
});

describe('webhooks of HubSpot', () => {
  it('come as a list of events, signed so that the scheme takes them, and only with the right secret', async () => {
    const verdicts: boolean[] = [];
    const bodies: unknown[] = [];
    const receiver = await startSimulator(async ({ method, target, headers, body }) => {
      const request: RawRequest = {
        method,
        target,
        headers,
        body,
        publicUrl: `${receiver.url}${target}`,
        query: {},
        remoteAddress: '127.0.0.1',
      };
      for (const secret of ['app-secret', 'another-secret']) {
        const scheme = { scheme: 'hubspot-v3', secrets: [{ secret, notAfterMs: null }], options: {} };
        const verify = compileVerifier([scheme], { clock: { now: () => NOW } });
        verdicts.push((await verify(request)).ok);
      }
      bodies.push(JSON.parse(body.toString()));
      return { status: 202 };
    });
    cleanUps.push(() => receiver.close());
    const { simulator } = await simulated({ clientSecret: 'app-secret' });
    const event = { eventId: 1, subscriptionType: 'contact.creation', objectId: 101 };
    expect(await simulator.emit(`${receiver.url}/hooks/crm?a=b`, [event, { ...event, eventId: 2 }])).toBe(202);
    expect(verdicts).toEqual([true, false]);
    expect(bodies).toEqual([[event, { ...event, eventId: 2 }]]);
    expect(hubspot.verify).toEqual(['hubspot-v3']);
  });
});
