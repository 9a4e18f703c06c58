import type { AdapterContext, HttpExchangeRequest, HttpExchangeResult, OperationInput, PollPage, SendRequest } from '@nave/adapter-kit';
import { DEFAULT_POLICY, type Logger } from '@nave/core';
import { createGuardedHttp, createTokenCache } from '@nave/protocols';
import { createAddressGuard } from '@nave/security';
import { describeAdapterContract, givenTime } from '@nave/testkit';
import iconv from 'iconv-lite';
import { afterEach, describe, expect, it } from 'vitest';
import { createFakeExpressions } from '../fake-expressions.ts';
import { selfSignedCertificate } from '../simulator-kit/self-signed-certificate.ts';
import { pohoda } from './index.ts';
import { type PohodaOptions, type PohodaSimulator, startPohodaSimulator } from './simulator/index.ts';

const expressions = createFakeExpressions();
const PASSWORD = 'heslo-Žluťoučký';
const USER = 'Účetní';
const ICO = '12345678';
const invoice = {
  extId: 'order-1001',
  symVar: '1001',
  text: 'Objednávka 1001',
  partner: { company: 'Žižkovské pekařství s. r. o.', street: 'Koněvova 1', city: 'Praha', zip: '130 00', ico: '87654321' },
  payment: 'creditcard',
  items: [{ text: 'Chléb', quantity: '2', unitPrice: '100.10', vat: 'low', unit: 'ks' }],
};
const input = (data: unknown): OperationInput => ({ data, raw: null });

describeAdapterContract({
  adapter: pohoda,
  startSimulator: () => startPohodaSimulator({ username: USER, password: PASSWORD }),
  createHttp(mode) {
    const guard = createAddressGuard({ allow: mode === 'refusing' ? [] : ['127.0.0.0/8'], forbid: [] });
    return createGuardedHttp({ guard, connectTimeoutMs: 1_000, ...(mode === 'stalled' ? { resolve: () => new Promise(() => {}) } : {}) });
  },
  createTokens: (clock) => createTokenCache({ clock }),
  expressions,
  config: (url) => ({ baseUrl: url, ico: ICO }),
  credentials: { type: 'basic', username: USER, password: PASSWORD },
  secrets: [PASSWORD],
  operation: 'createInvoice',
  input: input(invoice),
  injection: { skip: 'nothing of an input goes into headers' },
  // The status page, then a question that shows company and rights.
  probeRequests: 2,
  lookup: { operation: 'findInvoice', input: input(invoice) },
  certificate: selfSignedCertificate,
  refusedAs: { 403: 'rights' },
});

const silent: Logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };
const never = new AbortController().signal;
const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

async function open(url: string, config: object = {}, fake?: HttpExchangeResult) {
  const clock = { now: () => Date.UTC(2026, 10, 21, 12) };
  const http = createGuardedHttp({ guard: createAddressGuard({ allow: ['127.0.0.0/8'], forbid: [] }) });
  cleanUps.push(() => http.close());
  const seen: HttpExchangeRequest[] = [];
  const context: AdapterContext<unknown> = {
    ...{ spoke: 'ucto', policy: DEFAULT_POLICY, logger: silent, clock, expressions, tokens: createTokenCache({ clock }) },
    credentials: { type: 'basic', username: USER, password: PASSWORD },
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
  const connection = await pohoda.open({ baseUrl: url, ico: ICO, ...config }, context);
  let deliveries = 0;
  const send = (operation: string, data: unknown, changes: Partial<SendRequest> = {}) => {
    const request = { deliveryId: `delivery-${++deliveries}`, messageId: 'm', attempt: 1, operation, traceparent: null, timeoutMs: 60_000 };
    return connection.send({ ...request, input: input(data), ...changes }, never);
  };
  return { connection, send, seen };
}

async function simulated(options: PohodaOptions = {}, config: object = {}) {
  const simulator = await startPohodaSimulator({ username: USER, password: PASSWORD, ...options });
  cleanUps.push(() => simulator.close());
  return { simulator, ...(await open(simulator.url, config)) };
}

const answerOf = (outcome: { response?: { body: Uint8Array } | undefined }): unknown =>
  outcome.response === undefined ? undefined : JSON.parse(Buffer.from(outcome.response.body).toString('utf8'));
const bodiesOf = (simulator: PohodaSimulator) => simulator.requests().map(({ body }) => iconv.decode(body, 'windows-1250'));

describe('an invoice for Pohoda', () => {
  it('goes out in Windows-1250 with the ICO and an external key, and comes back with its number', async () => {
    const { simulator, send } = await simulated();
    const outcome = await send('createInvoice', invoice);
    expect(outcome).toMatchObject({ kind: 'ok', status: 200, detail: 'answered 200: 26FV00001 (record 1)' });
    expect(answerOf(outcome)).toMatchObject({ id: '1', number: '26FV00001', extId: 'order-1001', alreadyDone: false, warnings: [] });
    const [sent = ''] = bodiesOf(simulator);
    expect(sent).toContain('<?xml version="1.0" encoding="Windows-1250"?>');
    expect(sent).toContain(`ico="${ICO}"`);
    expect(sent).toContain('<inv:extId><typ:ids>order-1001</typ:ids><typ:exSystemName>Nave</typ:exSystemName></inv:extId>');
    expect(sent).toContain('<typ:company>Žižkovské pekařství s. r. o.</typ:company>');
    expect(sent).toContain('<typ:unitPrice>100.10</typ:unitPrice>');
    expect(simulator.requests()[0]?.headers).toMatchObject({
      'stw-application': 'Nave',
      'stw-instance': 'ucto',
      'stw-check-duplicity': 'true',
    });
    expect(simulator.requests()[0]?.headers).not.toHaveProperty('authorization');
  });

  it('is made once: a repeat is done with the number of the first, also from another delivery', async () => {
    const { simulator, send } = await simulated();
    await send('createInvoice', invoice);
    const repeat = await send('createInvoice', invoice);
    expect(repeat).toMatchObject({ kind: 'ok', detail: expect.stringContaining('already done') });
    expect(answerOf(repeat)).toMatchObject({ id: '1', number: '26FV00001', alreadyDone: true });
    expect(simulator.records('invoice')).toHaveLength(1);
  });

  it('is told apart from another document of the same order, whichever id Pohoda compares', async () => {
    const { simulator, send } = await simulated();
    await send('createInvoice', { ...invoice, type: 'issuedAdvanceInvoice' });
    await send('createInvoice', invoice);
    await send('createInvoice', { ...invoice, extId: 'x'.repeat(64) });
    expect(simulator.records('invoice')).toHaveLength(3);
    const ids = bodiesOf(simulator).map((body) => /<dat:dataPack [^>]* id="([^"]{1,64})"/.exec(body)?.[1]);
    expect(new Set(ids).size).toBe(3);
    expect(ids[1]).toBe('createInvoice-order-1001');
  });

  it('is found by its external key after its answer was lost, and not found when it never came', async () => {
    const { simulator, send } = await simulated();
    simulator.fail({ kind: 'hang', applied: true }, 1);
    const unanswered = await givenTime(
      (timeoutMs) => send('createInvoice', invoice, { timeoutMs }),
      ({ sent }) => sent,
    );
    expect(unanswered).toMatchObject({ kind: 'timeout', status: null, sent: true });
    const found = await send('findInvoice', invoice);
    expect(answerOf(found)).toMatchObject({ id: '1', number: '26FV00001', extId: 'order-1001' });
    const other = await send('findInvoice', { ...invoice, extId: 'order-1002' });
    expect([other.kind, answerOf(other)]).toEqual(['ok', null]);
  });

  it.each([
    ['a code of Pohoda that does not exist', { ...invoice, items: [{ vat: 'fifth' }] }, '/items/0/vat'],
    ['no external key', { ...invoice, extId: undefined }, '/extId'],
    ['an amount that is no decimal number', { ...invoice, items: [{ unitPrice: 0.1 + 0.2 }] }, '/items/0/unitPrice'],
    ['a field nobody knows', { ...invoice, bogus: 1 }, '/bogus'],
  ])('is not sent with %s', async (_case, data, path) => {
    const { simulator, send } = await simulated();
    const outcome = await send('createInvoice', data);
    expect(outcome).toMatchObject({ kind: 'invalid', sent: false, detail: expect.stringContaining(path) });
    expect(simulator.requests()).toEqual([]);
  });

  it('keeps amounts digit by digit, whether they come as numbers, as texts or in bytes', async () => {
    const { simulator, send } = await simulated();
    const bytes = Buffer.from('{"extId":"big","items":[{"unitPrice":123456789012345.67,"quantity":1}]}');
    await send('createInvoice', null, { input: { data: JSON.parse(bytes.toString()), raw: { bytes, contentType: 'application/json' } } });
    await send('createInvoice', { extId: 'n', items: [{ unitPrice: 12.1, quantity: 3 }] });
    const [exact, number] = bodiesOf(simulator);
    expect(exact).toContain('<typ:unitPrice>123456789012345.67</typ:unitPrice>');
    expect(number).toContain('<inv:quantity>3</inv:quantity>');
    expect(number).toContain('<typ:unitPrice>12.1</typ:unitPrice>');
  });
});

describe('characters that Windows-1250 does not have', () => {
  const greek = { ...invoice, text: 'Ελλάδα & <Жлтый> m²' };

  it('are written with the nearest ones, and told', async () => {
    const { simulator, send } = await simulated();
    const outcome = await send('createInvoice', greek);
    expect(outcome.kind).toBe('ok');
    expect(outcome.detail).toContain('characters written differently: Ε (U+0395) → E');
    expect(answerOf(outcome)).toMatchObject({
      warnings: expect.arrayContaining([expect.objectContaining({ note: expect.stringContaining('Ж') })]),
    });
    expect(bodiesOf(simulator)[0]).toContain('<inv:text>Ellada &amp; &lt;Žltyj&gt; m2</inv:text>');
  });

  it('are refused where the spoke wants that', async () => {
    const { simulator, send } = await simulated({}, { unmappable: 'refuse' });
    expect(await send('createInvoice', greek)).toMatchObject({ kind: 'invalid', sent: false, detail: expect.stringContaining('U+0395') });
    expect(simulator.requests()).toEqual([]);
  });

  it.each(['emoji 😀', '漢字', 'half \ud800'])('are refused where there is no counterpart: %j', async (text) => {
    const { send } = await simulated();
    expect(await send('createInvoice', { ...invoice, text })).toMatchObject({ kind: 'invalid', sent: false });
  });
});

describe('errors inside HTTP 200', () => {
  const answered = (xml: string, encoding = 'windows-1250'): HttpExchangeResult => ({
    ok: true,
    status: 200,
    headers: { 'content-type': 'text/xml' },
    body: iconv.encode(xml, encoding),
  });
  const pack = (attributes: string, content = '') =>
    answered(
      `<?xml version="1.0" encoding="Windows-1250"?><rsp:responsePack xmlns:rsp="r" version="2.0" id="x" ${attributes}>${content}</rsp:responsePack>`,
    );
  const item = (state: string, agenda: string, note = '') =>
    pack(
      'state="ok" ico="12345678"',
      `<rsp:responsePackItem version="2.0" id="1" state="${state}" ${note}>${agenda}</rsp:responsePackItem>`,
    );
  const PRODUCED = '<rdc:producedDetails><rdc:id>7</rdc:id><rdc:number>26FV7</rdc:number></rdc:producedDetails>';
  const detail = (state: string, errno: number, note: string) =>
    `<rdc:importDetails><rdc:detail><rdc:state>${state}</rdc:state><rdc:errno>${errno}</rdc:errno><rdc:note>${note}</rdc:note></rdc:detail></rdc:importDetails>`;

  it.each<[string, HttpExchangeResult, string, string]>([
    ['of the pack', pack('state="error" note="Uživatel není oprávněn importovat XML soubory."'), 'rejected', 'Uživatel není oprávněn'],
    [
      'of another company',
      pack('state="error" ico="11111111" note="Nesouhlasí"'),
      'rejected',
      'has the ICO 11111111, the spoke says 12345678',
    ],
    ['of the item', item('error', '', 'note="Chybný doklad"'), 'rejected', 'Chybný doklad'],
    [
      'of the agenda',
      item('ok', `<inv:invoiceResponse state="error">${detail('error', 103, 'Chybí text')}</inv:invoiceResponse>`),
      'rejected',
      '103 Chybí text',
    ],
    [
      'of a detail alone',
      item('ok', `<inv:invoiceResponse state="ok">${detail('error', 551, 'Neznámý prvek')}${PRODUCED}</inv:invoiceResponse>`),
      'rejected',
      '551',
    ],
    ['of nothing produced', item('ok', '<inv:invoiceResponse state="ok"/>'), 'rejected', 'names no record'],
    ['of an empty pack', pack('state="ok"'), 'rejected', 'no text'],
    ['none at all', item('ok', `<inv:invoiceResponse state="ok">${PRODUCED}</inv:invoiceResponse>`), 'ok', '26FV7'],
    [
      'other prefixes',
      answered(
        '<responsePack xmlns="r" state="ok"><responsePackItem state="ok"><invoiceResponse xmlns="i" state="ok"><producedDetails><id>7</id></producedDetails></invoiceResponse></responsePackItem></responsePack>',
      ),
      'ok',
      'record 7',
    ],
    [
      'a warning',
      item(
        'ok',
        `<inv:invoiceResponse state="warning">${detail('warning', 603, 'Hodnota prvku musela být upravena')}${PRODUCED}</inv:invoiceResponse>`,
      ),
      'ok',
      'warning 603 Hodnota',
    ],
  ])('%s', async (_case, result, kind, told) => {
    const { send } = await open('http://pohoda.example', {}, result);
    expect(await send('createInvoice', invoice)).toMatchObject({ kind, status: 200, detail: expect.stringContaining(told) });
  });

  it.each<[string, HttpExchangeResult]>([
    ['a page', answered('<html><body>Hello</body></html>')],
    ['half an answer', answered('<rsp:responsePack state="ok"><rsp:responsePackItem>')],
    ['nothing', answered('')],
    ['a document type', answered('<!DOCTYPE x [<!ENTITY a "b">]><rsp:responsePack xmlns:rsp="r" state="ok"/>')],
    ['an unknown encoding', answered('<?xml version="1.0" encoding="EBCDIC"?><a/>')],
  ])('%s is unknown for what may not be done twice, and tried again for what may', async (_case, result) => {
    const { send } = await open('http://pohoda.example', {}, result);
    expect(await send('createInvoice', invoice)).toMatchObject({ kind: 'unknown', status: 200, sent: true });
    expect(await send('findInvoice', invoice)).toMatchObject({ kind: 'fault', status: 200 });
    expect(await send('setStock', { code: 'A', name: 'B' })).toMatchObject({ kind: 'fault', status: 200 });
  });

  it('a refused lookup says neither done nor not done', async () => {
    const { send } = await open('http://pohoda.example', {}, pack('state="error" note="Chyba"'));
    expect(await send('findInvoice', invoice)).toMatchObject({ kind: 'rejected', status: null });
  });

  it('a duplicity that nothing confirms is a refusal, not a success', async () => {
    const { send, seen } = await open('http://pohoda.example', {}, item('error', '', 'note="Položka JIŽ EXISTUJE"'));
    expect(await send('createInvoice', invoice)).toMatchObject({ kind: 'unknown', detail: expect.stringContaining('looking it up') });
    expect(seen).toHaveLength(2);
    expect(await send('send', { agenda: { 'vch:voucher': { '@version': '2.0' } } })).toMatchObject({
      kind: 'ok',
      detail: expect.stringContaining('already done'),
    });
  });
});

describe('other documents', () => {
  it('orders are made and found', async () => {
    const { simulator, send } = await simulated();
    expect(answerOf(await send('createOrder', { extId: 'o1', items: [{ text: 'x', quantity: 1, unitPrice: 2 }] }))).toMatchObject({
      number: '26OP00001',
    });
    expect(answerOf(await send('findOrder', { extId: 'o1' }))).toMatchObject({ id: '1' });
    expect(simulator.records('order')).toHaveLength(1);
  });

  it('addresses are made once, and updated when asked to', async () => {
    const { simulator, send } = await simulated();
    const address = { extId: 'c1', address: { company: 'A', city: 'Brno' }, email: 'a@b.cz' };
    expect((await send('createAddress', address)).kind).toBe('ok');
    expect(answerOf(await send('upsertAddress', { ...address, address: { company: 'B' } }))).toMatchObject({ id: '1', action: 'update' });
    expect(answerOf(await send('upsertAddress', { ...address, extId: 'c2' }))).toMatchObject({ id: '2', action: 'add' });
    expect(answerOf(await send('findAddress', { extId: 'c2' }))).toMatchObject({ extId: 'c2' });
    expect(simulator.records('addressbook')).toHaveLength(2);
  });

  it('stock cards are updated, and created only when that is asked for', async () => {
    const { send } = await simulated();
    const card = { code: 'CH1', name: 'Chléb', sellingPrice: '42.50', sellingVat: 'low' };
    expect(await send('setStock', card)).toMatchObject({ kind: 'rejected', detail: expect.stringContaining('names no record') });
    expect((await send('setStock', { ...card, create: true, storage: 'ZBOŽÍ', priceGroup: 'Zboží' })).kind).toBe('ok');
    expect((await send('setStock', card)).kind).toBe('ok');
    expect(answerOf(await send('listStock', {}))).toMatchObject({ items: [{ id: '1', code: 'CH1' }], next: null });
  });

  it('a payment settles an invoice, and its lookup tells only what it can know', async () => {
    const { simulator, send } = await simulated();
    await send('createInvoice', invoice);
    const whole = { invoiceExtId: 'order-1001' };
    const lookedUp = async (data: object) => {
      const outcome = await send('findPayment', data);
      return [outcome.kind, outcome.status, outcome.response ? answerOf(outcome) !== null : undefined];
    };
    expect(await lookedUp(whole)).toEqual(['ok', 200, false]);
    expect(await lookedUp({ ...whole, amount: '1.00' })).toEqual(['rejected', null, undefined]);
    expect(await lookedUp({ invoiceExtId: 'other' })).toEqual(['rejected', null, undefined]);
    expect((await send('markInvoicePaid', { ...whole, date: '2026-11-21' })).kind).toBe('ok');
    expect(simulator.records('invoice')[0]?.toPay).toBe(0n);
    expect(await lookedUp(whole)).toEqual(['ok', 200, true]);
    expect(await send('markInvoicePaid', {})).toMatchObject({ kind: 'invalid', detail: expect.stringContaining('/invoiceExtId') });
  });

  it('any agenda element can be sent, with names that are checked', async () => {
    const { simulator, send } = await simulated();
    const element = { '@version': '2.0', 'inv:invoiceHeader': { 'inv:invoiceType': 'issuedInvoice', 'inv:text': 'Á' } };
    expect((await send('send', { agenda: { 'inv:invoice': element } })).kind).toBe('ok');
    expect(simulator.records('invoice')).toHaveLength(1);
    for (const agenda of [{ 'inv:invoice><x': {} }, { 'bogus:thing': {} }, { 'inv:invoice': { 'a b': '' } }, {}, { a: {}, b: {} }])
      expect(await send('send', { agenda })).toMatchObject({ kind: 'invalid', sent: false });
  });

  it('lists go on where the page before ended', async () => {
    const { send } = await simulated();
    for (const extId of ['a', 'b', 'c']) await send('createInvoice', { extId, items: [] });
    const first = answerOf(await send('listInvoices', { count: 2 }));
    expect(first).toMatchObject({ items: [{ extId: 'a' }, { extId: 'b' }], next: '3' });
    expect(answerOf(await send('listInvoices', { count: 2, idFrom: '3' }))).toMatchObject({ items: [{ extId: 'c' }], next: null });
  });
});

describe('the check of a Pohoda spoke', () => {
  const failing = async (options: PohodaOptions, config: object = {}) => (await simulated(options, config)).connection.probe(never);

  it('names the company that is open', async () => {
    expect(await failing({})).toMatchObject({
      ok: true,
      checks: [
        { name: 'reachable', detail: 'mServer answers, Novák s. r. o. is open' },
        { name: 'credentials' },
        { name: 'company', ok: true },
      ],
    });
  });

  it.each<[string, PohodaOptions, object, string, RegExp]>([
    ['another company', { ico: '11111111' }, {}, 'company', /ICO 11111111, the spoke says 12345678/],
    ['wrong credentials', { password: 'other' }, {}, 'credentials', /does not know the user/],
    ['missing rights', { withoutRights: true }, {}, 'rights', /není oprávněn/],
  ])('tells %s', async (_case, options, config, name, detail) => {
    const { ok, checks } = await failing(options, config);
    expect(ok).toBe(false);
    expect(checks.find((check) => !check.ok)).toMatchObject({ name, detail: expect.stringMatching(detail) });
  });

  it('tells a wrong port or path', async () => {
    const simulator = await startPohodaSimulator();
    cleanUps.push(() => simulator.close());
    const { connection } = await open(`${simulator.url}/somewhere`);
    expect(await connection.probe(never)).toMatchObject({
      ok: false,
      checks: [{ name: 'reachable', detail: expect.stringContaining('444') }],
    });
  });
});

describe('polling Pohoda', () => {
  let now = Date.UTC(2026, 10, 21, 12);

  it('goes on behind a full page in which a record has no number', async () => {
    const invoices = '<lst:invoice/><lst:invoice><inv:invoiceHeader><inv:id>7</inv:id></inv:invoiceHeader></lst:invoice>';
    const list = `<lst:listInvoice xmlns:lst="l" xmlns:inv="i" state="ok" dateTimeStamp="2026-11-21T12:00:00">${invoices}</lst:listInvoice>`;
    const pack = `<rsp:responsePack xmlns:rsp="r" state="ok"><rsp:responsePackItem state="ok">${list}</rsp:responsePackItem></rsp:responsePack>`;
    const headers = { 'content-type': 'text/xml; charset=utf-8' };
    const { connection } = await open('http://pohoda.example', {}, { ok: true, status: 200, headers, body: Buffer.from(pack) });
    expect(await connection.poll?.('invoices', null, 2, never, 'start')).toMatchObject({
      ...{ ok: true, more: true, items: [{ orderingKey: '7' }] },
      cursor: expect.stringContaining('"idFrom":"8"'),
    });
  });

  it('starts from now, gives what changed once, and what changes back again', async () => {
    const { simulator, send, connection } = await simulated({ now: () => now });
    await send('createInvoice', { extId: 'old', items: [] });
    now += 3_600_000;
    const poll = async (cursor: string | null, from?: 'start') => {
      const page = await connection.poll?.('invoices', cursor, 10, never, from);
      if (!page?.ok) throw new Error(`no page: ${JSON.stringify(page)}`);
      return page;
    };
    const start = await poll(null);
    expect(start).toMatchObject({ items: [], more: false });
    now += 1_000;
    await send('createInvoice', { extId: 'new', items: [{ unitPrice: '1', quantity: '1', vat: 'none' }] });
    const first = await poll(start.cursor);
    expect(first.items).toMatchObject([{ type: 'invoice.changed', data: { extId: 'new', toPay: '1.00' }, orderingKey: '2' }]);
    expect((await poll(start.cursor)).items).toEqual(first.items);
    now += 60_000;
    const second = await poll(first.cursor);
    expect(second.items).toEqual([]);
    simulator.touch(2, { toPay: 0n });
    const third = await poll(second.cursor);
    expect(third.items).toMatchObject([{ data: { toPay: '0.00' } }]);
    now += 60_000;
    simulator.touch(2, { toPay: 100n });
    const fourth = await poll(third.cursor);
    expect(fourth.items).toMatchObject([{ data: { toPay: '1.00' } }]);
    const keys = [first, third, fourth].flatMap(({ items }) => items.map(({ idempotencyKey }) => idempotencyKey));
    expect(new Set(keys).size).toBe(3);
  });

  it('takes many in pages, from the start when asked to', async () => {
    const { send, connection } = await simulated();
    for (let index = 0; index < 5; index++) await send('createInvoice', { extId: `i${index}`, items: [] });
    const found: unknown[] = [];
    let cursor: string | null = null;
    for (let turn = 0; turn < 10; turn++) {
      const page: PollPage | undefined = await connection.poll?.('invoices', cursor, 2, never, 'start');
      if (!page?.ok) throw new Error('no page');
      found.push(...page.items.map(({ orderingKey }) => orderingKey));
      cursor = page.cursor;
      if (!page.more) break;
    }
    expect(found).toEqual(['1', '2', '3', '4', '5']);
  });

  it('answers a cursor that is none of its own, and a poll it does not have, with a refusal', async () => {
    const { connection } = await simulated();
    expect(await connection.poll?.('invoices', '{}', 2, never)).toMatchObject({ ok: false });
    expect(await connection.poll?.('nothing', null, 2, never)).toMatchObject({ ok: false });
  });
});

describe('the Pohoda simulator', () => {
  it('works on one request at a time, and makes a document twice without the duplicity header', async () => {
    const { simulator, send } = await simulated({ workMs: 5 }, { checkDuplicity: false });
    await Promise.all([send('createInvoice', invoice), send('createInvoice', invoice), send('findInvoice', invoice)]);
    expect(simulator.parallelMax()).toBe(1);
    expect(simulator.records('invoice')).toHaveLength(2);
  });
});

describe('a Pohoda spoke', () => {
  it('waits for one answer at a time, for minutes', () => {
    expect(pohoda.defaults).toMatchObject({ concurrency: 1, timeoutMs: 300_000 });
  });

  it('looks up every document that may not be made twice', () => {
    const names = new Set(pohoda.operations.map(({ name }) => name));
    for (const { name, idempotent, lookup } of pohoda.operations) {
      if (idempotent === 'never' && name !== 'send') expect(lookup).toBeDefined();
      if (lookup !== undefined) expect(names.has(lookup)).toBe(true);
    }
  });

  it.each(['http://x/xml', 'http://u@x/', 'http://2130706433'])('refuses the address %s', (baseUrl) => {
    expect(pohoda.check({ baseUrl, ico: ICO }, { type: 'basic', username: 'a', password: 'b' }, { expressions })).toMatchObject([
      { path: '/config/baseUrl' },
    ]);
  });

  it('refuses an authority that cannot be read, and TLS settings without TLS', () => {
    const ca = '-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----';
    const check = (baseUrl: string) =>
      pohoda.check({ baseUrl, ico: ICO, tls: { ca } }, { type: 'basic', username: 'a', password: 'b' }, { expressions });
    expect(check('https://pohoda.lan:444').map(({ path }) => path)).toEqual(['/config/tls/ca']);
    expect(check('http://pohoda.lan:444').map(({ path }) => path)).toEqual(['/config/tls', '/config/tls/ca']);
  });
});
