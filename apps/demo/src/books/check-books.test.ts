import { describe, expect, it } from 'vitest';
import { planTraffic } from '../traffic/plan-traffic.ts';
import { invoiceNumber } from '../watch/subject.ts';
import { type Books, checkBooks } from './check-books.ts';

/** Books that match: what the plan sends, and what systems would have after it. */
function matching(): Books {
  const plan = planTraffic({ seed: 1, run: 1, rounds: 3, roundMs: 100, startMs: 1_800_000_000_000, outage: false }).map(
    ({ happening }) => happening,
  );
  const done = { 'order-to-invoice': 'succeeded', 'order-to-contact': 'succeeded', 'payment-to-invoice': 'succeeded' };
  const hr = { 'hired-to-account': 'succeeded', 'hired-to-welcome': 'succeeded', 'left-to-disabled': 'succeeded' };
  const orders = plan.flatMap((one) =>
    one.kind === 'order' && !one.again && one.order.total > 0 ? [{ sent: one.order, states: done }] : [],
  );
  const payments = plan.flatMap((one) => (one.kind === 'payment' ? [{ sent: one.payment, states: done }] : []));
  const employees = plan.flatMap((one) => (one.kind === 'employee' ? [{ sent: one.event, states: hr }] : []));
  const hired = employees.filter(({ sent }) => sent.event === 'employee.hired').map(({ sent }) => sent.employee);
  const gone = employees.filter(({ sent }) => sent.event === 'employee.left').map(({ sent }) => sent.employee.login);
  return {
    ...{ orders, payments, employees },
    invoices: orders.map(({ sent }) => {
      const paid = payments.filter((payment) => payment.sent.orderNumber === sent.number);
      return {
        ...{ number: invoiceNumber(sent.number, sent.placed_at), order: sent.number, currency: sent.currency, total: sent.total },
        customer: `${sent.customer.first_name} ${sent.customer.last_name}`,
        paid: paid.length > 0,
        payments: paid.map((payment) => ({ reference: payment.sent.intentId, amount: sent.total })),
      };
    }),
    contacts: [...new Map(orders.map(({ sent }) => [sent.customer.id, sent.customer])).values()].map(
      ({ id, first_name, last_name, email }) => {
        return { id, name: `${first_name} ${last_name}`, email, phone: null, country: null, language: null, revision: 1 };
      },
    ),
    accounts: hired.map(({ login, first_name, last_name, email }) => {
      return { login, name: `${first_name} ${last_name}`, mail: email, department: null, enabled: !gone.includes(login) };
    }),
    messages: hired.map(({ phone, first_name }) => ({ to: phone, text: `Welcome, ${first_name}!` })),
  };
}

function problemsOf(change: (books: Books) => Partial<Books>): number {
  const books = matching();
  return checkBooks({ ...books, ...change(books) }).flatMap(({ problems }) => problems).length;
}

describe('the books', () => {
  it('match when every system has what was sent', () => {
    expect(problemsOf(() => ({}))).toBe(0);
  });

  it.each<[string, (books: Books) => Partial<Books>]>([
    ['an invoice booked twice', ({ invoices }) => ({ invoices: [...invoices, ...invoices.slice(0, 1)] })],
    ['a lost invoice', ({ invoices }) => ({ invoices: invoices.slice(1) })],
    ['another amount', ({ invoices }) => ({ invoices: invoices.map((one, at) => (at === 0 ? { ...one, total: one.total + 1 } : one)) })],
    ['a payment nobody sent', ({ payments }) => ({ payments: payments.slice(1) })],
    ['an invoice that is not marked paid', ({ invoices }) => ({ invoices: invoices.map((one) => ({ ...one, paid: false })) })],
    ['a name that lost its letters', ({ contacts }) => ({ contacts: contacts.map((one) => ({ ...one, name: 'Jana Dvo?akova' })) })],
    ['an account that was left enabled', ({ accounts }) => ({ accounts: accounts.map((one) => ({ ...one, enabled: true })) })],
    ['a welcome sent twice', ({ messages }) => ({ messages: [...messages, ...messages.slice(0, 1)] })],
    [
      'a welcome that came although its delivery is dead',
      ({ employees }) => ({ employees: employees.map((one) => ({ ...one, states: { ...one.states, 'hired-to-welcome': 'dead' } })) }),
    ],
  ])('do not match with %s', (_name, change) => {
    expect(problemsOf(change)).toBeGreaterThan(0);
  });
});
