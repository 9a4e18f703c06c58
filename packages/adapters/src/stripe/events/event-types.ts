/** Events a Stripe account sends that routes are most often made for; every other type comes through as well. */
import type { EventDeclaration } from '@nave/adapter-kit';

export const STRIPE_EVENTS: readonly EventDeclaration[] = [
  { type: 'payment_intent.succeeded', summary: 'A payment is complete' },
  { type: 'payment_intent.payment_failed', summary: 'A payment was declined' },
  { type: 'payment_intent.amount_capturable_updated', summary: 'A payment waits for its capture' },
  { type: 'payment_intent.canceled', summary: 'A payment was cancelled' },
  { type: 'charge.refunded', summary: 'A charge was refunded, in whole or in part' },
  { type: 'charge.dispute.created', summary: 'A customer disputes a charge' },
  { type: 'checkout.session.completed', summary: 'A customer came through checkout' },
  { type: 'customer.created', summary: 'A customer was added' },
  { type: 'customer.updated', summary: 'A customer was changed' },
  { type: 'invoice.created', summary: 'An invoice was drafted' },
  { type: 'invoice.finalized', summary: 'An invoice was finalized' },
  { type: 'invoice.paid', summary: 'An invoice was paid' },
  { type: 'invoice.payment_failed', summary: 'An invoice could not be paid' },
  { type: 'invoice.voided', summary: 'An invoice was voided' },
  { type: 'payout.paid', summary: 'Money left for the bank' },
];
