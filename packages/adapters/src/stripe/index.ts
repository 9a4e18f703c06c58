/** Kind `stripe`: payments, refunds, customers and invoices; events by webhook, and by poll what webhooks lose. */
import { defineAdapter, type ErasedAdapter } from '@nave/adapter-kit';
import { DEFAULT_POLICY } from '@nave/core';
import { StripeConfig, StripeCredentials, validateStripe } from './config.ts';
import { openStripe } from './deliver.ts';
import { STRIPE_EVENTS } from './events/event-types.ts';
import { STRIPE_OPERATIONS } from './operations.ts';

export const stripe: ErasedAdapter = defineAdapter({
  kind: 'stripe',
  title: 'Stripe',
  family: 'payments',
  summary:
    'Payments, refunds, customers and invoices of a Stripe account; its events by signed webhook, with a poll for those that got lost.',
  config: StripeConfig,
  credentials: StripeCredentials,
  operations: STRIPE_OPERATIONS,
  validate: validateStripe,
  events: STRIPE_EVENTS,
  polls: [{ name: 'events', title: 'Events of the last 30 days', everyMs: 300_000, eventTypes: STRIPE_EVENTS.map(({ type }) => type) }],
  verify: ['stripe'],
  defaults: {
    // Below the limit of test mode (docs.stripe.com/rate-limits: 25 a second there, 100 in live mode).
    rate: { limit: 20, perMs: 1_000 },
    timeoutMs: 60_000,
    // All attempts within some four hours: Stripe forgets idempotency keys after 24.
    retry: { ...DEFAULT_POLICY.retry, attempts: 8, maxMs: 7_200_000 },
  },
  docs: 'kinds/stripe.md',
  deliver: { open: openStripe },
});
