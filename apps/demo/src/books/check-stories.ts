/** Compares what was sent to the blueprints with what Pohoda, HubSpot and Active Directory have. Pure. */
import type { NamedSystems } from '../systems/named/index.ts';
import {
  type LeadSubmitted,
  type OrderPaid,
  type OrderPlaced,
  type PersonChanged,
  type StoryEvent,
  totalOf,
} from '../systems/named/story-event.ts';
import type { BookCheck } from './check-books.ts';

export interface StoryBooks {
  /** Accepted events in the order of their acknowledgement, and whether all their deliveries were made. */
  events: readonly { sent: StoryEvent; completed: boolean }[];
  invoices: ReturnType<NamedSystems['invoices']>;
  contacts: ReturnType<NamedSystems['contacts']>;
  accounts: ReturnType<NamedSystems['accounts']>;
}

const GROUPS_AFTER = {
  'employee.hired': 'All Staff, Sales, VPN',
  'employee.moved': 'All Staff, Finance, Managers',
  'employee.left': '',
} as const;

export function checkStories(books: StoryBooks): BookCheck[] {
  return [checkInvoices(books), checkContacts(books), checkAccounts(books)];
}

function checkInvoices({ events, invoices }: StoryBooks): BookCheck {
  const problems: string[] = [];
  const done = events.filter(({ completed }) => completed).map(({ sent }) => sent);
  const orders = done.filter((sent): sent is OrderPlaced => sent.story === 'order');
  const paid = new Set(done.filter((sent): sent is OrderPaid => sent.story === 'payment').map(({ number }) => number));
  for (const { spoke, number, quantity } of orders) {
    const found = invoices.filter(({ extId }) => extId === `${spoke}-${number}`);
    const expected = paid.has(number) ? 0 : totalOf(quantity);
    if (found.length !== 1) problems.push(`order ${number}: ${found.length} invoices in Pohoda instead of 1`);
    else if (found[0]?.toPay !== expected)
      problems.push(`order ${number}: ${found[0]?.toPay ?? '-'} hundredths to pay instead of ${expected}`);
  }
  if (invoices.length > orders.length) problems.push(`${invoices.length - orders.length} invoices nobody ordered`);
  return { title: 'Pohoda has each order as one invoice, settled where Stripe was paid', compared: orders.length, problems };
}

function checkContacts({ events, contacts }: StoryBooks): BookCheck {
  const problems: string[] = [];
  const leads = events.flatMap(({ sent, completed }) => (completed && sent.story === 'lead' ? [sent] : []));
  // The last submission of a person is what stays, except for what it left empty.
  const people = new Map<string, LeadSubmitted>();
  for (const lead of leads) {
    const email = lead.email.trim().toLowerCase();
    people.set(email, lead.company === '' ? { ...lead, company: people.get(email)?.company ?? '' } : lead);
  }
  for (const [email, lead] of people) {
    const found = contacts.filter((contact) => contact['email']?.trim().toLowerCase() === email);
    if (found.length !== 1) problems.push(`${email}: ${found.length} contacts instead of 1`);
    const [contact] = found;
    if (contact && (contact['lastname'] !== lead.lastName || (contact['company'] ?? '') !== lead.company))
      problems.push(`${email}: another name or company`);
  }
  if (contacts.length > people.size) problems.push(`${contacts.length - people.size} contacts nobody asked for`);
  return { title: 'HubSpot has one contact per person, however the address was typed', compared: leads.length, problems };
}

function checkAccounts({ events, accounts }: StoryBooks): BookCheck {
  const problems: string[] = [];
  const changes = events.flatMap(({ sent, completed }) => (completed && sent.story === 'person' ? [sent] : []));
  const last = new Map<string, PersonChanged>();
  const order = ['employee.hired', 'employee.moved', 'employee.left'] as const;
  for (const change of changes) {
    const { number } = change.employee;
    const earlier = last.get(number);
    if (!earlier || order.indexOf(change.event) > order.indexOf(earlier.event)) last.set(number, change);
  }
  for (const [number, { event, employee }] of last) {
    const found = accounts.filter(({ employeeId }) => employeeId === number);
    const [account] = found;
    if (found.length !== 1 || !account) problems.push(`${number}: ${found.length} accounts instead of 1`);
    else if (account.userName !== employee.login) problems.push(`${number}: another user name`);
    else if (account.enabled !== (event !== 'employee.left'))
      problems.push(`${number}: ${account.enabled ? 'enabled although gone' : 'disabled'}`);
    else if (account.groups.join(', ') !== GROUPS_AFTER[event]) problems.push(`${number}: in the groups ${account.groups.join(', ')}`);
  }
  return {
    title: 'Active Directory has an account per person in the right groups; who left has no access',
    compared: changes.length,
    problems,
  };
}
