import type { AdapterContext } from '@nave/adapter-kit';
import { DEFAULT_POLICY, type Logger, type Outcome } from '@nave/core';
import { createGuardedHttp, createTokenCache } from '@nave/protocols';
import { createAddressGuard } from '@nave/security';
import { freePort, withProgram } from '@nave/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createFakeExpressions } from '../../fake-expressions.ts';
import { soap } from '../index.ts';
import { ORDERS_XSD } from '../simulator/index.ts';
import { PHP_INSTALL, type PhpServer, phpInstalled, startPhpServer } from './php-server.ts';

const silent: Logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };
const clock = { now: () => Date.now() };
const never = new AbortController().signal;

withProgram('php-soap', { installed: phpInstalled(), install: PHP_INSTALL }, 'PHP’s SoapServer', () => {
  let php: PhpServer;
  beforeAll(async () => {
    php = await startPhpServer(await freePort());
  });
  afterAll(() => php.close());

  async function call(
    config: object,
    operation: string,
    data: unknown,
    credentials: unknown = { type: 'none' },
  ): Promise<Outcome & { json: unknown }> {
    const http = createGuardedHttp({ guard: createAddressGuard({ allow: ['127.0.0.0/8'], forbid: [] }) });
    const tokens = createTokenCache({ clock });
    const parts = { spoke: 's', credentials, policy: DEFAULT_POLICY, logger: silent, clock, http, tokens };
    const context: AdapterContext<unknown> = { ...parts, expressions: createFakeExpressions() };
    const connection = await soap.open(config, context);
    const send = { deliveryId: 'd', messageId: 'm', attempt: 1, operation, traceparent: null, timeoutMs: 60_000 };
    const outcome = await connection.send({ ...send, input: { data, raw: null } }, never);
    await connection.close();
    await http.close();
    const { response } = outcome;
    return {
      ...outcome,
      json: response?.contentType === 'application/json' ? JSON.parse(Buffer.from(response.body).toString()) : undefined,
    };
  }

  const uploaded = (port: 'Orders11' | 'Orders12' | 'Sums' | 'PriceLists') => ({
    wsdl: { text: php.wsdl(port), documents: { 'orders.xsd': ORDERS_XSD } },
  });
  const order = (number: string) => ({
    number,
    placed: '2026-11-21T12:00:00Z',
    note: null,
    email: 'jan@example.cz',
    total: { '@currency': 'EUR', '#text': '12345678901234567890.10' },
    item: [
      { sku: 'žluťoučký <&>', quantity: 2, price: '0.10' },
      { sku: 'y', quantity: 1 },
    ],
    document: Buffer.from([0, 1, 2, 255]).toString('base64'),
  });

  it.each([['Orders11'], ['Orders12']] as const)('books and gives back an order unchanged (document/literal, %s)', async (port) => {
    expect(await call(uploaded(port), 'createOrder', { order: order(port) })).toMatchObject({ kind: 'ok', json: { state: 'booked' } });
    expect(await call(uploaded(port), 'getOrder', { number: port })).toMatchObject({ kind: 'ok', json: { order: order(port) } });
  });

  it('is found by its WSDL’s URL, imports included', async () => {
    const config = { wsdl: { url: `${php.url}/Orders11?wsdl` }, operations: { createOrder: {} } };
    expect(await call(config, 'createOrder', { order: { number: 'by-url' } })).toMatchObject({ kind: 'ok' });
  });

  it('adds in rpc/literal and takes lists in rpc/encoded', async () => {
    expect(await call(uploaded('Sums'), 'sum', { a: '1.10', b: '2' })).toMatchObject({ kind: 'ok', json: { result: '3.10' } });
    const prices = [
      { sku: 'x', amount: '1.50' },
      { sku: 'y', amount: '2.00' },
    ];
    const outcome = await call(uploaded('PriceLists'), 'setPrices', { valid: '2026-11-21', prices });
    expect(outcome).toMatchObject({ kind: 'ok', json: { result: prices, count: 2 } });
  });

  it('takes one-way messages without an answer', async () => {
    expect(await call(uploaded('Orders11'), 'orderSeen', 'A1')).toMatchObject({ kind: 'ok' });
  });

  it.each([['Orders11'], ['Orders12']] as const)('refuses and fails in faults that are told apart (%s)', async (port) => {
    const twice = { order: order(`twice-${port}`) };
    await call(uploaded(port), 'createOrder', twice);
    expect(await call(uploaded(port), 'createOrder', twice)).toMatchObject({
      kind: 'rejected',
      detail: expect.stringContaining('the number is taken'),
    });
    expect(await call(uploaded(port), 'createOrder', { order: { number: 'BUSY' } })).toMatchObject({ kind: 'fault' });
    const own = { ...uploaded(port), rejectFaults: ['E42'] };
    expect(await call(own, 'createOrder', { order: { number: 'CODE' } })).toMatchObject({ kind: 'rejected' });
  });

  it('reads SOAP headers, and says of one it must understand that it does not', async () => {
    const config = { ...uploaded('Orders11'), headers: { session: { value: { token: 's-1' } } } };
    expect(await call(config, 'createOrder', { order: { number: 'with-header' } })).toMatchObject({ kind: 'ok', json: { state: 's-1' } });
    const credentials = { type: 'ws-security', username: 'u', password: 'secret' };
    expect(await call(uploaded('Orders11'), 'createOrder', { order: { number: 'wsse' } }, credentials)).toMatchObject({
      kind: 'rejected',
      detail: expect.stringContaining('MustUnderstand'),
    });
  });
});
