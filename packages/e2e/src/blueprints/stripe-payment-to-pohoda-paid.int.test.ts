/** A payment at Stripe settles its invoice in Pohoda once: signed, repeated, lost, or before the invoice is there. */
import { type PohodaSimulator, type StripeSimulator, startPohodaSimulator, startStripeSimulator } from '@nave/adapters/simulators';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, listAt, textAt } from '../harness/json.ts';
import { samplesOf } from './blueprint-files.ts';
import { type BlueprintHub, blueprintHub } from './blueprint-hub.ts';
import { signStandardWebhook } from './sign.ts';

const SHOP_SECRET = `whsec_${Buffer.alloc(24, 1).toString('base64')}`;
const STRIPE_SECRET = 'whsec_of_the_endpoint';
let pohoda: PohodaSimulator;
let stripe: StripeSimulator;
let hub: BlueprintHub;

beforeAll(async () => {
  pohoda = await startPohodaSimulator({ ico: '12345678', username: 'nave', password: 'heslo' });
  stripe = await startStripeSimulator({ secretKey: 'rk_test_simulated' });
  hub = await blueprintHub(['shop-order-to-pohoda-invoice', 'stripe-payment-to-pohoda-paid'], {
    ...{ ESHOP_WEBHOOK_SECRET: SHOP_SECRET, POHODA_URL: pohoda.url, POHODA_ICO: '12345678', POHODA_USER: 'nave', POHODA_PASSWORD: 'heslo' },
    ...{ STRIPE_URL: stripe.url, STRIPE_KEY: 'rk_test_simulated', STRIPE_WEBHOOK_SECRET: STRIPE_SECRET },
  });
  stripe.setWebhook({ url: `${hub.hub.url}/hooks/stripe`, secret: STRIPE_SECRET });
  // Everything as in the blueprint, only that waiting is shorter.
  await hub.hub.api('PATCH', '/api/v1/spokes/pohoda', { policy: { retry: { base: '100ms', max: '200ms' } } });
});
afterAll(async () => {
  await hub?.close();
  await stripe.close();
  await pohoda.close();
});

const sample = Object(samplesOf('shop-order-to-pohoda-invoice').find(({ name }) => name === 'paid-by-card')?.body);
const place = (number: string) => hub.hook('eshop', signStandardWebhook(SHOP_SECRET, `msg_${number}`, { ...sample, number }));
const toPay = (number: string) => pohoda.records('invoice').find(({ extId }) => extId === `eshop-${number}`)?.toPay;

/** What the hub has of an order's payments, oldest first. */
async function paymentsOf(number: string): Promise<unknown[]> {
  return listAt(await hub.hub.api('GET', `/api/v1/messages?spoke=stripe&q=${number}`), 'items').reverse();
}

async function paymentOf(number: string): Promise<string> {
  return textAt(await hub.until(`a payment of ${number} is there`, async () => (await paymentsOf(number))[0]), 'id');
}

describe('a payment at Stripe', () => {
  it('settles the invoice of its order, and no other', async () => {
    for (const number of ['O-3001', 'O-3002']) await hub.completed((await place(number)).messageId);
    stripe.pay(71_937, 'czk', { order_number: 'O-3001' });
    expect(await stripe.webhooksSent()).toEqual([202]);
    await hub.completed(await paymentOf('O-3001'));
    expect([toPay('O-3001'), toPay('O-3002')]).toEqual([0n, 71_937n]);
  });

  it('comes before its invoice and is booked when the invoice is there', { timeout: 60_000 }, async () => {
    stripe.pay(71_937, 'czk', { order_number: 'O-3003' });
    const id = await paymentOf('O-3003');
    await hub.until('it was asked for in vain', async () => {
      const [delivery] = listAt(await hub.hub.api('GET', `/api/v1/messages/${id}`), 'deliveries');
      return listAt(delivery, 'attempts').length >= 2;
    });
    await hub.completed((await place('O-3003')).messageId);
    const [delivery] = listAt(await hub.completed(id), 'deliveries');
    const outcomes = listAt(delivery, 'attempts').map((attempt) => at(attempt, 'outcome'));
    expect([outcomes[0], outcomes.at(-1)]).toEqual(['throttled', 'ok']);
    expect(toPay('O-3003')).toBe(0n);
  });

  it('whose webhook was lost is fetched by the poll, and counts once when the webhook comes after all', { timeout: 60_000 }, async () => {
    await hub.completed((await place('O-3004')).messageId);
    await hub.hub.api('POST', '/api/v1/spokes/stripe/polls/events/run');
    stripe.loseWebhooks(true);
    stripe.pay(71_937, 'czk', { order_number: 'O-3004' });
    expect(await hub.hub.api('POST', '/api/v1/spokes/stripe/polls/events/run')).toMatchObject({ ok: true });
    await hub.completed(await paymentOf('O-3004'));
    stripe.loseWebhooks(false);
    stripe.sendLostWebhooks();
    expect((await stripe.webhooksSent()).every((status) => status === 202)).toBe(true);
    expect(await paymentsOf('O-3004')).toHaveLength(1);
    expect(toPay('O-3004')).toBe(0n);
  });

  it('whose answer was lost is looked up: nothing left to pay is done', { timeout: 60_000 }, async () => {
    await hub.completed((await place('O-3005')).messageId);
    pohoda.fail({ kind: 'reset', when: 'before-answer', applied: true }, 1);
    stripe.pay(71_937, 'czk', { order_number: 'O-3005' });
    const [delivery] = listAt(await hub.completed(await paymentOf('O-3005')), 'deliveries');
    expect(at(listAt(delivery, 'attempts')[0], 'outcome')).not.toBe('ok');
    expect(toPay('O-3005')).toBe(0n);
  });

  it('that Stripe did not sign is refused, and nothing is paid', async () => {
    await hub.completed((await place('O-3006')).messageId);
    stripe.setWebhook({ url: `${hub.hub.url}/hooks/stripe`, secret: 'whsec_guessed' });
    stripe.pay(71_937, 'czk', { order_number: 'O-3006' });
    expect((await stripe.webhooksSent()).at(-1)).toBe(401);
    stripe.setWebhook({ url: `${hub.hub.url}/hooks/stripe`, secret: STRIPE_SECRET });
    expect(await paymentsOf('O-3006')).toEqual([]);
    expect(toPay('O-3006')).toBe(71_937n);
  });

  it('for something else than an order is kept and does nothing', async () => {
    const payment = stripe.pay(500, 'czk');
    await stripe.webhooksSent();
    const [message] = listAt(await hub.hub.api('GET', `/api/v1/messages?q=${payment.id}`), 'items');
    const [delivery] = listAt(await hub.completed(textAt(message, 'id')), 'deliveries');
    expect(delivery).toMatchObject({ state: 'skipped', reason: 'filtered' });
  });
});
