/** Compares what was sent with what the systems have: the other side of the accounting. Pure. */

import type { Contact } from '../systems/crm/index.ts';
import type { Account } from '../systems/directory/index.ts';
import type { Invoice } from '../systems/erp/index.ts';
import type { EmployeeEvent } from '../systems/hr/employee-event.ts';
import type { ShortMessage } from '../systems/messenger/index.ts';
import type { PaymentFacts } from '../systems/payments/payment-intent.ts';
import type { ShopOrder } from '../systems/shop/order.ts';
import { invoiceNumber } from '../watch/subject.ts';

/** Something that was sent, and where the hub says each route's delivery stands. */
export interface Booked<T> {
  sent: T;
  states: Readonly<Record<string, string>>;
}

export interface Books {
  orders: readonly Booked<ShopOrder>[];
  payments: readonly Booked<PaymentFacts>[];
  employees: readonly Booked<EmployeeEvent>[];
  invoices: readonly Invoice[];
  contacts: readonly Contact[];
  accounts: readonly Account[];
  messages: readonly ShortMessage[];
}

export interface BookCheck {
  /** "ERP has each order's invoice exactly once" */
  title: string;
  /** How many things were compared. */
  compared: number;
  problems: string[];
}

const CENT = 0.006;

export function checkBooks(books: Books): BookCheck[] {
  return [checkInvoices(books), checkPayments(books), checkContacts(books), checkAccounts(books), checkWelcomes(books)];
}

function checkInvoices({ orders, invoices }: Books): BookCheck {
  const problems: string[] = [];
  for (const { sent, states } of orders) {
    const expected = states['order-to-invoice'] === 'succeeded' ? 1 : 0;
    const found = invoices.filter(({ order }) => order === sent.number);
    if (found.length !== expected) problems.push(`order ${sent.number}: ${found.length} invoices instead of ${expected}`);
    const [invoice] = found;
    if (!invoice) continue;
    if (invoice.number !== invoiceNumber(sent.number, sent.placed_at))
      problems.push(`order ${sent.number}: invoice has number ${invoice.number}`);
    if (Math.abs(invoice.total - sent.total) > CENT || invoice.currency !== sent.currency)
      problems.push(`invoice ${invoice.number}: another amount`);
    if (invoice.customer !== fullName(sent.customer)) problems.push(`invoice ${invoice.number}: another customer`);
  }
  return {
    title: 'ERP has one invoice per order, with its amount and customer (none for free samples)',
    compared: orders.length,
    problems,
  };
}

function checkPayments({ orders, payments, invoices }: Books): BookCheck {
  const problems: string[] = [];
  const booked = new Map<string, Booked<PaymentFacts>>();
  for (const payment of payments) booked.set(payment.sent.orderNumber, payment);
  for (const { sent: order } of orders) {
    const invoice = invoices.find((one) => one.order === order.number);
    const payment = booked.get(order.number);
    const expected = payment?.states['payment-to-invoice'] === 'succeeded';
    if (!invoice) {
      if (expected) problems.push(`order ${order.number}: paid, but there is no invoice`);
      continue;
    }
    if (invoice.paid !== expected)
      problems.push(`invoice ${invoice.number}: ${invoice.paid ? 'paid' : 'not paid'}, expected ${expected ? 'paid' : 'not paid'}`);
    const references = invoice.payments.map(({ reference }) => reference);
    if (expected && (references.length !== 1 || references[0] !== payment?.sent.intentId))
      problems.push(`invoice ${invoice.number}: other payments on it`);
    if (!expected && references.length > 0) problems.push(`invoice ${invoice.number}: payments nobody sent`);
  }
  return { title: 'ERP has as paid exactly the invoices whose payment came, each payment once', compared: orders.length, problems };
}

function checkContacts({ orders, contacts }: Books): BookCheck {
  const problems: string[] = [];
  const customers = new Map(
    orders.filter(({ states }) => states['order-to-contact'] === 'succeeded').map(({ sent }) => [sent.customer.id, sent.customer]),
  );
  for (const [id, customer] of customers) {
    const found = contacts.filter((contact) => contact.id === id);
    if (found.length !== 1) problems.push(`customer ${id}: ${found.length} contacts instead of 1`);
    if (found[0] && (found[0].name !== fullName(customer) || found[0].email !== customer.email))
      problems.push(`customer ${id}: another name or mail`);
  }
  return { title: 'CRM has one contact per customer, letter by letter', compared: customers.size, problems };
}

function checkAccounts({ employees, accounts }: Books): BookCheck {
  const problems: string[] = [];
  const hired = employees.filter(({ sent, states }) => sent.event === 'employee.hired' && states['hired-to-account'] === 'succeeded');
  const gone = new Set(
    employees
      .filter(({ sent, states }) => sent.event === 'employee.left' && states['left-to-disabled'] === 'succeeded')
      .map(({ sent }) => sent.employee.login),
  );
  for (const { sent } of hired) {
    const { login } = sent.employee;
    const account = accounts.find((one) => one.login === login);
    if (!account) problems.push(`${login}: no account`);
    else if (account.name !== fullName(sent.employee)) problems.push(`${login}: another name`);
    else if (account.enabled === gone.has(login))
      problems.push(`${login}: ${account.enabled ? 'enabled although gone' : 'disabled although hired'}`);
  }
  return { title: 'Directory has an account per person hired, disabled for those who left', compared: hired.length, problems };
}

function checkWelcomes({ employees, messages }: Books): BookCheck {
  const problems: string[] = [];
  const hired = employees.filter(({ sent }) => sent.event === 'employee.hired');
  for (const { sent, states } of hired) {
    const expected = states['hired-to-welcome'] === 'succeeded' ? 1 : 0;
    const found = messages.filter(({ to, text }) => to === sent.employee.phone && text.includes(sent.employee.first_name)).length;
    if (found !== expected) problems.push(`${sent.employee.login}: ${found} welcomes instead of ${expected}`);
  }
  return { title: 'Messenger delivered one welcome per person hired, except the dead one', compared: hired.length, problems };
}

function fullName({ first_name, last_name }: { first_name: string; last_name: string }): string {
  return `${first_name} ${last_name}`;
}
