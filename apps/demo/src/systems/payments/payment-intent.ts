/** `payment_intent.succeeded` as Stripe sends it (docs.stripe.com/api/events/object, docs.stripe.com/api/payment_intents/object). */

export interface PaymentFacts {
  eventId: string;
  intentId: string;
  orderNumber: string;
  customerName: string;
  email: string;
  /** In the smallest unit of the currency (docs.stripe.com/currencies#zero-decimal). */
  amount: number;
  /** Lower-case ISO 4217. */
  currency: string;
  /** When the intent was made, at checkout: seconds since the epoch. */
  createdSeconds: number;
}

export interface StripeEvent {
  id: string;
  object: 'event';
  type: 'payment_intent.succeeded';
  api_version: string;
  created: number;
  livemode: false;
  pending_webhooks: number;
  request: { id: string; idempotency_key: string };
  data: { object: PaymentIntent };
}

interface PaymentIntent {
  id: string;
  object: 'payment_intent';
  amount: number;
  amount_capturable: number;
  amount_received: number;
  automatic_payment_methods: { allow_redirects: 'always'; enabled: true };
  canceled_at: null;
  capture_method: 'automatic_async';
  confirmation_method: 'automatic';
  created: number;
  currency: string;
  customer: null;
  description: string;
  last_payment_error: null;
  latest_charge: string;
  livemode: false;
  metadata: { order_number: string };
  payment_method: string;
  payment_method_types: ['card'];
  receipt_email: string;
  shipping: null;
  statement_descriptor_suffix: string;
  status: 'succeeded';
}

/** The event of a paid intent. @param nowMs when the payment succeeded */
export function paymentSucceeded(facts: PaymentFacts, nowMs: number): StripeEvent {
  const suffix = facts.intentId.replace(/^pi_/, '');
  return {
    id: facts.eventId,
    object: 'event',
    type: 'payment_intent.succeeded',
    api_version: '2026-10-28.dahlia',
    created: Math.floor(nowMs / 1_000),
    livemode: false,
    pending_webhooks: 1,
    request: { id: `req_${suffix.slice(0, 14)}`, idempotency_key: `checkout-${facts.orderNumber}` },
    data: {
      object: {
        id: facts.intentId,
        object: 'payment_intent',
        amount: facts.amount,
        amount_capturable: 0,
        amount_received: facts.amount,
        automatic_payment_methods: { allow_redirects: 'always', enabled: true },
        canceled_at: null,
        capture_method: 'automatic_async',
        confirmation_method: 'automatic',
        created: facts.createdSeconds,
        currency: facts.currency,
        customer: null,
        description: `Order ${facts.orderNumber}, ${facts.customerName}`,
        last_payment_error: null,
        latest_charge: `ch_${suffix}`,
        livemode: false,
        metadata: { order_number: facts.orderNumber },
        payment_method: `pm_${suffix}`,
        payment_method_types: ['card'],
        receipt_email: facts.email,
        shipping: null,
        statement_descriptor_suffix: facts.orderNumber,
        status: 'succeeded',
      },
    },
  };
}
