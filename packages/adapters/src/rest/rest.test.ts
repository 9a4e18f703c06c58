import type { AdapterContext, HttpExchangeRequest, HttpExchangeResult, OperationInput, SendRequest } from '@nave/adapter-kit';
import { DEFAULT_POLICY, HubError, type Logger } from '@nave/core';
import { createGuardedHttp, createTokenCache } from '@nave/protocols';
import { createAddressGuard } from '@nave/security';
import { describeAdapterContract } from '@nave/testkit';
import { describe, expect, it } from 'vitest';
import { createFakeExpressions } from '../fake-expressions.ts';
import { selfSignedCertificate } from '../simulator-kit/self-signed-certificate.ts';
import { rest } from './index.ts';
import { startErpSimulator } from './simulator/index.ts';

const expressions = createFakeExpressions({
  '$string(draft)': (root) => String(Reflect.get(Object(root), 'draft')),
  'status < 300': (root) => Number(Reflect.get(Object(root), 'status')) < 300,
  'status = 409 or body.ok': (root) =>
    Reflect.get(Object(root), 'status') === 409 || Reflect.get(Object(Reflect.get(Object(root), 'body')), 'ok') === true,
  '{"total": total}': (root) => ({ total: Reflect.get(Object(root), 'total') }),
  '$now()': (_root, scope) => scope?.nowMs,
  '$uuid()': (_root, scope) => scope?.seed,
  'boom()': () => {
    throw new HubError('expression.evaluate', { detail: 'T2001 at position 3' });
  },
  nothing: () => undefined,
});
const jsonInput = (data: unknown, text?: string): OperationInput => ({
  data,
  raw: text === undefined ? null : { bytes: Buffer.from(text), contentType: 'application/json' },
});
const SECRET = 'tok-SECRET-1';
const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----';
const KEY = '-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----';

describeAdapterContract({
  adapter: rest,
  startSimulator: () => startErpSimulator({ token: SECRET }),
  createHttp(mode) {
    const guard = createAddressGuard({ allow: mode === 'refusing' ? [] : ['127.0.0.0/8'], forbid: [] });
    return createGuardedHttp({ guard, connectTimeoutMs: 1_000, ...(mode === 'stalled' ? { resolve: () => new Promise(() => {}) } : {}) });
  },
  createTokens: (clock) => createTokenCache({ clock }),
  expressions,
  config: (url) => ({
    baseUrl: url,
    operations: {
      createInvoice: { method: 'POST', path: '/invoices/{number}', headers: { 'X-Shop': 'shop' } },
    },
  }),
  credentials: { type: 'bearer', token: SECRET },
  secrets: [SECRET],
  operation: 'createInvoice',
  input: jsonInput({ number: 'A 1', total: 12 }),
  injection: { operation: 'createInvoice', input: jsonInput({ number: 'A1', shop: 'cz\r\nX-Injected: 1' }) },
  lookup: { skip: '404 of a path that names the record is the answer, as its page says' },
  certificate: selfSignedCertificate,
});

const answer = (status: number, body = '', contentType = 'application/json'): HttpExchangeResult => ({
  ok: true,
  status,
  headers: { 'content-type': contentType },
  body: Buffer.from(body),
});
const silent: Logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };

async function deliver(
  operation: object,
  input: OperationInput,
  options: { answer?: HttpExchangeResult; send?: Partial<SendRequest>; baseUrl?: string } = {},
) {
  const seen: HttpExchangeRequest[] = [];
  const clock = { now: () => 1_700_000_000_000 };
  const context: AdapterContext<unknown> = {
    ...{ spoke: 's', credentials: undefined, policy: DEFAULT_POLICY, logger: silent, clock, expressions },
    http: {
      async exchange(request) {
        seen.push(request);
        return options.answer ?? answer(200);
      },
      close: async () => {},
    },
    tokens: createTokenCache({ clock }),
  };
  const connection = await rest.open({ baseUrl: options.baseUrl ?? 'http://erp.example/api/', operations: { op: operation } }, context);
  const send = {
    deliveryId: 'd1',
    messageId: 'm1',
    attempt: 1,
    operation: 'op',
    input,
    traceparent: null,
    timeoutMs: 1_000,
    ...options.send,
  };
  const outcome = await connection.send(send, new AbortController().signal);
  return { outcome, request: seen[0], requests: seen };
}

describe('a rest request', () => {
  it('is made of path, query, headers and body', async () => {
    const { request } = await deliver(
      {
        method: 'POST',
        path: '/invoices/{number}',
        query: { draft: '$string(draft)', tag: 'tags', none: 'nothing' },
        headers: { 'X-Shop': "'cz'", 'X-None': 'nothing' },
        body: '{"total": total}',
      },
      jsonInput({ number: 'A 1', draft: true, tags: ['a', { b: 1 }], total: 12 }, '{"exact": 1}'),
    );
    expect(request).toEqual({
      method: 'POST',
      url: 'http://erp.example/api/invoices/A%201?draft=true&tag=a&tag=%7B%22b%22%3A1%7D',
      headers: {
        Accept: 'application/json, */*;q=0.5',
        'User-Agent': 'Nave',
        'Content-Type': 'application/json',
        'X-Shop': 'cz',
        'Idempotency-Key': 'd1',
        'X-Nave-Message-Id': 'm1',
        'X-Nave-Attempt': '1',
      },
      body: '{"total":12}',
      timeoutMs: 1_000,
    });
  });

  it.each([{}, { body: '$' }])('passes the message on byte for byte with %j', async (operation) => {
    const text = '{ "id":12345678901234567890 }';
    const { request } = await deliver({ method: 'POST', path: '/x', ...operation }, jsonInput({ id: 12345678901234567000 }, text));
    expect(Buffer.from(request?.body ?? '').toString()).toBe(text);
    expect(request?.headers['Content-Type']).toBe('application/json');
  });

  it.each([
    ['GET', undefined],
    ['DELETE', undefined],
    ['HEAD', undefined],
    ['PUT', '{"a":1}'],
    ['PATCH', '{"a":1}'],
  ])('%s sends the whole input only where a body is usual', async (method, body) => {
    expect((await deliver({ method, path: '/x' }, jsonInput({ a: 1 }))).request?.body).toBe(body);
  });

  it.each([
    ['xml', '<?xml version="1.0" encoding="UTF-8"?><o id="7"><n>1</n></o>', 'application/xml; charset=utf-8'],
    ['form', 'o%5B%40id%5D=7&o%5Bn%5D=1', 'application/x-www-form-urlencoded'],
    ['json', '{"o":{"@id":"7","n":"1"}}', 'application/json'],
  ])('is written as %s, also when it came as something else', async (format, body, contentType) => {
    const data = { o: { '@id': '7', n: '1' } };
    const raw = { bytes: Buffer.from('other'), contentType: 'text/plain' };
    const { request } = await deliver({ method: 'POST', path: '/x', format }, { data, raw });
    expect(request?.body).toBe(body);
    expect(request?.headers['Content-Type']).toBe(contentType);
  });

  it.each([
    [{}, '{"written": before}', 'application/json'],
    [{ format: 'json' }, '{"written": before}', 'application/json'],
    [{ format: 'form' }, 'a=1&total=2', 'application/x-www-form-urlencoded'],
    [{ body: '{"total": total}' }, '{"total":2}', 'application/json'],
  ])(
    'takes mapped data as the JSON it was kept as, where it goes out whole and as JSON (case %#)',
    async (operation, body, contentType) => {
      const input = { ...jsonInput({ a: 1, total: 2 }), json: Buffer.from('{"written": before}') };
      const { request } = await deliver({ method: 'POST', path: '/x', ...operation }, input);
      expect(Buffer.from(request?.body ?? '').toString()).toBe(body);
      expect(request?.headers['Content-Type']).toBe(contentType);
    },
  );

  it('sees the same present and chance on every attempt', async () => {
    const send = { deliveryId: '018bcfe5-6800-7000-8000-000000000000' };
    const first = await deliver({ method: 'GET', path: '/x', query: { at: '$now()', id: '$uuid()' } }, jsonInput({}), {
      send: { ...send, attempt: 1 },
    });
    const second = await deliver({ method: 'GET', path: '/x', query: { at: '$now()', id: '$uuid()' } }, jsonInput({}), {
      send: { ...send, attempt: 2 },
    });
    expect(second.request?.url).toBe(first.request?.url);
    expect(first.request?.url).toContain('at=1700000000000&id=018bcfe5');
  });

  it.each([
    [{ method: 'POST', path: '/invoices/{number}' }, { number: '../admin' }, /path parameter \{number\}/],
    [{ method: 'POST', path: '/invoices/{number}' }, {}, /path parameter \{number\}/],
    [{ method: 'POST', path: '/x', headers: { 'X-A': 'a' } }, { a: { b: 1 } }, /header X-A: expected text/],
    [{ method: 'POST', path: '/x', headers: { 'X-A': 'a' } }, { a: 'x\u0000' }, /header X-A/],
    [{ method: 'POST', path: '/x', body: 'boom()' }, {}, /T2001 at position 3/],
  ])('is not sent when the input does not make one (case %#)', async (operation, data, detail) => {
    const { outcome, requests } = await deliver(operation, jsonInput(data));
    expect(outcome).toMatchObject({ kind: 'invalid', status: null, sent: false, detail: expect.stringMatching(detail) });
    expect(requests).toEqual([]);
  });
});

describe('the success rule', () => {
  const operation = { method: 'POST', path: '/x', success: 'status = 409 or body.ok' };

  it.each([
    [answer(200, '{"ok":true}'), 'ok'],
    [answer(200, '{"ok":false}'), 'rejected'],
    [answer(200, 'not json'), 'rejected'],
    [answer(409, '{}'), 'ok'],
    [answer(404, '{}'), 'rejected'],
    [answer(500, '{}'), 'fault'],
  ])('case %# is %s', async (given, kind) => {
    expect((await deliver(operation, jsonInput({}), { answer: given })).outcome).toMatchObject({ kind });
  });

  it('that fails makes the outcome invalid', async () => {
    expect((await deliver({ ...operation, success: 'boom()' }, jsonInput({}))).outcome).toMatchObject({ kind: 'invalid', status: 200 });
  });
});

describe('a rest spoke', () => {
  it('declares its operations with their defaults', () => {
    const operations = {
      create: { method: 'POST', path: '/a', lookup: 'find', retryOn: [409] },
      find: { method: 'GET', path: '/a', title: 'Find' },
      charge: { method: 'POST', path: '/c', idempotent: 'never' },
    };
    expect(rest.operationsOf({ baseUrl: 'http://x', operations })).toMatchObject([
      { name: 'create', title: 'create', idempotent: 'key', lookup: 'find', retryOn: [409] },
      { name: 'find', title: 'Find', idempotent: 'always' },
      { name: 'charge', idempotent: 'never' },
    ]);
    expect(rest.operationsOf({ baseUrl: 'http://x' })).toEqual([]);
  });

  it('names everything that is wrong with it', () => {
    const op = {
      method: 'POST',
      path: 'x?y',
      query: { a: '!' },
      headers: { 'X A': "'x'", Host: "'x'", 'idempotency-key': "'x'" },
      body: '!',
      success: '!',
      lookup: 'gone',
      undo: 'op',
    };
    const problems = rest.check({ baseUrl: 'http://user@erp.example', operations: { op }, check: { path: '/{x}' } }, undefined, {
      expressions,
    });
    expect(problems.map(({ path }) => path)).toEqual([
      '/config/baseUrl',
      '/config/check/path',
      '/config/operations/op/path',
      '/config/operations/op/body',
      '/config/operations/op/success',
      '/config/operations/op/query/a',
      '/config/operations/op/headers/X A',
      '/config/operations/op/headers/Host',
      '/config/operations/op/headers/idempotency-key',
      '/config/operations/op/lookup',
    ]);
  });

  it.each<[string, object, string | null]>([
    ['a GET', { method: 'GET' }, null],
    ['a search that says it only reads', { method: 'POST', idempotent: 'always' }, null],
    ['a POST', { method: 'POST' }, 'only reads'],
    ['itself', { method: 'POST', idempotent: 'never', lookup: 'find' }, 'only reads'],
    ['a HEAD', { method: 'HEAD' }, 'has none'],
  ])('takes as a lookup only what reads and has an answer: %s', (_name, find, problem) => {
    const operations = { pay: { method: 'POST', path: '/a', idempotent: 'never', lookup: 'find' }, find: { path: '/a', ...find } };
    const problems = rest.check({ baseUrl: 'http://x', operations }, undefined, { expressions });
    expect(problems.filter(({ path }) => path === '/config/operations/pay/lookup').map(({ message }) => message)).toEqual(
      problem === null ? [] : [expect.stringContaining(problem)],
    );
  });

  it.each(['http://x/?a=1', 'http://x/#a', 'http://2130706433/', 'http://x y/', 'ftp://x'])('refuses the base URL %s', (baseUrl) => {
    expect(rest.check({ baseUrl }, undefined, { expressions })).toMatchObject([{ path: '/config/baseUrl' }]);
  });
});

describe('TLS of a rest spoke', () => {
  const pins = [`cert-sha256:${'a'.repeat(64)}`];

  it('goes with every request, with the client certificate of its credentials', async () => {
    const seen: HttpExchangeRequest[] = [];
    const clock = { now: () => 0 };
    const context: AdapterContext<unknown> = {
      ...{ spoke: 's', policy: DEFAULT_POLICY, logger: silent, clock, expressions, tokens: createTokenCache({ clock }) },
      credentials: { type: 'bearer', token: SECRET, clientCertificate: { cert: CERTIFICATE, key: KEY } },
      http: {
        async exchange(request) {
          seen.push(request);
          return answer(200);
        },
        close: async () => {},
      },
    };
    const connection = await rest.open({ baseUrl: 'https://erp.example', tls: { pins, servername: 'erp' } }, context);
    await connection.probe(new AbortController().signal);
    expect(seen[0]?.tls).toEqual({ pins, servername: 'erp', cert: CERTIFICATE, key: KEY });
  });

  it('and its credentials are checked beyond their schema', () => {
    const credentials = { type: 'oauth2-client-credentials', tokenUrl: 'https://id.example', clientId: 'c' };
    expect(rest.check({ baseUrl: 'http://erp.example', tls: { pins } }, credentials, { expressions })).toMatchObject([
      { path: '/config/tls', message: expect.stringContaining('https') },
      { path: '/credentials/clientSecret' },
    ]);
  });
});

describe('the check of a rest spoke', () => {
  async function probe(credentials: unknown, check?: object) {
    const erp = await startErpSimulator({ token: SECRET });
    const clock = { now: () => 0 };
    const http = createGuardedHttp({ guard: createAddressGuard({ allow: ['127.0.0.0/8'], forbid: [] }) });
    const context: AdapterContext<unknown> = {
      spoke: 's',
      credentials,
      policy: DEFAULT_POLICY,
      logger: silent,
      clock,
      expressions,
      http,
      tokens: createTokenCache({ clock }),
    };
    const connection = await rest.open({ baseUrl: erp.url, ...(check ? { check } : {}) }, context);
    const result = await connection.probe(new AbortController().signal);
    const requests = erp.requests().map(({ method, target }) => `${method} ${target}`);
    await erp.close();
    await http.close();
    return { ...result, requests };
  }

  it('reports refused credentials as a finding, apart from being reachable', async () => {
    expect(await probe({ type: 'bearer', token: 'wrong-token' })).toEqual({
      ok: false,
      detail: 'refused with 401',
      checks: [
        { name: 'reachable', ok: true, detail: 'answered 401' },
        { name: 'credentials', ok: false, detail: 'refused with 401' },
      ],
      requests: ['GET /'],
    });
  });

  it('uses the request it is told to, and any answer proves that somebody is there', async () => {
    expect(await probe({ type: 'bearer', token: SECRET }, { method: 'HEAD', path: '/nothing/here' })).toMatchObject({
      ok: true,
      detail: 'answered 404',
      requests: ['HEAD /nothing/here'],
    });
  });
});

describe('the ERP simulator', () => {
  it('books once for one idempotency key, also when the answer is lost', async () => {
    const erp = await startErpSimulator();
    const book = () =>
      fetch(`${erp.url}/invoices/A1`, {
        method: 'POST',
        headers: { 'Idempotency-Key': 'k', 'Content-Type': 'application/json' },
        body: '{"total":1}',
      });
    erp.fail({ kind: 'reset', when: 'before-answer', applied: true }, 1);
    await expect(book()).rejects.toThrow();
    expect((await book()).status).toBe(201);
    expect(erp.invoices()).toEqual([{ number: 'A1', cancelled: false, content: { total: 1 } }]);
    await erp.close();
  });

  it('books a payment each time it is asked to, also when it does not answer, and finds it', async () => {
    const erp = await startErpSimulator();
    const pay = (signal?: AbortSignal) => fetch(`${erp.url}/payments/A1`, { method: 'POST', body: '{}', ...(signal ? { signal } : {}) });
    expect((await fetch(`${erp.url}/payments/A1`)).status).toBe(404);
    erp.fail({ kind: 'hang', applied: true }, 1);
    const abort = new AbortController();
    const unanswered = expect(pay(abort.signal)).rejects.toThrow();
    await expect.poll(() => erp.payments()).toHaveLength(1);
    abort.abort();
    await unanswered;
    expect((await pay()).status).toBe(201);
    expect(erp.payments().map(({ reference }) => reference)).toEqual(['A1', 'A1']);
    expect(await (await fetch(`${erp.url}/payments/A1`)).json()).toEqual({ reference: 'A1', payment: 1 });
    await erp.close();
  });

  it('refuses a wrong token and tells a probe', async () => {
    const erp = await startErpSimulator({ token: 'right' });
    expect((await fetch(erp.url)).status).toBe(401);
    await erp.close();
  });
});
