/** SOAP callers through a whole hub: stock clients of other makers, and envelopes that nobody should send. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SOAP11_NS, SOAP12_NS, WSSE_NS, WSU_NS } from '@nave/protocols';
import { disposableDatabase, recordingLogger, withProgram } from '@nave/testkit';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type RunningHub, startHub } from '../../start-hub.ts';
import { PHP_INSTALL, phpInstalled, runPhp, startZeep, ZEEP_INSTALL, type Zeep, zeepInstalled } from './clients/run-client.ts';

const ADMIN_KEY = 'admin-key-for-soap-tests-0123456789';
const PASSWORD = 'Příliš-žluťoučký-1';
/** What requests of Python can write in a header. */
const BASIC_PASSWORD = 'basic-secret-1';
const SOON = { timeout: 20_000, interval: 50 };
const PROFILE = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0';

// biome-ignore lint/suspicious/noExplicitAny: answers of every shape; what is found is what is checked.
type Any = any;

let database: Awaited<ReturnType<typeof disposableDatabase>>;
let hub: RunningHub;
let erp: Server;
let answerOfErp: (sku: string) => [number, unknown];
const dir = mkdtempSync(join(tmpdir(), 'nave-soap-in-'));

async function api(method: string, path: string, body?: unknown): Promise<Any> {
  const response = await fetch(`${hub.url}/api/v1/${path}`, {
    method,
    headers: { authorization: `Bearer ${ADMIN_KEY}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(60_000),
  });
  return { status: response.status, body: await response.json() };
}

const LINE = {
  type: 'object',
  properties: { sku: { type: 'string' }, pieces: { type: 'integer', minimum: 1 } },
  required: ['sku', 'pieces'],
};
const OPERATIONS = {
  PlaceOrder: {
    schema: {
      type: 'object',
      description: 'Takes an order of the shop.',
      properties: {
        number: { type: 'string', minLength: 1 },
        orderedOn: { type: 'string', format: 'date' },
        total: { type: 'number' },
        paid: { type: 'boolean' },
        currency: { type: 'string', enum: ['CZK', 'EUR'] },
        note: { type: ['string', 'null'] },
        lines: { type: 'array', items: LINE, minItems: 1 },
      },
      required: ['number', 'total', 'paid', 'lines'],
    },
  },
  AskPrice: {
    schema: { type: 'object', properties: { sku: { type: 'string' } }, required: ['sku'] },
    response: {
      type: 'object',
      properties: { sku: { type: 'string' }, price: { type: 'number' }, tiers: { type: 'array', items: { type: 'integer' } } },
      required: ['sku', 'price'],
    },
  },
  Notify: { schema: { type: 'object', properties: { text: { type: 'string' } } }, oneWay: true, soapAction: 'urn:custom-action' },
  Orphan: { schema: { type: 'object', properties: {} }, response: { type: 'array', items: { type: 'string' } } },
};
const ORDER = { number: 'O-1', total: 120.5, paid: true, note: null, lines: [{ sku: 'A', pieces: 2 }] };

const BASIC = { verify: { scheme: 'basic', username: 'shop', secret: BASIC_PASSWORD } };
async function spoke(name: string, inbound: object): Promise<void> {
  const { status, body } = await api('PUT', `spokes/${name}`, { kind: 'source', inbound: { operations: OPERATIONS, ...inbound } });
  if (status !== 201) throw new Error(JSON.stringify(body));
}

beforeAll(async () => {
  erp = createServer((request, response) => {
    const [status, body] = answerOfErp(decodeURIComponent(request.url?.split('/').at(-1) ?? ''));
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((done) => erp.listen(0, '127.0.0.1', done));
  database = await disposableDatabase();
  const env = { DATABASE_URL: database.url, NAVE_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'), NAVE_PORT: '0', NAVE_DATA_DIR: dir };
  hub = await startHub({ env: { ...env, NAVE_EGRESS: '127.0.0.1', NAVE_ADMIN_KEY: ADMIN_KEY }, logger: recordingLogger() });
  await spoke('open', { verify: { scheme: 'none' } });
  await spoke('basic', BASIC);
  await spoke('token', { verify: { scheme: 'ws-username-token', username: 'shop', secret: PASSWORD } });
  await spoke('slow', { ...BASIC, rate: { limit: 1, per: '1h' } });
  await spoke('small', { verify: { scheme: 'none' }, maxBytes: 2_000, type: '"order." & number', idempotencyKey: 'number' });
  const address = erp.address();
  const baseUrl = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  const price = { method: 'GET', path: '/prices/{sku}' };
  await api('PUT', 'spokes/erp', { kind: 'rest', config: { baseUrl, operations: { price } } });
  for (const from of ['open', 'basic', 'token'])
    await api('PUT', `routes/price-${from}`, {
      from: { spoke: from, type: 'AskPrice' },
      mode: 'reply',
      timeout: '30s',
      steps: [{ name: 'ask', to: 'erp', operation: 'price', input: '{ "sku": data.sku }' }],
    });
});
afterAll(async () => {
  await hub?.stop();
  await database?.drop();
  await new Promise((done) => erp.close(done));
  rmSync(dir, { recursive: true, force: true });
});

const wsdl = (name: string) => `${hub.url}/soap/${name}?wsdl`;
const messages = async (name: string): Promise<Any[]> => (await api('GET', `messages?spoke=${name}&limit=200`)).body.items;
const payload = async (id: string): Promise<Any> => (await api('GET', `messages/${id}/payload`)).body;

interface PostOptions {
  version?: '1.1' | '1.2';
  headers?: Record<string, string>;
  header?: string;
  to?: string;
  type?: string;
}

const envelope = (body: string, version = '1.1', header = '') =>
  `<?xml version="1.0"?><e:Envelope xmlns:e="${version === '1.1' ? SOAP11_NS : SOAP12_NS}">${header === '' ? '' : `<e:Header>${header}</e:Header>`}<e:Body>${body}</e:Body></e:Envelope>`;
const TELL = '<Notify xmlns="urn:nave:open"><text>hi</text></Notify>';

async function post(text: string | Uint8Array<ArrayBuffer>, { version = '1.1', headers = {}, to = 'open', type }: PostOptions = {}) {
  const response = await fetch(`${hub.url}/soap/${to}`, {
    method: 'POST',
    headers: { 'content-type': type ?? (version === '1.1' ? 'text/xml; charset=utf-8' : 'application/soap+xml'), ...headers },
    body: text,
    signal: AbortSignal.timeout(60_000),
  });
  return {
    status: response.status,
    type: response.headers.get('content-type') ?? '',
    headers: response.headers,
    text: await response.text(),
  };
}

/** What every fault has: the version's own form and code, and nothing of the inside. */
function expectFault({ status, type, text }: Awaited<ReturnType<typeof post>>, code: string, version = '1.1', receiver = false): void {
  expect(text).toContain(`:${code}</`);
  expect(type).toBe(version === '1.1' ? 'text/xml; charset=utf-8' : 'application/soap+xml; charset=utf-8');
  expect(status).toBe(version === '1.1' || receiver ? 500 : 400);
  expect(text).toContain(version === '1.1' ? '<faultstring>' : ':Reason>');
  expect(text).not.toMatch(/\.ts:\d|node_modules|HubError/);
}

withProgram('zeep', { installed: zeepInstalled(), install: ZEEP_INSTALL }, "Python's zeep", () => {
  let zeep: Zeep;
  beforeAll(() => {
    zeep = startZeep();
  });
  afterAll(() => zeep.close());

  describe.each([
    ['Soap11', 'Client', 'Server'],
    ['Soap12', 'Sender', 'Receiver'],
  ])('by %s', (port, sender, receiver) => {
    const call = (name: string, operation: string, input: object, more: object = {}): Promise<Any> =>
      zeep.call({ wsdl: wsdl(name), port, operation, input, ...more });

    it('has its order stored with the types of the schema, and learns the id', async () => {
      const number = `zeep-${port}`;
      const { results } = await call(
        'basic',
        'PlaceOrder',
        { ...ORDER, number, orderedOn: '2026-11-21', currency: 'CZK' },
        { basic: ['shop', BASIC_PASSWORD] },
      );
      expect(results).toEqual([{ messageId: expect.stringMatching(/^[0-9a-f-]{36}$/), duplicate: false }]);
      const id = results[0].messageId;
      expect((await api('GET', `messages/${id}`)).body).toMatchObject({
        source: 'basic',
        type: 'PlaceOrder',
        contentType: 'application/json',
      });
      const { body, headers } = await payload(id);
      // A null that may be left out is left out by zeep.
      const { note: _note, ...order } = ORDER;
      expect(JSON.parse(body)).toMatchObject({ ...order, number, orderedOn: '2026-11-21', currency: 'CZK' });
      expect(Buffer.from(headers['x-nave-soap-envelope'], 'base64').toString('utf8')).toContain(`>${number}</`);
      expect(headers).not.toHaveProperty('authorization');
    });

    it('gets what the ERP answers', async () => {
      answerOfErp = (sku) => [200, { sku, price: 1_290.9, tiers: [1, 2], internal: 'not in the WSDL' }];
      const { results } = await call('open', 'AskPrice', { sku: 'A-1' });
      expect(results).toEqual([{ sku: 'A-1', price: 1_290.9, tiers: [1, 2] }]);
    });

    it('reads why the ERP did not answer, and why an answer does not fit', async () => {
      answerOfErp = () => [404, {}];
      expect(await call('open', 'AskPrice', { sku: 'A-1' })).toMatchObject({
        fault: {
          code: expect.stringMatching(`${receiver}$`),
          detail: { status: '502', code: 'reply.refused', messageId: expect.any(String) },
        },
      });
      answerOfErp = () => [200, { sku: 'A-1' }];
      expect(await call('open', 'AskPrice', { sku: 'A-1' })).toMatchObject({
        fault: { code: expect.stringMatching(`${receiver}$`), detail: { code: 'reply.mapping' } },
      });
    });

    it('sends one way', async () => {
      const { results } = await call('open', 'Notify', { text: `one way ${port}` }, { raw: true });
      expect(results).toEqual([{ status: 202, text: '' }]);
      expect(await call('open', 'Notify', { text: `again ${port}` })).toEqual({ results: [null] });
    });

    it.each([true, false])('proves itself by a UsernameToken (digest: %s), which is not kept', async (digest) => {
      const token = { username: 'shop', password: PASSWORD, digest };
      const { results } = await call('token', 'PlaceOrder', ORDER, { token });
      expect(results).toMatchObject([{ duplicate: false }]);
      const kept = Buffer.from((await payload(results[0].messageId)).headers['x-nave-soap-envelope'], 'base64').toString('utf8');
      expect(kept).toMatch(/Username>shop<\/[^>]*Username><wsse:Password [^>]*><\/wsse:Password>/);
      expect(await call('token', 'PlaceOrder', ORDER, { token: { ...token, password: 'guess' } })).toMatchObject({
        fault: { message: expect.stringContaining('name or password is wrong'), detail: { status: '401', code: 'auth.signature' } },
      });
    });

    it('is told what is wrong with its call, by a fault of its version', async () => {
      const bad = { ...ORDER, lines: [{ sku: 'A', pieces: 0 }] };
      const { fault } = await call('open', 'PlaceOrder', bad);
      expect(fault.code).toMatch(new RegExp(`${sender}$`));
      expect(fault.message).toContain('/lines/0/pieces');
      expect(fault.detail).toMatchObject({ status: '422', code: 'ingress.schema' });
      if (port === 'Soap12') expect(fault.subcodes.join()).toContain('ingress.schema');
    });

    it('is not stored twice under one id of WS-Addressing', async () => {
      const header = (id: string) => `<a:MessageID xmlns:a="http://www.w3.org/2005/08/addressing">${id}</a:MessageID>`;
      const version = port === 'Soap11' ? '1.1' : '1.2';
      const body =
        '<PlaceOrder xmlns="urn:nave:open"><number>1</number><total>1</total><paid>1</paid><lines><sku>a</sku><pieces>1</pieces></lines></PlaceOrder>';
      const [first, second] = [
        await post(envelope(body, version, header(`urn:${port}:1`)), { version }),
        await post(envelope(body, version, header(`urn:${port}:1`)), { version }),
      ];
      expect(first.text).toContain('duplicate>false<');
      expect(second.text).toContain('duplicate>true<');
      expect(second.text).toContain(`RelatesTo>urn:${port}:1<`);
      const { results } = await call('open', 'PlaceOrder', ORDER, { addressing: true });
      expect(results).toMatchObject([{ duplicate: false }]);
    });
  });
});

withProgram('php-soap', { installed: phpInstalled(), install: PHP_INSTALL }, "PHP's SoapClient", () => {
  describe.each([
    ['1.1', 'Client'],
    ['1.2', 'Sender'],
  ])('by SOAP %s', (version, sender) => {
    const call = (name: string, operation: string, input: object, more: object = {}): Promise<Any> =>
      runPhp({ wsdl: wsdl(name), version, operation, input, ...more });

    it('places an order, asks a price and sends one way', async () => {
      const { result } = await call('basic', 'PlaceOrder', ORDER, { basic: ['shop', BASIC_PASSWORD] });
      expect(result).toEqual({ messageId: expect.any(String), duplicate: false });
      expect(JSON.parse((await payload(result.messageId)).body)).toEqual(ORDER);
      answerOfErp = (sku) => [200, { sku, price: 5, tiers: [7] }];
      expect((await call('open', 'AskPrice', { sku: 'A' })).result).toEqual({ sku: 'A', price: expect.anything(), tiers: [7] });
      const text = `php ${version}`;
      expect(await call('open', 'Notify', { text })).toEqual({ result: null });
      // PHP hangs up on what is one way as soon as it is sent.
      await expect
        .poll(async () => {
          const [latest] = await messages('open');
          return JSON.parse((await payload(latest.id)).body);
        })
        .toEqual({ text });
    });

    it('reads its faults', async () => {
      expect(await call('basic', 'PlaceOrder', ORDER, { basic: ['shop', 'guess'] })).toMatchObject({
        fault: { detail: { status: '401' } },
      });
      expect(await call('open', 'PlaceOrder', { ...ORDER, lines: [{ sku: 'A', pieces: 0 }] })).toMatchObject({
        fault: {
          code: expect.stringContaining(sender),
          message: expect.stringContaining('/lines/0/pieces'),
          detail: { code: 'ingress.schema' },
        },
      });
    });
  });
});

describe('a caller', () => {
  it('is found by the element of the body, whatever the charset, and with or without an action', async () => {
    const latin = Buffer.from(`<?xml version="1.0" encoding="iso-8859-2"?>${envelope(TELL.replace('hi', '\u00e8')).slice(21)}`, 'latin1');
    const utf16 = Buffer.from(`\ufeff${envelope(TELL.replace('hi', 'č'))}`, 'utf16le');
    for (const [bytes, type] of [
      [latin, 'text/xml'],
      [utf16, 'text/xml'],
    ] as const) {
      const { status, headers, text } = await post(bytes, { type });
      expect([status, text]).toEqual([202, '']);
      expect(JSON.parse((await payload(headers.get('x-nave-message-id') ?? '')).body)).toEqual({ text: 'č' });
    }
    expect((await post(envelope(TELL), { headers: { soapaction: '"urn:custom-action"' } })).status).toBe(202);
    expect((await post(envelope(TELL), { headers: { soapaction: '"urn:unheard-of"' } })).status).toBe(202);
    expect((await post(envelope(TELL, '1.2'), { type: 'application/soap+xml; charset=utf-8; action="urn:custom-action"' })).status).toBe(
      202,
    );
    expectFault(await post(envelope(TELL), { headers: { soapaction: '"urn:nave:open:PlaceOrder"' } }), 'Client');
  });

  it.each([
    ['a DTD', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>', TELL.replace('hi', '&x;')],
    [
      'an entity bomb',
      `<!DOCTYPE a [<!ENTITY a "aaaaaaaa">${Array.from({ length: 20 }, (_, n) => `<!ENTITY a${n} "${'&a;'.repeat(20)}">`).join('')}]>`,
      TELL,
    ],
  ])('with %s is refused, and nothing is read or fetched', async (_, doctype, body) => {
    const answer = await post(envelope(body).replace('?>', `?>${doctype}`));
    expectFault(answer, 'Client');
    expect(answer.text).toContain('document type');
    expect(answer.text).not.toContain('root:');
  });

  it.each<[string, string, string?]>([
    ['no XML', 'hello'],
    ['broken XML', envelope(TELL).slice(0, -5)],
    ['nothing at all', ''],
    ['an unknown element', envelope('<Other xmlns="urn:nave:open"/>')],
    ['another namespace', envelope(TELL.replace('urn:nave:open', 'urn:other'))],
    ['no namespace', envelope('<Notify/>')],
    ['two elements', envelope(TELL + TELL)],
    ['an empty body', envelope('')],
    ['two bodies', envelope(TELL).replace('<e:Body>', '<e:Body/><e:Body>')],
    ['no body', `<e:Envelope xmlns:e="${SOAP11_NS}"/>`],
    ['no envelope', TELL],
    ['an element after the body', envelope(TELL).replace('</e:Envelope>', '<x/></e:Envelope>')],
    ['great depth', envelope(TELL.replace('hi', '<a>'.repeat(100_000)))],
    ['text where fields belong', envelope(TELL.replace('<text>', 'x<text>'))],
    ['bytes that are no UTF-8', '\u0000'],
    ['the envelope of another version', envelope(TELL, '1.2')],
    ['a fault', envelope('<e:Fault/>')],
  ])('with %s hears a fault of the sender', async (_, text) => {
    expectFault(await post(text), 'Client');
    if (text !== envelope(TELL, '1.2')) expectFault(await post(text.replaceAll(SOAP11_NS, SOAP12_NS), { version: '1.2' }), 'Sender', '1.2');
  });

  it('hears VersionMismatch, MustUnderstand and wrong media types as SOAP has them', async () => {
    expectFault(await post(envelope(TELL).replaceAll(SOAP11_NS, 'urn:soap-2')), 'VersionMismatch');
    const unknown = (attributes: string) => `<x:Pay xmlns:x="urn:x" ${attributes}/>`;
    expectFault(await post(envelope(TELL, '1.1', unknown('e:mustUnderstand="1"'))), 'MustUnderstand');
    const answer = await post(envelope(TELL, '1.2', unknown('e:mustUnderstand="true"')), { version: '1.2' });
    expectFault(answer, 'MustUnderstand', '1.2');
    expect(answer.text).toMatch(/NotUnderstood qname="n\d+:Pay"/);
    expect((await post(envelope(TELL, '1.1', unknown('e:mustUnderstand="0"')))).status).toBe(202);
    expect((await post(envelope(TELL, '1.1', unknown('e:mustUnderstand="1" e:actor="urn:somebody-else"')))).status).toBe(202);
    expectFault(await post(envelope(TELL, '1.2'), { version: '1.2', type: 'application/soap+xml; charset=klingon' }), 'Sender', '1.2');
    expectFault(await post(envelope(TELL), { type: 'application/json' }), 'Client');
    expectFault(await post(envelope(TELL), { type: 'multipart/related; boundary=x' }), 'Client');
    const away = '<a:ReplyTo xmlns:a="http://www.w3.org/2005/08/addressing"><a:Address>http://elsewhere.example/</a:Address></a:ReplyTo>';
    expectFault(await post(envelope(TELL, '1.1', away)), 'Client');
  });

  it('of a spoke that is not there, or takes no SOAP, hears a fault', async () => {
    for (const to of ['nobody', 'erp']) expectFault(await post(envelope(TELL, '1.2'), { to, version: '1.2' }), 'Sender', '1.2');
    expect((await fetch(wsdl('nobody'))).status).toBe(404);
    expect((await fetch(`${hub.url}/soap/open`)).status).toBe(404);
    expect(await (await fetch(wsdl('open'))).text()).toContain(`location="${hub.url}/soap/open"`);
  });

  it('is bounded in size and rate like every sender', async () => {
    expectFault(await post(envelope(TELL.replace('hi', 'x'.repeat(3_000))), { to: 'small' }), 'Client');
    const headers = { authorization: `Basic ${Buffer.from(`shop:${BASIC_PASSWORD}`).toString('base64')}` };
    const body = TELL.replace('open', 'slow');
    expect((await post(envelope(body), { to: 'slow', headers })).status).toBe(202);
    const limited = await post(envelope(body), { to: 'slow', headers });
    expectFault(limited, 'Client');
    expect(limited.text).toContain('limit.rate');
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
    expectFault(await post(envelope(body), { to: 'slow' }), 'Client');
  });

  it('has its type and key from the spoke’s expressions where it has them', async () => {
    const body = `<PlaceOrder xmlns="urn:nave:small"><number>77</number><total>0.10000000000000000001</total><paid>0</paid><lines><sku>a</sku><pieces>1</pieces></lines></PlaceOrder>`;
    expect((await post(envelope(body), { to: 'small' })).text).toContain('duplicate>false<');
    expect((await post(envelope(body), { to: 'small' })).text).toContain('duplicate>true<');
    const [only, second] = await messages('small');
    expect([only.type, second]).toEqual(['order.77', undefined]);
    expect((await payload(only.id)).body).toContain('"total":0.10000000000000000001');
  });

  it('is not left without an answer that was promised', async () => {
    const before = (await messages('open')).length;
    const answer = await post(envelope('<Orphan xmlns="urn:nave:open"/>', '1.2'), { version: '1.2' });
    expectFault(answer, 'Receiver', '1.2', true);
    expect(answer.headers.get('retry-after')).toBe('30');
    expect(await messages('open')).toHaveLength(before);
  });
});

describe('a UsernameToken', () => {
  const created = (offsetMs = 0) => new Date(Date.now() + offsetMs).toISOString();
  function security({ at = created(), nonce = randomBytes(16), password = PASSWORD, more = '' } = {}): string {
    const digest = createHash('sha1').update(nonce).update(at).update(password).digest('base64');
    return `<s:Security xmlns:s="${WSSE_NS}" xmlns:u="${WSU_NS}" e:mustUnderstand="1"><s:UsernameToken><s:Username>shop</s:Username><s:Password Type="${PROFILE}#PasswordDigest">${digest}</s:Password><s:Nonce>${nonce.toString('base64')}</s:Nonce><u:Created>${at}</u:Created></s:UsernameToken>${more}</s:Security>`;
  }
  const tell = TELL.replace('open', 'token');
  const send = (header: string, to = 'token') => post(envelope(to === 'token' ? tell : TELL, '1.1', header), { to });

  it('counts once, in its time, and only with what the hub can check', async () => {
    const good = security();
    expect((await send(good)).status).toBe(202);
    const again = await send(good);
    expectFault(again, 'FailedAuthentication');
    expect(again.text).toContain('the nonce was used before');
    for (const bad of [
      '',
      security({ at: created(-400_000) }),
      security({ at: created(400_000) }),
      security({ password: 'x' }),
      good + security(),
    ])
      expectFault(await send(bad), 'FailedAuthentication');
    expect(
      (
        await send(
          security({ more: `<u:Timestamp><u:Created>${created()}</u:Created><u:Expires>${created(60_000)}</u:Expires></u:Timestamp>` }),
        )
      ).status,
    ).toBe(202);
    expectFault(await send(security({ more: '<x:Signature xmlns:x="http://www.w3.org/2000/09/xmldsig#"/>' })), 'MustUnderstand');
    // A spoke that does not check tokens does not claim to.
    expectFault(await send(security(), 'open'), 'MustUnderstand');
  });

  it('is audited where it is refused', async () => {
    await vi.waitFor(async () => {
      const { body } = await api('GET', 'audit?limit=200');
      expect(JSON.stringify(body.items)).toContain('the nonce was used before');
      expect(JSON.stringify(body.items)).not.toContain(PASSWORD);
    }, SOON);
  });
});

describe('a declaration', () => {
  it('that no WSDL can say is refused at PUT, with every place', async () => {
    const { status, body } = await api('PUT', 'spokes/bad', {
      kind: 'source',
      inbound: {
        verify: { scheme: 'none' },
        namespace: SOAP11_NS,
        operations: {
          A: { schema: { type: 'object', properties: { a: { anyOf: [{ type: 'string' }, { type: 'integer' }] } } } },
          B: { schema: { type: 'string' } },
          C: { schema: { type: 'object' }, response: { type: 'object' }, oneWay: true },
          CResponse: { schema: { type: 'nonsense' } },
        },
      },
    });
    expect(status).toBe(422);
    expect(body.errors.map(({ path }: { path: string }) => path).sort()).toEqual([
      '/inbound/namespace',
      '/inbound/operations/A/schema/properties/a/anyOf',
      '/inbound/operations/B/schema',
      '/inbound/operations/C/response',
      '/inbound/operations/CResponse',
      '/inbound/operations/CResponse/schema',
    ]);
  });

  it('reads back as it was given', async () => {
    const { body } = await api('GET', 'spokes/open');
    expect(body.inbound.operations).toEqual(OPERATIONS);
    expect((await api('PUT', 'spokes/open', body)).status).toBe(200);
  });
});
