/**
 * A Stripe account, for the demo and the tests: payments, refunds, customers, invoices, events, idempotency keys, signed webhooks. It behaves as the real one does
 * where that catches naive callers: answers are repeated under a key (500s too), another body under the same key is refused, declines are 402, webhooks get lost.
 */
import { createHash } from 'node:crypto';
import { type SimulatedAnswer, type SimulatedRequest, type Simulator, startSimulator } from '../../simulator-kit/start-simulator.ts';
import { formTree } from './form-tree.ts';
import * as moves from './objects.ts';
import { pageOf, searchOf } from './pages.ts';
import { sendWebhook, type WebhookEndpoint } from './webhooks.ts';

export { signWebhook } from './webhooks.ts';

export interface StripeOptions {
  port?: number;
  /** The key callers need; default `sk_test_simulated`. */
  secretKey?: string;
  webhook?: WebhookEndpoint;
  /** Ids count on from here: a hub that remembers an earlier account is not told the same ones again. Default 0. */
  lastId?: number;
  /** Milliseconds since the epoch. */
  now?: () => number;
}

export interface StripeSimulator extends Simulator {
  /** Objects of a collection (`payment_intents`, `refunds`, `customers`, `invoices`, `events`), oldest first. */
  list(collection: string): readonly moves.StripeObject[];
  /** A customer pays in the shop's checkout: a payment that no caller of the API made. */
  pay(amount: number, currency: string, metadata?: Record<string, string>): moves.StripeObject;
  /** From now on webhooks get lost, or no longer. */
  loseWebhooks(lost: boolean): void;
  /** Sends the webhooks that were lost, as Stripe does for up to three days. */
  sendLostWebhooks(): void;
  /** Resolves when every webhook under way was answered; their statuses, null where nobody did. */
  webhooksSent(): Promise<(number | null)[]>;
  /** Where webhooks go from now on. */
  setWebhook(endpoint: WebhookEndpoint): void;
  /** The next writes are answered with 500, and so is every repeat under their keys. `applied`: after they took effect. */
  breakWrites(times: number, applied: boolean): void;
  /** The next requests are answered with this: 429 `rate_limit`, 429 `lock_timeout`, or 409 of a key in use. */
  refuse(reason: 'rate_limit' | 'lock_timeout' | 'idempotency_key_in_use', times: number): void;
  /** Forgets idempotency keys, as Stripe may after 24 hours. */
  pruneKeys(): void;
  /** Drops events older than so many of the newest, as Stripe does after 30 days. */
  forgetEvents(keep: number): void;
  /** An event as it would be with this time, e.g. of a test clock. */
  emitAt(type: string, created: number): moves.StripeObject;
}

const PREFIXES = { payment_intents: 'pi', refunds: 're', customers: 'cus', invoices: 'in', invoiceitems: 'ii', events: 'evt' } as const;
const VERSION = /^\d{4}-\d{2}-\d{2}(\.[a-z]+)?$/;

const REFUSALS = {
  rate_limit: { status: 429, type: 'invalid_request_error', code: 'rate_limit', message: 'Too many requests. Please try again later.' },
  lock_timeout: {
    ...{ status: 429, type: 'invalid_request_error', code: 'lock_timeout' },
    message: 'This object cannot be accessed right now because another API request or Stripe process is currently accessing it.',
  },
  idempotency_key_in_use: {
    ...{ status: 409, type: 'idempotency_error', code: 'idempotency_key_in_use' },
    message: 'There is currently another in-progress request using this Stripe idempotency key.',
  },
} as const;

export async function startStripeSimulator(options: StripeOptions = {}): Promise<StripeSimulator> {
  const { secretKey = 'sk_test_simulated', now = Date.now } = options;
  const collections = new Map(Object.keys(PREFIXES).map((name) => [name, new Map<string, moves.StripeObject>()]));
  const keys = new Map<string, { digest: string; answer: SimulatedAnswer }>();
  const sent: Promise<number | null>[] = [];
  let webhook: WebhookEndpoint | null = options.webhook ?? null;
  const unsent: moves.StripeObject[] = [];
  let lost = false;
  let broken = { times: 0, applied: false };
  let refused: { reason: keyof typeof REFUSALS; times: number } = { reason: 'rate_limit', times: 0 };
  let made = options.lastId ?? 0;

  const seconds = () => Math.floor(now() / 1_000);
  const collection = (name: string) => collections.get(name) ?? new Map<string, moves.StripeObject>();

  const ledger: moves.Ledger = {
    collections: Object.fromEntries(collections),
    make(object, prefix, fields) {
      made += 1;
      const id = `${prefix}_${String(made).padStart(14, '0')}`;
      const fresh: moves.StripeObject = { ...fields, id, object, created: seconds(), livemode: false };
      const name = Object.entries(PREFIXES).find(([, each]) => each === prefix)?.[0] ?? '';
      collection(name).set(id, fresh);
      return fresh;
    },
    emit(type, object) {
      emit(type, object, seconds());
    },
  };

  function emit(type: string, object: object, created: number): moves.StripeObject {
    const event = ledger.make('event', 'evt', { type, api_version: '2025-03-31.basil', data: { object: structuredClone(object) } });
    event.created = created;
    if (lost) unsent.push(event);
    else if (webhook !== null) sent.push(sendWebhook(webhook, event, seconds()));
    return event;
  }

  function answer(request: SimulatedRequest): SimulatedAnswer {
    const url = new URL(request.target, 'http://stripe.invalid');
    const key = request.headers['authorization'];
    if (key !== `Bearer ${secretKey}` && key !== `Basic ${Buffer.from(`${secretKey}:`).toString('base64')}`)
      return failure({ status: 401, type: 'invalid_request_error', message: 'Invalid API Key provided: sk_test_***' });
    const version = request.headers['stripe-version'];
    if (version !== undefined && !VERSION.test(version))
      return failure({ status: 400, type: 'invalid_request_error', message: `Invalid Stripe API version: ${version}` });
    if (refused.times > 0) {
      refused.times -= 1;
      return failure(REFUSALS[refused.reason], refused.reason === 'idempotency_key_in_use' ? { 'Stripe-Should-Retry': 'true' } : {});
    }
    return request.method === 'POST' ? once(request, url) : read(request.method, url);
  }

  /** docs.stripe.com/api/idempotent_requests: what was executed is remembered, what failed validation is not. */
  function once(request: SimulatedRequest, url: URL): SimulatedAnswer {
    const key = request.headers['idempotency-key'];
    const digest = createHash('sha256').update(`${url.pathname}\n`).update(request.body).digest('hex');
    const earlier = key === undefined ? undefined : keys.get(key);
    if (earlier !== undefined && earlier.digest !== digest)
      return failure({
        ...{ status: 400, type: 'idempotency_error' },
        message: 'Keys for idempotent requests can only be used with the same parameters they were first used with.',
      });
    if (earlier !== undefined) return { ...earlier.answer, headers: { ...earlier.answer.headers, 'Idempotent-Replayed': 'true' } };
    const fields = formTree(request.body.toString('utf8'));
    if (fields === null) return failure({ status: 400, type: 'invalid_request_error', message: 'Invalid form' });
    const breaks = broken.times > 0;
    if (breaks) broken.times -= 1;
    const result = breaks && !broken.applied ? null : write(url.pathname, fields);
    if (result !== null && !result.ok && result.error.status !== 402) return failure(result.error);
    const given =
      breaks || result === null
        ? failure({ status: 500, type: 'api_error', message: 'An unknown error occurred' }, { 'Stripe-Should-Retry': 'false' })
        : result.ok
          ? json(200, result.object)
          : failure(result.error);
    if (key !== undefined) keys.set(key, { digest, answer: given });
    return given;
  }

  function write(path: string, fields: moves.Fields): moves.Result {
    const [, , name = '', id, action] = path.split('/');
    if (id === undefined) {
      if (name === 'payment_intents') return moves.createPayment(ledger, fields);
      if (name === 'refunds') return moves.createRefund(ledger, fields);
      if (name === 'customers') return create('customer', 'cus', { metadata: {}, ...fields }, 'customer.created');
      if (name === 'invoiceitems') return create('invoiceitem', 'ii', { metadata: {}, ...fields }, 'invoiceitem.created');
      if (name === 'invoices') return create('invoice', 'in', { metadata: {}, ...fields, status: 'draft' }, 'invoice.created');
      return moves.invalid(`Unrecognized request URL (POST: ${path}).`);
    }
    const object = collection(name).get(id);
    if (object === undefined) return moves.missing(name, id);
    if (name === 'customers' && action === undefined) {
      Object.assign(object, fields);
      ledger.emit('customer.updated', object);
      return { ok: true, object };
    }
    if (name === 'invoices' && action !== undefined) return moves.moveInvoice(ledger, object, action);
    if (name === 'payment_intents' && action === 'confirm') return moves.confirmPayment(ledger, object, fields);
    if (name === 'payment_intents' && action === 'capture') return moves.capturePayment(ledger, object, fields);
    if (name === 'payment_intents' && action === 'cancel') return moves.cancelPayment(ledger, object);
    return moves.invalid(`Unrecognized request URL (POST: ${path}).`);
  }

  function create(object: string, prefix: string, fields: moves.Fields, event: string): moves.Result {
    const fresh = ledger.make(object, prefix, fields);
    ledger.emit(event, fresh);
    return { ok: true, object: fresh };
  }

  function read(method: string, url: URL): SimulatedAnswer {
    if (method !== 'GET') return failure({ status: 405, type: 'invalid_request_error', message: 'Method not allowed' });
    const [, v1, name = '', id] = url.pathname.split('/');
    if (v1 === 'v1' && name === 'account')
      return json(200, { id: 'acct_simulated', object: 'account', country: 'CZ', charges_enabled: true, payouts_enabled: true });
    const objects = [...collection(name).values()];
    if (!collections.has(name))
      return failure({ status: 404, type: 'invalid_request_error', message: `Unrecognized request URL (GET: ${url.pathname}).` });
    if (id === 'search') {
      const found = searchOf(objects, url.searchParams.get('query') ?? '');
      return found === null ? failure({ status: 400, type: 'invalid_request_error', message: 'Invalid query' }) : json(200, found);
    }
    if (id !== undefined) {
      const object = collection(name).get(id);
      if (object !== undefined) return json(200, object);
      const none = moves.missing(name, id);
      return none.ok ? json(200, none.object) : failure(none.error);
    }
    const page = pageOf(objects, url.searchParams, url.pathname);
    return page.ok ? json(200, page.body) : failure(page.error);
  }

  function json(status: number, body: unknown, headers: Record<string, string> = {}): SimulatedAnswer {
    made += 1;
    const common = { 'Content-Type': 'application/json', 'Request-Id': `req_${made}`, Date: new Date(now()).toUTCString() };
    return { status, headers: { ...common, ...headers }, body: JSON.stringify(body) };
  }

  function failure({ status, ...error }: moves.SimulatedError, headers: Record<string, string> = {}): SimulatedAnswer {
    return json(status, { error }, headers);
  }

  const simulator = await startSimulator(answer, options.port);
  return {
    ...simulator,
    list: (name) => [...collection(name).values()],
    pay(amount, currency, metadata = {}) {
      const fields = { amount, currency, metadata, payment_method: 'pm_card_visa', status: 'succeeded', amount_received: amount };
      const payment = ledger.make('payment_intent', 'pi', fields);
      ledger.emit('payment_intent.succeeded', payment);
      return payment;
    },
    loseWebhooks(next) {
      lost = next;
    },
    sendLostWebhooks() {
      for (const event of unsent.splice(0)) if (webhook !== null) sent.push(sendWebhook(webhook, event, seconds()));
    },
    webhooksSent: () => Promise.all(sent),
    setWebhook(endpoint) {
      webhook = endpoint;
    },
    breakWrites(times, applied) {
      broken = { times, applied };
    },
    refuse(reason, times) {
      refused = { reason, times };
    },
    pruneKeys: () => keys.clear(),
    forgetEvents(keep) {
      const events = collection('events');
      for (const id of [...events.keys()].slice(0, Math.max(0, events.size - keep))) events.delete(id);
    },
    emitAt: (type, created) => emit(type, { id: 'obj', object: 'test' }, created),
    async close() {
      await simulator.close();
      await Promise.all(sent);
    },
  };
}
