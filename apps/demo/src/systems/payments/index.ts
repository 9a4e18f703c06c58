/** The simulated payment provider: Stripe-shaped events under `Stripe-Signature` (docs.stripe.com/webhooks, "Verify webhook signatures manually"). */
import { createHmac } from 'node:crypto';
import { createOutbox, outboxTable, type SentHook, type Signed } from '../kit/outbox.ts';
import { type SimulatedSystem, startSystem } from '../kit/simulated-system.ts';
import type { SenderOptions } from '../shop/index.ts';
import { type PaymentFacts, paymentSucceeded } from './payment-intent.ts';

export interface Payments extends SimulatedSystem {
  succeed(payment: PaymentFacts): Promise<SentHook>;
  /** Somebody who does not know the secret claims a payment; gives the hub's status, 0 when there was no answer. */
  forge(payment: PaymentFacts): Promise<number>;
}

const FORGE_TIMEOUT_MS = 10_000;

/** @param options.secret the endpoint secret, used as it is */
export async function startPayments({ hookUrl, secret, signal }: SenderOptions): Promise<Payments> {
  const payments = new Map<string, PaymentFacts>();
  const outbox = createOutbox({ hookUrl, signal, faults: () => system.faults });
  const system = await startSystem({
    name: 'payments',
    title: 'Payment provider',
    state: () => ({ payments: [...payments.values()], sent: outbox.sent() }),
    tables: () => [
      {
        title: 'Payments',
        columns: ['Intent', 'Order', 'Amount (smallest unit)'],
        rows: [...payments.values()]
          .reverse()
          .map(({ intentId, orderNumber, amount, currency }) => [intentId, orderNumber, `${amount} ${currency}`]),
      },
      outboxTable(outbox),
    ],
  });
  return {
    ...system,
    succeed(payment) {
      payments.set(payment.intentId, payment);
      // Made once: a repeated webhook has the same bytes, only its signature is new.
      const body = JSON.stringify(paymentSucceeded(payment, Date.now()));
      return outbox.send(payment.eventId, 'payment_intent.succeeded', (nowMs) => signStripe(secret, nowMs, body));
    },
    async forge(payment) {
      const nowMs = Date.now();
      const { headers, body } = signStripe('whsec_guessed', nowMs, JSON.stringify(paymentSucceeded(payment, nowMs)));
      const all = { 'content-type': 'application/json', ...headers };
      const response = await fetch(hookUrl(), { method: 'POST', headers: all, body, signal: AbortSignal.timeout(FORGE_TIMEOUT_MS) }).catch(
        () => null,
      );
      await response?.body?.cancel();
      return response?.status ?? 0;
    },
  };
}

/** `t=<seconds>,v1=<hex HMAC-SHA256 of "{t}.{body}">`. */
export function signStripe(secret: string, nowMs: number, body: string): Signed {
  const timestamp = Math.floor(nowMs / 1_000);
  const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
  return { headers: { 'stripe-signature': `t=${timestamp},v1=${signature}` }, body };
}
