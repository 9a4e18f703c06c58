/** The simulated ERP: books invoices whose sums are right, and payments on them. */

import { fieldAt, listAt, numberAt, textAt } from '../kit/field.ts';
import { createIdempotentAnswers } from '../kit/idempotent-answers.ts';
import { type SimulatedSystem, startSystem } from '../kit/simulated-system.ts';

export interface Invoice {
  number: string;
  order: string;
  customer: string;
  currency: string;
  total: number;
  paid: boolean;
  payments: { reference: string; amount: number }[];
}

export interface Erp extends SimulatedSystem {
  /** In the order of booking; a number booked twice would be there twice. */
  invoices(): readonly Invoice[];
}

/** Sums may differ by rounding: half a smallest unit for each line. */
const ROUNDING_PER_LINE = 0.006;
const ROUNDING_PER_LINE_WHOLE_UNITS = 0.6;
const WHOLE_UNITS = new Set(['VND', 'JPY', 'KRW']);

/**
 * `POST /invoices` books (201; the same `Idempotency-Key` again: the first answer; a number that is taken: 409; sums that do not add up: 422),
 * `POST /invoices/{number}/payments` books a payment (404 while there is no such invoice), `GET /invoices/{number}` reads. All need the bearer token.
 */
export async function startErp({ token }: { token: string }): Promise<Erp> {
  const invoices: Invoice[] = [];
  const answers = createIdempotentAnswers();
  const find = (number: string) => invoices.find((invoice) => invoice.number === number);

  const system = await startSystem({
    name: 'erp',
    title: 'ERP',
    state: () => ({ invoices, repeats: answers.repeats() }),
    tables: () => [
      {
        title: 'Invoices',
        columns: ['Invoice', 'Order', 'Customer', 'Total', 'Paid'],
        rows: [...invoices]
          .reverse()
          .map(({ number, order, customer, total, currency, paid }) => [
            number,
            order,
            customer,
            `${total} ${currency}`,
            paid ? 'yes' : 'no',
          ]),
      },
    ],
    routes(app) {
      app.addHook('onRequest', async (request, reply) => {
        if (request.headers.authorization !== `Bearer ${token}`) return reply.code(401).send({ error: 'unauthorized' });
      });
      app.post('/invoices', (request, reply) =>
        answers.once(request, reply, () => {
          const invoice = readInvoice(request.body);
          if (typeof invoice === 'string') return { status: 422, body: { error: invoice } };
          if (find(invoice.number)) return { status: 409, body: { error: `invoice ${invoice.number} exists` } };
          invoices.push(invoice);
          return { status: 201, body: { number: invoice.number, state: 'booked' } };
        }),
      );
      app.get<{ Params: { number: string } }>('/invoices/:number', async (request, reply) => {
        return find(request.params.number) ?? reply.code(404).send({ error: 'no such invoice' });
      });
      app.post<{ Params: { number: string } }>('/invoices/:number/payments', (request, reply) =>
        answers.once(request, reply, () => {
          const invoice = find(request.params.number);
          const amount = numberAt(request.body, 'amount');
          const reference = textAt(request.body, 'reference');
          if (!invoice) return { status: 404, body: { error: 'no such invoice' } };
          if (amount === null || reference === null) return { status: 422, body: { error: 'expected amount and reference' } };
          if (textAt(request.body, 'currency') !== invoice.currency) return { status: 422, body: { error: 'another currency' } };
          invoice.payments.push({ reference, amount });
          invoice.paid = invoice.payments.reduce((sum, payment) => sum + payment.amount, 0) >= invoice.total - ROUNDING_PER_LINE;
          return { status: 201, body: { number: invoice.number, paid: invoice.paid } };
        }),
      );
    },
  });
  return { ...system, invoices: () => invoices };
}

/** An invoice, or what is wrong with it. */
function readInvoice(body: unknown): Invoice | string {
  const number = textAt(body, 'number');
  const order = textAt(body, 'order');
  const customer = textAt(body, 'customer.name');
  const currency = textAt(body, 'currency');
  const total = numberAt(body, 'total');
  const lines = listAt(body, 'lines');
  if (number === null || order === null || customer === null || currency === null || total === null)
    return 'expected number, order, customer, currency and total';
  if (!Array.isArray(fieldAt(body, 'lines')) || lines.length === 0) return 'expected a list of lines';
  let sum = 0;
  for (const line of lines) {
    const [quantity, price, rate] = [numberAt(line, 'quantity'), numberAt(line, 'unitPrice'), numberAt(line, 'vatRate')];
    if (quantity === null || price === null || rate === null || textAt(line, 'text') === null)
      return 'expected text, quantity, unitPrice and vatRate in each line';
    sum += quantity * price * (1 + rate / 100);
  }
  const rounding = WHOLE_UNITS.has(currency) ? ROUNDING_PER_LINE_WHOLE_UNITS : ROUNDING_PER_LINE;
  if (Math.abs(sum - total) > rounding * lines.length) return 'the lines do not add up to the total';
  return { number, order, customer, currency, total, paid: false, payments: [] };
}
