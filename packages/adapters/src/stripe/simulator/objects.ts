/** What the simulated Stripe holds, and the moves its objects make. */
export type StripeObject = Record<string, unknown> & { id: string; object: string; created: number };

export interface SimulatedError {
  status: number;
  type: string;
  code?: string;
  decline_code?: string;
  param?: string;
  message: string;
}
export type Result = { ok: true; object: StripeObject } | { ok: false; error: SimulatedError };
export type Fields = Readonly<Record<string, unknown>>;

export interface Ledger {
  collections: Readonly<Record<string, Map<string, StripeObject>>>;
  make(object: string, prefix: string, fields: Fields): StripeObject;
  emit(type: string, object: StripeObject): void;
}

/** Test payment methods that are declined (docs.stripe.com/testing). */
const DECLINES: Readonly<Record<string, { code: string; decline_code?: string; message: string }>> = {
  pm_card_visa_chargeDeclined: { code: 'card_declined', decline_code: 'generic_decline', message: 'Your card was declined.' },
  pm_card_visa_chargeDeclinedInsufficientFunds: {
    ...{ code: 'card_declined', decline_code: 'insufficient_funds', message: 'Your card has insufficient funds.' },
  },
  pm_card_visa_chargeDeclinedLostCard: { code: 'card_declined', decline_code: 'lost_card', message: 'Your card was declined.' },
  pm_card_chargeDeclinedExpiredCard: { code: 'expired_card', message: 'Your card has expired.' },
  pm_card_chargeDeclinedProcessingError: { code: 'processing_error', message: 'An error occurred while processing your card.' },
};

export function invalid(message: string, param?: string, code?: string): Result {
  return {
    ok: false,
    error: { status: 400, type: 'invalid_request_error', message, ...(param ? { param } : {}), ...(code ? { code } : {}) },
  };
}

export function missing(object: string, id: string, param = 'id'): Result {
  return {
    ok: false,
    error: { status: 404, type: 'invalid_request_error', code: 'resource_missing', param, message: `No such ${object}: '${id}'` },
  };
}

const whole = (value: unknown): number | null => (typeof value === 'string' && /^\d{1,12}$/.test(value) ? Number(value) : null);

export function createPayment(ledger: Ledger, fields: Fields): Result {
  const amount = whole(fields['amount']);
  if (amount === null) return invalid('Invalid integer', 'amount', 'parameter_invalid_integer');
  if (typeof fields['currency'] !== 'string') return invalid('Missing required param: currency.', 'currency', 'parameter_missing');
  const { confirm, off_session: _, ...rest } = fields;
  const waits = fields['payment_method'] === undefined ? 'requires_payment_method' : 'requires_confirmation';
  const kept = { capture_method: 'automatic', metadata: {}, ...rest, amount, amount_received: 0, amount_capturable: 0, status: waits };
  const payment = ledger.make('payment_intent', 'pi', kept);
  ledger.emit('payment_intent.created', payment);
  return confirm === 'true' ? confirmPayment(ledger, payment, {}) : { ok: true, object: payment };
}

export function confirmPayment(ledger: Ledger, payment: StripeObject, fields: Fields): Result {
  if (!['requires_payment_method', 'requires_confirmation'].includes(String(payment['status']))) return wrongState(payment, 'confirm');
  const method = String(fields['payment_method'] ?? payment['payment_method'] ?? '');
  const decline = DECLINES[method];
  if (decline !== undefined) {
    Object.assign(payment, { status: 'requires_payment_method', payment_method: null });
    ledger.emit('payment_intent.payment_failed', payment);
    return { ok: false, error: { status: 402, type: 'card_error', ...decline } };
  }
  if (method === 'pm_card_authenticationRequired') Object.assign(payment, { status: 'requires_action' });
  else if (payment['capture_method'] === 'manual') {
    Object.assign(payment, { status: 'requires_capture', amount_capturable: payment['amount'] });
    ledger.emit('payment_intent.amount_capturable_updated', payment);
  } else succeed(ledger, payment, Number(payment['amount']));
  return { ok: true, object: payment };
}

export function capturePayment(ledger: Ledger, payment: StripeObject, fields: Fields): Result {
  if (payment['status'] !== 'requires_capture') return wrongState(payment, 'capture');
  const amount = whole(fields['amount_to_capture']) ?? Number(payment['amount']);
  if (amount > Number(payment['amount'])) return invalid('The amount to capture is larger than the amount authorized', 'amount_to_capture');
  succeed(ledger, payment, amount);
  return { ok: true, object: payment };
}

export function cancelPayment(ledger: Ledger, payment: StripeObject): Result {
  if (['succeeded', 'canceled', 'processing'].includes(String(payment['status']))) return wrongState(payment, 'cancel');
  Object.assign(payment, { status: 'canceled', amount_capturable: 0 });
  ledger.emit('payment_intent.canceled', payment);
  return { ok: true, object: payment };
}

export function createRefund(ledger: Ledger, fields: Fields): Result {
  const id = String(fields['payment_intent'] ?? '');
  const payment = ledger.collections['payment_intents']?.get(id);
  if (payment === undefined) return missing('payment_intent', id, 'payment_intent');
  const left = Number(payment['amount_received']) - Number(payment['amount_refunded'] ?? 0);
  const amount = fields['amount'] === undefined ? left : whole(fields['amount']);
  if (amount === null) return invalid('Invalid integer', 'amount', 'parameter_invalid_integer');
  if (left <= 0) return invalid(`Charge for ${id} has already been refunded.`, 'payment_intent', 'charge_already_refunded');
  if (amount > left) return invalid('Refund amount is greater than unrefunded amount on charge', 'amount');
  const refund = ledger.make('refund', 're', { metadata: {}, ...fields, amount, currency: payment['currency'], status: 'succeeded' });
  payment['amount_refunded'] = Number(payment['amount_refunded'] ?? 0) + amount;
  ledger.emit('charge.refunded', refund);
  return { ok: true, object: refund };
}

function succeed(ledger: Ledger, payment: StripeObject, amount: number): void {
  Object.assign(payment, { status: 'succeeded', amount_received: amount, amount_capturable: 0 });
  ledger.emit('payment_intent.succeeded', payment);
}

function wrongState(payment: StripeObject, what: string): Result {
  return invalid(
    `You cannot ${what} this PaymentIntent because it has a status of ${String(payment['status'])}.`,
    undefined,
    'payment_intent_unexpected_state',
  );
}

const INVOICE_MOVES: Readonly<Record<string, { from: readonly string[]; to: string; event: string }>> = {
  finalize: { from: ['draft'], to: 'open', event: 'invoice.finalized' },
  pay: { from: ['open', 'draft'], to: 'paid', event: 'invoice.paid' },
  void: { from: ['open'], to: 'void', event: 'invoice.voided' },
};

export function moveInvoice(ledger: Ledger, invoice: StripeObject, action: string): Result {
  const move = INVOICE_MOVES[action];
  if (move === undefined) return invalid('Unrecognized request URL');
  if (!move.from.includes(String(invoice['status'])))
    return invalid(`This invoice is ${String(invoice['status'])}: it cannot be changed to ${move.to}.`, undefined, 'invoice_not_editable');
  invoice['status'] = move.to;
  ledger.emit(move.event, invoice);
  return { ok: true, object: invoice };
}
