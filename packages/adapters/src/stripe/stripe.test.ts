import type { AdapterContext, OperationInput, SpokeConnection } from '@nave/adapter-kit';
import { DEFAULT_POLICY, type Logger, nextStep, type Outcome, uuidV7 } from '@nave/core';
import { createGuardedHttp, createTokenCache } from '@nave/protocols';
import { createAddressGuard } from '@nave/security';
import { describeAdapterContract } from '@nave/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFakeExpressions } from '../fake-expressions.ts';
import { selfSignedCertificate } from '../simulator-kit/self-signed-certificate.ts';
import { stripe } from './index.ts';
import { STRIPE_OPERATIONS } from './operations.ts';
import { type StripeSimulator, startStripeSimulator } from './simulator/index.ts';

const KEY = 'sk_test_SECRET1';
const input = (data: unknown): OperationInput => ({ data, raw: null });
const guard = createAddressGuard({ allow: ['127.0.0.0/8'], forbid: [] });

describeAdapterContract({
  adapter: stripe,
  startSimulator: () => startStripeSimulator({ secretKey: KEY }),
  createHttp(mode) {
    const each = mode === 'refusing' ? createAddressGuard({ allow: [], forbid: [] }) : guard;
    return createGuardedHttp({
      guard: each,
      connectTimeoutMs: 1_000,
      ...(mode === 'stalled' ? { resolve: () => new Promise(() => {}) } : {}),
    });
  },
  createTokens: (clock) => createTokenCache({ clock }),
  expressions: createFakeExpressions({}),
  config: (url) => ({ baseUrl: url }),
  credentials: { type: 'bearer', token: KEY },
  secrets: [KEY],
  operation: 'createPayment',
  input: input({ amount: 1230, currency: 'eur' }),
  deliveryId: uuidV7(Date.UTC(2026, 10, 21, 11, 0, 0), Buffer.alloc(10)),
  injection: { skip: 'nothing is mapped into headers' },
  lookup: { operation: 'findPayment', input: input({ amount: 1230, currency: 'eur' }) },
  certificate: selfSignedCertificate,
  refusedAs: { 403: { skip: 'a restricted key that may not read the account is a good key' } },
});

const silent: Logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };
const NOW = Date.UTC(2026, 10, 21, 12, 0, 0);
const never = new AbortController().signal;
let simulator: StripeSimulator;
let http: ReturnType<typeof createGuardedHttp>;
let nowMs = NOW;
beforeEach(async () => {
  nowMs = NOW;
  simulator = await startStripeSimulator({ secretKey: KEY, now: () => nowMs });
  http = createGuardedHttp({ guard });
});
afterEach(async () => {
  await http.close();
  await simulator.close();
});

function open(config: object = {}, token = KEY): Promise<SpokeConnection> {
  const clock = { now: () => nowMs };
  const context: AdapterContext<unknown> = {
    ...{ spoke: 'pay', credentials: { type: 'bearer', token }, policy: DEFAULT_POLICY, logger: silent, clock, http },
    expressions: createFakeExpressions({}),
    tokens: createTokenCache({ clock }),
    addresses: { resolve: () => Promise.reject(new Error('unused')) },
  };
  return stripe.open({ baseUrl: simulator.url, ...config }, context);
}

let deliveries = 0;
function newDelivery(): string {
  deliveries += 1;
  return uuidV7(NOW, Buffer.from(`delivery${String(deliveries).padStart(2, '0')}`));
}

async function send(
  operation: string,
  data: unknown,
  more: { deliveryId?: string; attempt?: number; config?: object; token?: string } = {},
) {
  const connection = await open(more.config, more.token);
  const { deliveryId = newDelivery(), attempt = 1 } = more;
  return connection.send(
    { deliveryId, messageId: 'm', attempt, operation, input: input(data), traceparent: null, timeoutMs: 60_000 },
    never,
  );
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape.
function bodyOf({ response }: Outcome): any {
  return JSON.parse(Buffer.from(response?.body ?? []).toString());
}
const lastBody = () => decodeURIComponent(simulator.requests().at(-1)?.body.toString() ?? '');

describe('the operations', () => {
  it('name only lookups and undos that exist', () => {
    const names = new Set(STRIPE_OPERATIONS.map(({ name }) => name));
    expect(names.size).toBe(STRIPE_OPERATIONS.length);
    for (const { lookup, undo } of STRIPE_OPERATIONS)
      for (const name of [lookup, undo]) if (name !== undefined) expect(names).toContain(name);
  });

  it('go out as forms, with version, account and the tag of the delivery', async () => {
    const deliveryId = newDelivery();
    const data = { amount: 500, currency: 'jpy', metadata: { order: 'A 1' }, payment_method_types: ['card', 'link'], description: null };
    expect(await send('createPayment', data, { deliveryId, config: { account: 'acct_1', apiVersion: '2024-06-20' } })).toMatchObject({
      kind: 'ok',
    });
    expect(simulator.requests()[0]?.headers).toMatchObject({
      ...{ 'stripe-version': '2024-06-20', 'stripe-account': 'acct_1', 'idempotency-key': deliveryId },
      'content-type': 'application/x-www-form-urlencoded',
    });
    expect(lastBody()).toBe(
      `amount=500&currency=jpy&metadata[order]=A+1&metadata[nave_delivery]=${deliveryId}&payment_method_types[0]=card&payment_method_types[1]=link&description=`,
    );
    await send('createPayment', { amount: 1, currency: 'eur' }, { config: { tag: false } });
    expect(lastBody()).toBe('amount=1&currency=eur');
  });

  it('pay, capture, refund and cancel', async () => {
    const made = await send('createPayment', {
      amountDecimal: '12.30',
      currency: 'EUR',
      payment_method: 'pm_card_visa',
      confirm: true,
      capture_method: 'manual',
    });
    const { id } = bodyOf(made);
    expect(bodyOf(made)).toMatchObject({ amount: 1230, status: 'requires_capture' });
    expect(bodyOf(await send('capturePayment', { id, amount_to_capture: 1000 }))).toMatchObject({
      status: 'succeeded',
      amount_received: 1000,
    });
    expect(bodyOf(await send('createRefund', { payment_intent: id, amountDecimal: '2.5', currency: 'eur' }))).toMatchObject({
      amount: 250,
    });
    expect(lastBody()).not.toContain('currency');
    expect(await send('cancelPayment', { id })).toMatchObject({ kind: 'rejected', status: 400 });
    expect(bodyOf(await send('getPayment', { id }))).toMatchObject({ id, amount_refunded: 250 });
    expect(simulator.requests().at(-1)?.headers['idempotency-key']).toBeUndefined();
    expect(bodyOf(await send('listPayments', { limit: 1 })).data).toHaveLength(1);
  });

  it('invoice a customer', async () => {
    const customer = bodyOf(await send('createCustomer', { email: 'a@example.com', address: { city: 'Brno' } }));
    expect(customer).toMatchObject({ address: { city: 'Brno' } });
    await send('updateCustomer', { id: customer.id, name: 'Ann' });
    expect(bodyOf(await send('findCustomer', { query: "email:'a@example.com'" })).data).toMatchObject([{ id: customer.id, name: 'Ann' }]);
    const { id } = bodyOf(await send('createInvoice', { customer: customer.id }));
    await send('createInvoiceItem', { customer: customer.id, invoice: id, amount: 100, currency: 'czk' });
    expect(bodyOf(await send('finalizeInvoice', { id }))).toMatchObject({ status: 'open' });
    expect(bodyOf(await send('payInvoice', { id }))).toMatchObject({ status: 'paid' });
    expect(await send('voidInvoice', { id })).toMatchObject({ kind: 'rejected', detail: expect.stringContaining('invoice_not_editable') });
  });

  it.each([
    ['createPayment', { amount: 12.3, currency: 'eur' }, 'amount: expected an integer'],
    ['createPayment', { amount: '1230', currency: 'eur' }, 'amount: expected an integer'],
    ['createPayment', { amount: 1, amountDecimal: '1', currency: 'eur' }, 'either amount or amountDecimal'],
    ['createPayment', { amountDecimal: 12.3, currency: 'eur' }, 'decimal text'],
    ['createRefund', { payment_intent: 'pi_1', amountDecimal: '1' }, 'currency: needed'],
    ['getPayment', {}, 'id: expected'],
    ['getPayment', { id: '../customers/cus_1' }, 'id: expected'],
    ['createPayment', [1], 'expected an object'],
    ['createPayment', JSON.parse(`${'{"a":'.repeat(20)}1${'}'.repeat(20)}`), 'nested deeper'],
  ])('refuse %s of %j before anything leaves', async (operation, data, detail) => {
    expect(await send(operation, data)).toMatchObject({ kind: 'invalid', sent: false, detail: expect.stringContaining(detail) });
    expect(simulator.requests()).toEqual([]);
  });
});

describe('what Stripe answers', () => {
  it('is rejected with the decline code when a card is declined, and the same again under the same key', async () => {
    const deliveryId = newDelivery();
    const data = { amount: 100, currency: 'eur', payment_method: 'pm_card_visa_chargeDeclinedInsufficientFunds', confirm: true };
    const declined = {
      kind: 'rejected',
      status: 402,
      detail: 'answered 402: card_error card_declined insufficient_funds (Your card has insufficient funds.)',
    };
    expect(await send('createPayment', data, { deliveryId })).toMatchObject(declined);
    expect(await send('createPayment', data, { deliveryId, attempt: 2 })).toMatchObject(declined);
    expect(simulator.list('payment_intents')).toHaveLength(1);
  });

  it.each(['rate_limit', 'lock_timeout', 'idempotency_key_in_use'] as const)('is tried again after %s', async (reason) => {
    simulator.refuse(reason, 1);
    const deliveryId = newDelivery();
    expect(await send('createCustomer', {}, { deliveryId })).toMatchObject({ kind: 'throttled' });
    expect(await send('createCustomer', {}, { deliveryId, attempt: 2 })).toMatchObject({ kind: 'ok' });
  });

  it('is a refusal when the same key comes with other parameters', async () => {
    const deliveryId = newDelivery();
    await send('createCustomer', { name: 'a' }, { deliveryId });
    expect(await send('createCustomer', { name: 'b' }, { deliveryId })).toMatchObject({
      ...{ kind: 'rejected', status: 400, detail: expect.stringContaining('the same Idempotency-Key was used with other parameters') },
    });
  });

  it('is given once for the same delivery, whatever was cut off', async () => {
    const deliveryId = newDelivery();
    simulator.fail({ kind: 'reset', when: 'before-answer', applied: true }, 1);
    expect(await send('createPayment', { amount: 1, currency: 'eur' }, { deliveryId })).toMatchObject({ kind: 'unreachable', sent: true });
    expect(await send('createPayment', { amount: 1, currency: 'eur' }, { deliveryId, attempt: 2 })).toMatchObject({ kind: 'ok' });
    expect(simulator.list('payment_intents')).toHaveLength(1);
  });

  it.each([true, false])('is unknown after a 500 that would be repeated for ever, and is looked up (applied: %s)', async (applied) => {
    const deliveryId = newDelivery();
    simulator.breakWrites(1, applied);
    const outcome = await send('createPayment', { amount: 1, currency: 'eur' }, { deliveryId });
    expect(outcome).toMatchObject({ kind: 'unknown', status: 500 });
    expect(nextStep({ outcome, policy: DEFAULT_POLICY.retry, attempt: 1, idempotent: 'key', lookup: true, random: 0 }).state).toBe(
      'unknown',
    );
    const found = await send('findPayment', { amount: 1, currency: 'eur' }, { deliveryId });
    if (applied) expect(bodyOf(found)).toMatchObject({ object: 'payment_intent', amount: 1 });
    else expect(found).toMatchObject({ kind: 'rejected', status: 200, detail: expect.stringContaining('not done') });
  });

  it('is asked for anew where a repeat is harmless', async () => {
    const { id } = bodyOf(await send('createCustomer', {}));
    const deliveryId = newDelivery();
    simulator.breakWrites(1, false);
    expect(await send('updateCustomer', { id, name: 'x' }, { deliveryId })).not.toMatchObject({ kind: 'ok' });
    expect(await send('updateCustomer', { id, name: 'x' }, { deliveryId, attempt: 2 })).toMatchObject({ kind: 'ok' });
  });

  it.each([
    ['true', 400, 'fault'],
    ['false', 503, 'unknown'],
    ['false', 409, 'rejected'],
    ['false', 429, 'rejected'],
  ])('with Stripe-Should-Retry %s and %i is %s', async (should, status, kind) => {
    simulator.fail({ kind: 'status', status, headers: { 'Stripe-Should-Retry': should }, body: '{}' }, 1);
    expect(await send('createCustomer', {})).toMatchObject({ kind, status });
  });

  it('never brings what the caller wrote into the record of the outcome', async () => {
    const message = "Invalid email address: jane@example.com, 'secret value' 4242424242424242 sk_test_abc\nnext";
    const body = JSON.stringify({ error: { type: 'invalid_request_error', param: 'email', message } });
    simulator.fail({ kind: 'status', status: 400, body }, 1);
    const { detail } = await send('createCustomer', { email: 'jane@example.com' });
    expect(detail).toBe('answered 400: invalid_request_error email (Invalid email address: … … … … next)');
  });
});

describe('a repeat after Stripe forgot the key', () => {
  const LATER = NOW + 25 * 3_600_000;

  it('is looked up before it is sent', async () => {
    const deliveryId = newDelivery();
    const data = { amount: 1, currency: 'eur' };
    await send('createPayment', data, { deliveryId });
    simulator.pruneKeys();
    nowMs = LATER;
    const again = await send('createPayment', data, { deliveryId, attempt: 2 });
    expect(again).toMatchObject({ kind: 'ok', detail: 'done by an earlier attempt, found again' });
    expect(bodyOf(again)).toMatchObject({ object: 'payment_intent' });
    expect(await send('createPayment', data, { attempt: 2 })).toMatchObject({ kind: 'ok', detail: 'answered 200' });
    expect(simulator.list('payment_intents')).toHaveLength(2);
  });

  it('is looked up among the refunds of its payment, and by the state of what it changes', async () => {
    const { id } = simulator.pay(100, 'eur');
    const refund = newDelivery();
    await send('createRefund', { payment_intent: id, amount: 10 }, { deliveryId: refund });
    const { id: invoice } = bodyOf(await send('createInvoice', {}));
    const finalize = newDelivery();
    await send('finalizeInvoice', { id: invoice }, { deliveryId: finalize });
    simulator.pruneKeys();
    nowMs = LATER;
    expect(await send('createRefund', { payment_intent: id, amount: 10 }, { deliveryId: refund, attempt: 3 })).toMatchObject({
      kind: 'ok',
    });
    expect(simulator.list('refunds')).toHaveLength(1);
    expect(await send('finalizeInvoice', { id: invoice }, { deliveryId: finalize, attempt: 2 })).toMatchObject({ kind: 'ok' });
  });

  it('is not sent when the lookup fails', async () => {
    nowMs = LATER;
    simulator.fail({ kind: 'status', status: 500 }, 1);
    expect(await send('createPayment', { amount: 1, currency: 'eur' }, { attempt: 2 })).toMatchObject({ kind: 'fault' });
    expect(simulator.list('payment_intents')).toEqual([]);
  });
});

describe('a check', () => {
  it('says whose key it is and what it may do', async () => {
    const result = await (await open()).probe(never);
    expect(result).toMatchObject({ ok: true, detail: 'a secret key of test mode: no money moves' });
    expect(result.checks.map(({ name }) => name)).toEqual(['reachable', 'credentials', 'account', 'charges', 'version']);
  });

  it('says what is wrong', async () => {
    expect(await (await open({}, 'sk_test_wrong1')).probe(never)).toMatchObject({
      ok: false,
      detail: 'the key is wrong, expired or deleted',
    });
    expect(await (await open({ account: 'acct_other' })).probe(never)).toMatchObject({
      ok: false,
      detail: expect.stringContaining('acct_other'),
    });
    simulator.fail({ kind: 'status', status: 403, body: '{"error":{"type":"invalid_request_error"}}' }, 1);
    expect(await (await open()).probe(never)).toMatchObject({ ok: true, detail: expect.stringContaining('restricted key') });
    simulator.fail(
      { kind: 'status', status: 400, body: '{"error":{"type":"invalid_request_error","message":"Invalid Stripe API version: x"}}' },
      1,
    );
    expect(await (await open()).probe(never)).toMatchObject({ ok: false, detail: '2025-03-31.basil is no version of the API' });
  });

  it('tells keys that cannot work before they are used', () => {
    const context = { expressions: createFakeExpressions({}) };
    for (const token of ['pk_live_1', 'whsec_1'])
      expect(stripe.check({}, { type: 'bearer', token }, context)).toMatchObject([{ path: '/credentials/token' }]);
  });
});
