import type { AdapterContext, HttpExchangeRequest, HttpExchangeResult, OperationInput, SendRequest } from '@nave/adapter-kit';
import { DEFAULT_POLICY, HubError, type Logger, type Outcome } from '@nave/core';
import { createGuardedHttp, createTokenCache } from '@nave/protocols';
import { createAddressGuard } from '@nave/security';
import { describeAdapterContract } from '@nave/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { createFakeExpressions } from '../fake-expressions.ts';
import { selfSignedCertificate } from '../simulator-kit/self-signed-certificate.ts';
import { soap } from './index.ts';
import { ORDERS_NS, ORDERS_XSD, type OrderSystem, type OrderSystemOptions, ordersWsdl, startOrderSystem } from './simulator/index.ts';

const expressions = createFakeExpressions({
  '{ "number": order.number }': (root) => ({ number: Object(Object(root)['order'])['number'] }),
  'boom()': () => {
    throw new HubError('expression.evaluate', { detail: 'T2001 at position 3' });
  },
  'body.order.number': (root) => Object(Object(Object(root)['body'])['order'])['number'],
  '{"token": session}': (root) => ({ token: Object(root)['session'] }),
  'body.state = "booked"': (root) => Object(Object(root)['body'])['state'] === 'booked',
  'body.state = "paid"': (root) => Object(Object(root)['body'])['state'] === 'paid',
});
const PASSWORD = 'p&ss-SECRET-1';
const input = (data: unknown): OperationInput => ({ data, raw: null });
const never = new AbortController().signal;
const silent: Logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };
const uploaded = (url: string) => ({ text: ordersWsdl(url), documents: { 'orders.xsd': ORDERS_XSD } });

describeAdapterContract({
  adapter: soap,
  startSimulator: () => startOrderSystem(),
  createHttp(mode) {
    const guard = createAddressGuard({ allow: mode === 'refusing' ? [] : ['127.0.0.0/8'], forbid: [] });
    return createGuardedHttp({ guard, connectTimeoutMs: 1_000, ...(mode === 'stalled' ? { resolve: () => new Promise(() => {}) } : {}) });
  },
  createTokens: (clock) => createTokenCache({ clock }),
  expressions,
  config: (url) => ({
    wsdl: uploaded(url),
    operations: { createOrder: { idempotent: 'key', lookup: 'getOrder' }, getOrder: { idempotent: 'always' } },
  }),
  credentials: { type: 'basic', username: 'nave', password: PASSWORD },
  secrets: [PASSWORD],
  operation: 'createOrder',
  input: input({ order: { number: 'A1' } }),
  injection: { skip: 'the kind maps nothing into HTTP headers' },
  lookup: { operation: 'getOrder', input: input({ number: 'A1' }) },
  certificate: selfSignedCertificate,
});

let system: OrderSystem | null = null;
afterEach(async () => {
  await system?.close();
  system = null;
});

async function start(options: OrderSystemOptions = {}): Promise<OrderSystem> {
  system = await startOrderSystem(options);
  return system;
}

const clock = { now: () => Date.UTC(2026, 10, 21, 12) };

function contextOf(credentials: unknown, http = realHttp()): AdapterContext<unknown> {
  return { spoke: 's', credentials, policy: DEFAULT_POLICY, logger: silent, clock, expressions, http, tokens: createTokenCache({ clock }) };
}

function realHttp() {
  return createGuardedHttp({ guard: createAddressGuard({ allow: ['127.0.0.0/8'], forbid: [] }) });
}

function request(operation: string, data: unknown): SendRequest {
  return { deliveryId: 'd1', messageId: 'm1', attempt: 1, operation, input: input(data), traceparent: null, timeoutMs: 60_000 };
}

async function call(
  config: object,
  operation: string,
  data: unknown,
  credentials: unknown = { type: 'none' },
): Promise<Outcome & { json: unknown }> {
  const http = realHttp();
  const connection = await soap.open(config, contextOf(credentials, http));
  const outcome = await connection.send(request(operation, data), never);
  await connection.close();
  await http.close();
  const { response } = outcome;
  return { ...outcome, json: response?.contentType === 'application/json' ? JSON.parse(Buffer.from(response.body).toString()) : undefined };
}

/** Calls against an answer that is made up. */
async function answered(
  result: Partial<Extract<HttpExchangeResult, { ok: true }>>,
  operations: object = {},
  operation = 'createOrder',
): Promise<Outcome & { sentRequest: HttpExchangeRequest | null }> {
  let sentRequest: HttpExchangeRequest | null = null;
  const http = {
    async exchange(sent: HttpExchangeRequest): Promise<HttpExchangeResult> {
      sentRequest = sent;
      return { ok: true, status: 200, headers: { 'content-type': 'text/xml' }, body: Buffer.alloc(0), ...result };
    },
    close: async () => {},
  };
  const connection = await soap.open({ wsdl: uploaded('http://orders.test'), operations }, contextOf({ type: 'none' }, http));
  const data = operation === 'orderSeen' ? 'A1' : { order: { number: 'A1' } };
  return { ...(await connection.send(request(operation, data), never)), sentRequest };
}

const ORDER = {
  number: 'A-1 <&> "é"',
  placed: '2026-11-21T12:00:00Z',
  note: null,
  phone: '+420',
  total: { '@currency': 'CZK', '#text': '12345678901234567890.10' },
  item: [
    { sku: 'x', quantity: 2, price: '0.10' },
    { sku: 'y', quantity: 1 },
  ],
  document: Buffer.from('PDF'.repeat(1000)).toString('base64'),
  '#any': [{ '{urn:ext}colour': 'red' }],
};

describe('a soap spoke', () => {
  it.each(['1.1', '1.2'])('calls document/literal operations over SOAP %s and gives JSON back unchanged', async (version) => {
    const { url } = await start();
    const config = { wsdl: uploaded(url), version };
    expect(await call(config, 'createOrder', { order: ORDER })).toMatchObject({ kind: 'ok', json: { id: 1, state: 'booked' } });
    expect(await call(config, 'getOrder', { number: ORDER.number })).toMatchObject({ kind: 'ok', json: { order: ORDER } });
    const [sent] = system?.requests() ?? [];
    expect(sent?.headers['content-type']).toBe(
      version === '1.1' ? 'text/xml; charset=utf-8' : 'application/soap+xml; charset=utf-8; action="urn:createOrder"',
    );
    expect(sent?.headers['soapaction']).toBe(version === '1.1' ? '"urn:createOrder"' : undefined);
  });

  it('calls rpc/literal and rpc/encoded operations, and reads values that stand apart', async () => {
    const { url } = await start();
    expect(await call({ wsdl: uploaded(url), port: 'Sums' }, 'sum', { a: '1.10', b: 2 })).toMatchObject({
      kind: 'ok',
      json: { result: '3.10' },
    });
    const prices = [
      { sku: 'x', amount: '1.50' },
      { sku: 'y', amount: '2.00' },
    ];
    const outcome = await call({ wsdl: uploaded(url), port: 'PriceLists' }, 'setPrices', { valid: '2026-11-21', prices });
    expect(outcome).toMatchObject({ kind: 'ok', json: { result: prices, count: 2 } });
    const body = system?.requests().at(-1)?.body.toString() ?? '';
    expect(body).toContain('soapenc:arrayType="n3:Price[2]"'.replace('n3', /xmlns:(n\d)="urn:nave:orders:rpc"/.exec(body)?.[1] ?? ''));
    expect(body).toContain('xsi:type="xsd:date"');
  });

  it('sends one-way messages: an empty 202 is a success', async () => {
    const { url, orders } = await start();
    expect(await call({ wsdl: uploaded(url) }, 'orderSeen', 'A1')).toMatchObject({ kind: 'ok', status: 202 });
    expect([...orders().keys()]).toEqual(['seen:A1']);
  });

  it('fetches a WSDL by URL with its imports, through the guard', async () => {
    const { url } = await start();
    const config = { wsdl: { url: `${url}/service?wsdl` }, operations: { createOrder: {} } };
    expect(await call(config, 'createOrder', { order: { number: 'A1' } })).toMatchObject({ kind: 'ok', json: { id: 1 } });
    expect(system?.requests().map(({ method, target }) => `${method} ${target}`)).toEqual([
      'GET /service?wsdl',
      'GET /orders.xsd',
      'POST /orders',
    ]);
    const refusing = createGuardedHttp({ guard: createAddressGuard({ allow: [], forbid: [] }) });
    const connection = await soap.open(config, contextOf({ type: 'none' }, refusing));
    expect(await connection.send(request('createOrder', {}), never)).toMatchObject({ kind: 'rejected', sent: false, status: null });
    expect(await connection.probe(never)).toMatchObject({ ok: false, checks: [{ name: 'address', ok: false }] });
    await refusing.close();
  });

  it.each([
    ['is not there', 404, 'wsdl'],
    ['asks for credentials', 401, 'credentials'],
    ['is ill', 500, 'wsdl'],
  ])('says in a check, and to no lookup, that a WSDL %s', async (_what, status, name) => {
    const simulator = await start();
    simulator.fail({ kind: 'status', status });
    const http = realHttp();
    const config = { wsdl: { url: `${simulator.url}/service?wsdl` }, operations: { createOrder: { lookup: 'getOrder' }, getOrder: {} } };
    const connection = await soap.open(config, contextOf({ type: 'none' }, http));
    expect(await connection.probe(never)).toMatchObject({
      ok: false,
      checks: [{ name, detail: expect.stringContaining(`answered ${status}`) }],
    });
    expect(await connection.send(request('getOrder', { number: 'A1' }), never)).toMatchObject({ status: null, sent: false });
    await http.close();
  });

  it('does not claim in a check that credentials of messages are good', async () => {
    const { url } = await start({ user: { username: 'nave', password: PASSWORD } });
    const credentials = { type: 'ws-security', username: 'nave', password: 'wrong' };
    const http = realHttp();
    const connection = await soap.open({ wsdl: uploaded(url) }, contextOf(credentials, http));
    expect((await connection.probe(never)).checks).toContainEqual({
      name: 'credentials',
      ok: true,
      detail: expect.stringContaining('not tried'),
    });
    await http.close();
  });

  it('lists in a check what the WSDL offers, and what is declared but not there', async () => {
    const { url } = await start();
    const http = realHttp();
    const connection = await soap.open(
      { wsdl: { url: `${url}/service?wsdl` }, operations: { cancelOrder: {} } },
      contextOf({ type: 'none' }, http),
    );
    expect(await connection.probe(never)).toMatchObject({
      ok: false,
      checks: [
        { name: 'wsdl', ok: true, detail: 'service OrderService, port Orders11, SOAP 1.1; operations: createOrder, getOrder, orderSeen' },
        { name: 'operations', ok: false, detail: 'the WSDL does not have cancelOrder' },
      ],
    });
    await http.close();
  });

  it('does not give credentials to another host that a fetched WSDL names', async () => {
    const { url } = await start();
    const other = url.replace('127.0.0.1', 'localhost');
    const config = { wsdl: { url: `${other}/service?wsdl` }, operations: { createOrder: {} } };
    const outcome = await call(config, 'createOrder', { order: { number: 'A1' } }, { type: 'basic', username: 'u', password: PASSWORD });
    expect(outcome).toMatchObject({ kind: 'invalid', sent: false, detail: expect.stringContaining('confirm it with "endpoint"') });
    expect(system?.orders().size).toBe(0);
  });

  it.each(['text', 'digest'])('signs in with a UsernameToken (%s) that shows in no record', async (passwordType) => {
    const { url } = await start({ user: { username: 'nave', password: PASSWORD } });
    const credentials = { type: 'ws-security', username: 'nave', password: PASSWORD, passwordType };
    const outcome = await call({ wsdl: uploaded(url) }, 'createOrder', { order: { number: 'A1' } }, credentials);
    expect(outcome).toMatchObject({ kind: 'ok' });
    const shown = Buffer.from(outcome.request?.body ?? []).toString();
    expect(shown).toContain('[redacted]');
    expect(shown).not.toContain('SECRET');
    const wrong = await call({ wsdl: uploaded(url) }, 'createOrder', { order: { number: 'A2' } }, { ...credentials, password: 'wrong' });
    expect(wrong).toMatchObject({ kind: 'rejected', detail: expect.stringContaining('FailedAuthentication') });
  });

  it('sends mapped, static and secret SOAP headers', async () => {
    const { url, headers } = await start();
    const config = { wsdl: uploaded(url), headers: { session: { value: { token: 's-1' } }, '{urn:h}Shop': { value: 'cz' } } };
    const credentials = { type: 'soap-header', name: `{${ORDERS_NS}}Auth`, fields: { user: 'nave' }, secrets: { key: PASSWORD } };
    const outcome = await call(config, 'createOrder', { order: { number: 'A1' } }, credentials);
    expect(outcome.kind).toBe('ok');
    expect(headers().map(({ ns, local }) => `${ns} ${local}`)).toEqual([`${ORDERS_NS} Auth`, `${ORDERS_NS} Session`, 'urn:h Shop']);
    expect(Buffer.from(outcome.request?.body ?? []).toString()).not.toContain('SECRET');
    const mapped = { wsdl: uploaded(url), operations: { createOrder: { headers: { [`{${ORDERS_NS}}Session`]: '{"token": session}' } } } };
    expect(await call(mapped, 'createOrder', { order: { number: 'A2' } })).toMatchObject({
      kind: 'invalid',
      detail: expect.stringContaining('token'),
    });
  });

  it('sends and reads binary parts (MTOM)', async () => {
    const { url } = await start({ mtom: true });
    const config = { wsdl: uploaded(url), mtom: { thresholdBytes: 100 } };
    expect(await call(config, 'createOrder', { order: ORDER })).toMatchObject({ kind: 'ok' });
    const sent = system?.requests()[0];
    expect(sent?.headers['content-type']).toMatch(/^multipart\/related; type="application\/xop\+xml"/);
    expect(sent?.body.includes('PDFPDF')).toBe(true);
    expect(await call(config, 'getOrder', { number: ORDER.number })).toMatchObject({ kind: 'ok', json: { order: ORDER } });
  });
});

describe('faults', () => {
  it.each(['1.1', '1.2'])('are refusals or worth another try, by their code (SOAP %s)', async (version) => {
    const { url } = await start();
    const config = { wsdl: uploaded(url), version };
    await call(config, 'createOrder', { order: { number: 'A1' } });
    const again = await call(config, 'createOrder', { order: { number: 'A1' } });
    expect(again).toMatchObject({ kind: 'rejected', status: version === '1.1' ? 500 : 400 });
    expect(again.detail).toMatch(/fault (Client\.Duplicate|Sender \/ Duplicate): the number is taken$/);
    expect(Buffer.from(again.response?.body ?? []).toString()).toContain('OrderFault');
    expect(await call(config, 'createOrder', { order: { number: 'BUSY' } })).toMatchObject({ kind: 'fault', status: 500 });
  });

  it('are judged otherwise where the configuration says so', async () => {
    const { url } = await start();
    const wsdl = uploaded(url);
    const busy = { order: { number: 'BUSY' } };
    expect(await call({ wsdl, rejectFaults: ['server.busy'] }, 'createOrder', busy)).toMatchObject({ kind: 'rejected' });
    const own = { wsdl, rejectFaults: ['Server.Busy'], operations: { createOrder: { retryFaults: ['Server.Busy'] } } };
    expect(await call(own, 'createOrder', busy)).toMatchObject({ kind: 'fault' });
    expect(await call({ wsdl, retryFaults: ['Client.NotFound'] }, 'getOrder', { number: 'x' })).toMatchObject({ kind: 'fault' });
    const lookup = { wsdl, operations: { getOrder: { notFoundFaults: ['Client.NotFound'] } } };
    expect(await call(lookup, 'getOrder', { number: 'x' })).toMatchObject({ kind: 'ok', json: null });
  });

  it('are failures under any status, and never read as "not found"', async () => {
    const body = Buffer.from(
      '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><e:Fault><faultcode>e:Client</faultcode><faultstring>a\nb</faultstring></e:Fault></e:Body></e:Envelope>',
    );
    expect(await answered({ body })).toMatchObject({ kind: 'rejected', status: 500, detail: 'answered 200, fault Client: a b' });
    expect(await answered({ body, status: 503, headers: { 'retry-after': '3' } })).toMatchObject({
      kind: 'throttled',
      retryAfterMs: 3_000,
    });
  });
});

describe('the input of an operation', () => {
  it('may be mapped, so that a lookup fits the input of what it looks up', async () => {
    const { url } = await start();
    const operations = {
      createOrder: { lookup: 'getOrder' },
      getOrder: { idempotent: 'always', input: '{ "number": order.number }', notFoundFaults: ['Client.NotFound'] },
    };
    const config = { wsdl: uploaded(url), operations };
    expect(soap.check(config, { type: 'none' }, { expressions })).toEqual([]);
    expect(soap.operationsOf(config).map(({ name, input: schema }) => [name, Object.keys(schema).length > 0])).toContainEqual([
      'getOrder',
      false,
    ]);
    const given = { order: { number: 'A1' } };
    expect(await call(config, 'getOrder', given)).toMatchObject({ kind: 'ok', json: null });
    await call(config, 'createOrder', given);
    expect(await call(config, 'getOrder', given)).toMatchObject({ kind: 'ok', json: { order: { number: 'A1' } } });
    const failing = { ...config, operations: { getOrder: { input: 'boom()' } } };
    expect(await call(failing, 'getOrder', given)).toMatchObject({ kind: 'invalid', sent: false });
  });
});

describe('an answer that is no answer', () => {
  const soapBody = (content: string) =>
    `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>${content}</e:Body></e:Envelope>`;

  it.each([
    ['a page', '<html><body>Welcome</body></html>'],
    ['no XML', 'OK'],
    ['nothing', ''],
    ['a cut envelope', soapBody('<a/>').slice(0, -10)],
    ['an empty body', soapBody('')],
    ['a DOCTYPE', `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>${soapBody('<a>&e;</a>')}`],
    ['a billion laughs', `<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>${soapBody('<a>&b;</a>')}`],
    ['endless nesting', soapBody('<a>'.repeat(200_000))],
  ])('is never a success: %s', async (_what, text) => {
    const body = Buffer.from(text);
    const key = await answered({ body }, { createOrder: { idempotent: 'key' } });
    expect(key).toMatchObject({ kind: 'invalid', status: 200, sent: true });
    // What must not be repeated may have been done.
    expect(await answered({ body })).toMatchObject({ kind: 'unknown', sent: true });
  });

  it('is told apart for one-way operations', async () => {
    expect(await answered({ status: 200 }, {}, 'orderSeen')).toMatchObject({ kind: 'ok' });
    expect(await answered({ status: 200, body: Buffer.from('<html/>') }, {}, 'orderSeen')).toMatchObject({ kind: 'unknown' });
  });

  it('is a refusal where the success rule says so', async () => {
    const booked = soapBody(
      `<o:createOrderResponse xmlns:o="${ORDERS_NS}"><o:id>1</o:id><o:state>booked</o:state></o:createOrderResponse>`,
    );
    const rule = (success: string) => answered({ body: Buffer.from(booked) }, { createOrder: { success } });
    expect(await rule('body.state = "booked"')).toMatchObject({ kind: 'ok' });
    expect(await rule('body.state = "paid"')).toMatchObject({ kind: 'rejected', status: 200 });
  });
});

describe('input that does not fit', () => {
  it.each([
    [{ order: {} }, '/order/number: required'],
    [{ order: { number: 'A1', total: { '#text': 'x', '@currency': 'CZK' } } }, '/order/total: expected a decimal number'],
    [{ order: { number: 'A1', total: { '#text': 1, '@currency': 'USD' } } }, '/order/total/@currency: expected one of CZK, EUR'],
    [{ order: { number: 'A1', bogus: 1 } }, '/order/bogus: unknown field'],
    [{ order: { number: 'A\u00011' } }, '/order/number: expected text without control characters'],
    [{ order: { number: 'A1', email: 'a', phone: 'b' } }, '/order/phone: more than the schema allows here'],
    [{ order: { number: 'A1', item: [{ sku: 'x', quantity: 1.5 }] } }, '/order/item/0/quantity: expected a whole number'],
    [{ order: { number: null } }, '/order/number: '],
    ['text', 'expected an object'],
  ])('is invalid before anything is sent: %j', async (data, reason) => {
    const { url } = await start();
    const outcome = await call({ wsdl: uploaded(url) }, 'createOrder', data);
    expect(outcome).toMatchObject({ kind: 'invalid', sent: false, detail: expect.stringContaining(reason) });
    expect(system?.requests()).toHaveLength(0);
  });
});

describe('configuration', () => {
  const check = (config: object, credentials: object = { type: 'none' }) => soap.check(config, credentials, { expressions });
  const wsdl = uploaded('http://orders.test');

  it('derives operations and their schemas from an uploaded WSDL', () => {
    const operations = soap.operationsOf({
      wsdl,
      operations: { book: { operation: 'createOrder', idempotent: 'key', lookup: 'getOrder' }, getOrder: { idempotent: 'always' } },
    });
    expect(operations.map(({ name, idempotent }) => `${name} ${idempotent}`)).toEqual(['book key', 'getOrder always', 'orderSeen never']);
    expect(operations[0]).toMatchObject({
      summary: 'Books an order once.',
      lookup: 'getOrder',
      input: {
        type: 'object',
        required: ['order'],
        properties: { order: { $ref: '#/$defs/Order' } },
        $defs: { Order: { required: ['number'], properties: { document: { contentEncoding: 'base64' } } } },
      },
    });
    expect(soap.operationsOf({ wsdl: { url: 'http://x.test' }, operations: { a: {} } })).toMatchObject([
      { name: 'a', input: {}, idempotent: 'never' },
    ]);
  });

  it.each([
    [{ wsdl: { text: '<a/>' } }, '/config/wsdl/text'],
    [{ wsdl: { text: wsdl.text } }, '/config/wsdl/text'],
    [{ wsdl: { ...wsdl, text: `<!DOCTYPE x>${wsdl.text.replace(/<\?xml.*?\?>/, '')}` } }, '/config/wsdl/text'],
    [{ wsdl: { ...wsdl, text: wsdl.text.replace('"orders.xsd"', '"../orders.xsd"') } }, '/config/wsdl/text'],
    [{ wsdl, port: 'Nothing' }, '/config/port'],
    [{ wsdl, port: 'Sums', version: '1.2' }, '/config/version'],
    [{ wsdl, operations: { nothing: {} } }, '/config/operations/nothing'],
    [{ wsdl, operations: { createOrder: { lookup: 'getOrder' } } }, '/config/operations/createOrder/lookup'],
    [{ wsdl, operations: { createOrder: { undo: 'x' } } }, '/config/operations/createOrder/undo'],
    [{ wsdl, operations: { createOrder: { success: 'no!' } } }, '/config/operations/createOrder/success'],
    [{ wsdl, headers: { 'not a name': 'x' } }, '/config/headers/not a name'],
    [{ wsdl, endpoint: 'http://0x7f.1/' }, '/config/endpoint'],
    [{ wsdl: { url: 'file:///etc/passwd' } }, '/config/wsdl/url'],
    [{ wsdl: { url: 'http://x.test', text: 'x' } }, '/config/wsdl/url'],
    [{ wsdl: {} }, '/config/wsdl'],
  ])('refuses %#', (config, path) => {
    expect(check(config).map((problem) => problem.path)).toContain(path);
  });

  it.each([
    [{ type: 'ws-security' }, '/credentials/username'],
    [{ type: 'ws-security', username: 'u' }, '/credentials/password'],
    [{ type: 'ws-security', certificate: 'x' }, '/credentials/privateKey'],
    [{ type: 'ws-security', certificate: 'x', privateKey: 'y' }, '/credentials/privateKey'],
    [{ type: 'ws-security', username: 'u', password: 'p', http: { type: 'basic' } }, '/credentials/http/username'],
  ])('refuses credentials %#', (credentials, path) => {
    expect(check({ wsdl }, credentials).map((problem) => problem.path)).toContain(path);
  });
});
