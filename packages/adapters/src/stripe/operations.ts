/** What can be done with Stripe, as data. Inputs carry the parameters of Stripe's own API; `id` goes into the path. */
import type { OperationDeclaration } from '@nave/adapter-kit';

export interface StripeOperation extends OperationDeclaration {
  method: 'GET' | 'POST';
  /** Below the base URL; `{id}` is taken from the input. */
  path: string;
  /** Takes the delivery id into its metadata. */
  tagged?: boolean;
  /** A lookup: how the answer says that the operation was done. */
  finds?: Finds;
}

export type Finds =
  /** A search by the tag of the delivery. */
  | { by: 'search' }
  /** A list, narrowed by fields of the input, in which the tag is looked for. */
  | { by: 'list'; fields: readonly string[] }
  /** The object itself: done when its status is one of these. */
  | { by: 'status'; done: readonly string[] };

const text = (description?: string) => ({ type: 'string', ...(description === undefined ? {} : { description }) });
const whole = (description: string) => ({ type: 'integer', description });
const metadata = { type: 'object', additionalProperties: { type: ['string', 'number', 'null'] }, description: 'Up to 50 pairs' };
const AMOUNT = whole('In the smallest unit of the currency: 1230 is 12.30 EUR, and 1230 JPY');
const AMOUNT_DECIMAL = text('Instead of amount: decimal text such as "12.30"');
const ID = { type: 'string', pattern: '^[A-Za-z0-9_]{1,255}$' };

function input(properties: Record<string, unknown>, required: readonly string[] = []) {
  return { type: 'object', properties, required, additionalProperties: true };
}

const byId = (prefix: string, more: Record<string, unknown> = {}) => input({ id: { ...ID, description: `${prefix}...` }, ...more }, ['id']);
const LIST = input({ limit: whole('1 to 100'), starting_after: text(), ending_before: text() });
const SEARCH = input({ query: text("Stripe's search language; without it, what this delivery created") });

const post = (
  name: string,
  title: string,
  path: string,
  schema: Record<string, unknown>,
  more: Partial<StripeOperation> = {},
): StripeOperation => ({ name, title, path, input: schema, method: 'POST', idempotent: 'key', ...more });
const get = (
  name: string,
  title: string,
  path: string,
  schema: Record<string, unknown>,
  more: Partial<StripeOperation> = {},
): StripeOperation => ({
  ...{ name, title, path, input: schema, method: 'GET', idempotent: 'always' },
  ...more,
});

const PAYMENT = {
  amount: AMOUNT,
  amountDecimal: AMOUNT_DECIMAL,
  currency: text('Three letters'),
  customer: text('cus_...'),
  payment_method: text('pm_...'),
  confirm: { type: 'boolean', description: 'Charge at once' },
  off_session: { type: 'boolean' },
  capture_method: { type: 'string', enum: ['automatic', 'automatic_async', 'manual'] },
  description: text(),
  metadata,
};
const CUSTOMER = { email: text(), name: text(), phone: text(), description: text(), address: { type: 'object' }, metadata };

export const STRIPE_OPERATIONS: readonly StripeOperation[] = [
  post('createPayment', 'Create a payment', '/v1/payment_intents', input(PAYMENT, ['currency']), {
    ...{ tagged: true, lookup: 'findPayment', undo: 'cancelPayment' },
  }),
  post('confirmPayment', 'Confirm a payment', '/v1/payment_intents/{id}/confirm', byId('pi_', { payment_method: text('pm_...') }), {
    lookup: 'wasConfirmed',
  }),
  post('capturePayment', 'Capture a payment', '/v1/payment_intents/{id}/capture', byId('pi_', { amount_to_capture: AMOUNT }), {
    ...{ lookup: 'wasCaptured', undo: 'createRefund' },
  }),
  post('cancelPayment', 'Cancel a payment', '/v1/payment_intents/{id}/cancel', byId('pi_', { cancellation_reason: text() }), {
    lookup: 'wasCancelled',
  }),
  get('getPayment', 'Show a payment', '/v1/payment_intents/{id}', byId('pi_')),
  get('listPayments', 'List payments', '/v1/payment_intents', LIST),
  get('findPayment', 'Find a payment', '/v1/payment_intents/search', SEARCH, { finds: { by: 'search' } }),
  get('wasConfirmed', 'Whether a payment was confirmed', '/v1/payment_intents/{id}', byId('pi_'), {
    finds: { by: 'status', done: ['succeeded', 'processing', 'requires_capture', 'requires_action'] },
  }),
  get('wasCaptured', 'Whether a payment was captured', '/v1/payment_intents/{id}', byId('pi_'), {
    finds: { by: 'status', done: ['succeeded'] },
  }),
  get('wasCancelled', 'Whether a payment was cancelled', '/v1/payment_intents/{id}', byId('pi_'), {
    finds: { by: 'status', done: ['canceled'] },
  }),

  post(
    'createRefund',
    'Refund a payment',
    '/v1/refunds',
    input({
      ...{ payment_intent: text('pi_...'), charge: text('ch_...'), amount: AMOUNT, amountDecimal: AMOUNT_DECIMAL },
      ...{ currency: text('Needed with amountDecimal'), reason: text(), metadata },
    }),
    { tagged: true, lookup: 'findRefund' },
  ),
  get('getRefund', 'Show a refund', '/v1/refunds/{id}', byId('re_')),
  get('listRefunds', 'List refunds', '/v1/refunds', LIST),
  get('findRefund', 'Find the refund this delivery made', '/v1/refunds', input({ payment_intent: text(), charge: text() }), {
    finds: { by: 'list', fields: ['payment_intent', 'charge'] },
  }),

  post('createCustomer', 'Create a customer', '/v1/customers', input(CUSTOMER), { tagged: true, lookup: 'findCustomer' }),
  post('updateCustomer', 'Change a customer', '/v1/customers/{id}', byId('cus_', CUSTOMER), { idempotent: 'always' }),
  get('getCustomer', 'Show a customer', '/v1/customers/{id}', byId('cus_')),
  get('listCustomers', 'List customers', '/v1/customers', LIST),
  get('findCustomer', 'Find a customer', '/v1/customers/search', SEARCH, { finds: { by: 'search' } }),

  post(
    'createInvoice',
    'Create an invoice (a draft)',
    '/v1/invoices',
    input({
      customer: text('cus_...'),
      auto_advance: { type: 'boolean' },
      collection_method: text(),
      days_until_due: whole('Days'),
      metadata,
    }),
    { tagged: true, lookup: 'findInvoice', undo: 'voidInvoice' },
  ),
  post(
    'createInvoiceItem',
    'Add a line to an invoice',
    '/v1/invoiceitems',
    input({
      customer: text(),
      invoice: text('in_...'),
      amount: AMOUNT,
      amountDecimal: AMOUNT_DECIMAL,
      currency: text(),
      description: text(),
      metadata,
    }),
    { tagged: true, lookup: 'findInvoiceItem' },
  ),
  get('findInvoiceItem', 'Find the line this delivery added', '/v1/invoiceitems', input({ customer: text(), invoice: text() }), {
    finds: { by: 'list', fields: ['customer', 'invoice'] },
  }),
  post('finalizeInvoice', 'Finalize an invoice', '/v1/invoices/{id}/finalize', byId('in_'), {
    lookup: 'wasFinalized',
    undo: 'voidInvoice',
  }),
  post('payInvoice', 'Pay an invoice', '/v1/invoices/{id}/pay', byId('in_', { paid_out_of_band: { type: 'boolean' } }), {
    lookup: 'wasPaid',
  }),
  post('voidInvoice', 'Void an invoice', '/v1/invoices/{id}/void', byId('in_'), { lookup: 'wasVoided' }),
  get('getInvoice', 'Show an invoice', '/v1/invoices/{id}', byId('in_')),
  get('listInvoices', 'List invoices', '/v1/invoices', LIST),
  get('findInvoice', 'Find an invoice', '/v1/invoices/search', SEARCH, { finds: { by: 'search' } }),
  get('wasFinalized', 'Whether an invoice was finalized', '/v1/invoices/{id}', byId('in_'), {
    finds: { by: 'status', done: ['open', 'paid', 'void', 'uncollectible'] },
  }),
  get('wasPaid', 'Whether an invoice was paid', '/v1/invoices/{id}', byId('in_'), { finds: { by: 'status', done: ['paid'] } }),
  get('wasVoided', 'Whether an invoice was voided', '/v1/invoices/{id}', byId('in_'), { finds: { by: 'status', done: ['void'] } }),
];

const BY_NAME: ReadonlyMap<string, StripeOperation> = new Map(STRIPE_OPERATIONS.map((operation) => [operation.name, operation]));

export function stripeOperation(name: string): StripeOperation | null {
  return BY_NAME.get(name) ?? null;
}

/** The key in the metadata of created objects under which the delivery is found again. */
export const TAG = 'nave_delivery';
