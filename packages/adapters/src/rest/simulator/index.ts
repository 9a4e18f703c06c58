/** A small ERP with a REST API, for the demo and the tests: invoices, a bearer key, idempotency keys. */
import { type SimulatedAnswer, type SimulatedRequest, type Simulator, startSimulator } from '../../simulator-kit/start-simulator.ts';

export interface ErpSimulator extends Simulator {
  /** What was booked, by number, in the order of booking. */
  invoices(): readonly ErpInvoice[];
  /** Every payment that was booked, in the order of booking: one reference twice is money spent twice. */
  payments(): readonly ErpPayment[];
}

export interface ErpPayment {
  reference: string;
  /** What the caller sent. */
  content: unknown;
}

export interface ErpInvoice {
  number: string;
  cancelled: boolean;
  /** What the caller sent. */
  content: unknown;
}

export interface ErpOptions {
  port?: number;
  /** The bearer token callers need; none asked for when absent. */
  token?: string;
}

/**
 * `POST /invoices/{number}` books (201; the same `Idempotency-Key` again: the first answer; a number that is taken: 409), `GET /invoices/{number}`
 * reads, `DELETE /invoices/{number}` cancels, `GET /` says who it is. `POST /payments/{reference}` books a payment each time it is asked to, whatever the key;
 * `GET /payments/{reference}` finds the first one (404: none).
 */
export async function startErpSimulator({ port, token }: ErpOptions = {}): Promise<ErpSimulator> {
  const invoices = new Map<string, ErpInvoice>();
  const answered = new Map<string, SimulatedAnswer>();
  const payments: ErpPayment[] = [];

  function answer(request: SimulatedRequest): SimulatedAnswer {
    if (token !== undefined && request.headers['authorization'] !== `Bearer ${token}`) return json(401, { error: 'unauthorized' });
    const { pathname } = new URL(request.target, 'http://erp.invalid');
    const [, resource, number, ...rest] = pathname.split('/').map(decodeURIComponent);
    if (pathname === '/') return json(200, { system: 'erp' });
    if (resource === 'payments' && number !== undefined && number !== '' && rest.length === 0) return payment(number, request);
    if (resource !== 'invoices' || number === undefined || number === '' || rest.length > 0) return json(404, { error: 'not found' });
    return request.method === 'POST' ? once(request, () => book(number, request)) : existing(number, request.method);
  }

  function once(request: SimulatedRequest, act: () => SimulatedAnswer): SimulatedAnswer {
    const key = request.headers['idempotency-key'];
    const earlier = key === undefined ? undefined : answered.get(key);
    if (earlier) return earlier;
    const given = act();
    if (key !== undefined) answered.set(key, given);
    return given;
  }

  function book(number: string, { body, headers }: SimulatedRequest): SimulatedAnswer {
    if (invoices.has(number)) return json(409, { error: 'exists', number });
    const content = contentOf(body, headers['content-type'] ?? '');
    if (content === undefined) return json(400, { error: 'not JSON' });
    invoices.set(number, { number, cancelled: false, content });
    return json(201, { number, state: 'booked' });
  }

  function payment(reference: string, { method, body, headers }: SimulatedRequest): SimulatedAnswer {
    if (method === 'GET') {
      const number = payments.findIndex((each) => each.reference === reference) + 1;
      return number === 0 ? json(404, { error: 'no such payment', reference }) : json(200, { reference, payment: number });
    }
    if (method !== 'POST') return { ...json(405, { error: 'method' }), headers: { Allow: 'GET, POST' } };
    const content = contentOf(body, headers['content-type'] ?? '');
    if (content === undefined) return json(400, { error: 'not JSON' });
    payments.push({ reference, content });
    return json(201, { reference, payment: payments.length });
  }

  function existing(number: string, method: string): SimulatedAnswer {
    const invoice = invoices.get(number);
    if (!invoice) return json(404, { error: 'no such invoice', number });
    if (method === 'DELETE') invoices.set(number, { ...invoice, cancelled: true });
    else if (method !== 'GET') return { ...json(405, { error: 'method' }), headers: { Allow: 'GET, POST, DELETE' } };
    return json(200, { number, state: invoice.cancelled || method === 'DELETE' ? 'cancelled' : 'booked' });
  }

  const simulator = await startSimulator(answer, port);
  return { ...simulator, invoices: () => [...invoices.values()], payments: () => [...payments] };
}

function json(status: number, body: unknown): SimulatedAnswer {
  return { status, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
}

/** The body as data; text for anything that does not say it is JSON; undefined for JSON that is none. */
function contentOf(body: Buffer, contentType: string): unknown {
  const text = body.toString('utf8');
  if (!contentType.includes('json')) return text;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
