/** What a message is about, in the words of the company: how its lines in the console read. */
import type { Happening } from '../traffic/plan-traffic.ts';
import { storySubject } from './story-subject.ts';

export interface Subject {
  /** "order O-1042" */
  what: string;
  /** "Jana Dvořáková, 1,249.00 CZK" */
  who: string;
  /** What each route makes of it: "invoice 2026-1042". */
  targets: Readonly<Record<string, string>>;
}

/** The subject of what is sent; faults are no messages. */
export function subjectOf(happening: Exclude<Happening, { kind: 'fault' }>): Subject {
  if (happening.kind === 'story') return storySubject(happening.event);
  if (happening.kind === 'order') {
    const { number, placed_at, customer, total, currency } = happening.order;
    return {
      what: `order ${number}`,
      who: `${customer.first_name} ${customer.last_name}, ${money(total, currency)}`,
      targets: { 'order-to-invoice': `invoice ${invoiceNumber(number, placed_at)}`, 'order-to-contact': `contact ${customer.id}` },
    };
  }
  if (happening.kind === 'employee') {
    const { event, employee } = happening.event;
    const { login, first_name, last_name, department } = employee;
    return {
      what: `${event === 'employee.hired' ? 'hired' : 'left'} ${employee.number}`,
      who: `${first_name} ${last_name}, ${department}`,
      targets: {
        'hired-to-account': `account ${login}`,
        'hired-to-welcome': `welcome for ${first_name}`,
        'left-to-disabled': `${login} disabled`,
      },
    };
  }
  const { orderNumber, customerName, createdSeconds, intentId } = happening.payment;
  const invoice = invoiceNumber(orderNumber, new Date(createdSeconds * 1_000).toISOString());
  return {
    what: `paid ${orderNumber}`,
    who: `${customerName}, ${intentId.slice(0, 9)}…`,
    targets: { 'payment-to-invoice': `invoice ${invoice} paid` },
  };
}

/** Order O-1042 of 2026 is invoice 2026-1042: what `nave.yaml` makes of it. */
export function invoiceNumber(orderNumber: string, placedAt: string): string {
  return `${placedAt.slice(0, 4)}-${orderNumber.replace(/^O-/, '')}`;
}

function money(amount: number, currency: string): string {
  return `${amount.toLocaleString('en', { minimumFractionDigits: currency === 'VND' ? 0 : 2 })} ${currency}`;
}
