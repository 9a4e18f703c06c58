import { describe, expect, it } from 'vitest';
import type { StoryEvent } from '../systems/named/story-event.ts';
import { checkStories, type StoryBooks } from './check-stories.ts';

const names = { firstName: 'Jana', lastName: 'Nová' };
const order: StoryEvent = {
  story: 'order',
  spoke: 'eshop',
  id: 'm',
  number: 'B-1',
  placedAt: '2026-11-21T08:00:00Z',
  ...names,
  email: 'j@x.cz',
  quantity: 2,
};
const payment: StoryEvent = { story: 'payment', number: 'B-1', buyer: 'Jana', amount: 71_925 };
const lead: StoryEvent = { story: 'lead', id: 'f', email: ' J@X.cz', ...names, company: 'A' };
const employee = {
  ...{ number: 'P-1', first_name: 'Jana', last_name: 'Nová', login: 'jana', email: 'j@x.cz', phone: '1' },
  ...{ department: 'Sales', position: 'Account manager' },
};
const hired: StoryEvent = { story: 'person', id: 'h', event: 'employee.hired', employee };
const left: StoryEvent = { story: 'person', id: 'l', event: 'employee.left', employee };
const account = { employeeId: 'P-1', userName: 'jana', enabled: true, groups: ['All Staff', 'Sales', 'VPN'], place: 'Staff' };

function problems(events: StoryEvent[], books: Partial<StoryBooks>): string[] {
  const all = { events: events.map((sent) => ({ sent, completed: true })), invoices: [], contacts: [], accounts: [], ...books };
  return checkStories(all).flatMap((check) => check.problems);
}

describe('the books of the blueprints', () => {
  it('match when every system has what was sent', () => {
    const invoices = [{ number: '1', extId: 'eshop-B-1', toPay: 0 }];
    const contacts = [{ email: 'j@x.cz', lastname: 'Nová', company: 'A' }];
    const accounts = [{ ...account, enabled: false, groups: [], place: 'Leavers' }];
    expect(problems([order, payment, lead, hired, left], { invoices, contacts, accounts })).toEqual([]);
  });

  it.each<[string, StoryEvent[], Partial<StoryBooks>]>([
    ['an invoice that is missing', [order], {}],
    ['an invoice twice', [order], { invoices: [1, 2].map(() => ({ number: '1', extId: 'eshop-B-1', toPay: 71_925 })) }],
    ['an invoice paid although nobody paid', [order], { invoices: [{ number: '1', extId: 'eshop-B-1', toPay: 0 }] }],
    ['an invoice over another sum', [order], { invoices: [{ number: '1', extId: 'eshop-B-1', toPay: 71_924 }] }],
    ['a contact twice', [lead], { contacts: [1, 2].map(() => ({ email: 'j@x.cz', lastname: 'Nová', company: 'A' })) }],
    ['a contact nobody asked for', [], { contacts: [{ email: 'x@x.cz' }] }],
    ['an account open although its owner left', [hired, left], { accounts: [account] }],
    ['an account in another group', [hired], { accounts: [{ ...account, groups: ['All Staff'] }] }],
  ])('tell of %s', (_case, events, books) => {
    expect(problems(events, books)).not.toEqual([]);
  });
});
