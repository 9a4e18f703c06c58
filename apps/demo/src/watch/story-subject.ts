/** How lines about the blueprints read. */
import type { StoryEvent } from '../systems/named/story-event.ts';
import type { Subject } from './subject.ts';

export function storySubject(event: StoryEvent): Subject {
  if (event.story === 'order') {
    const what = event.spoke === 'eshop' ? `order ${event.number}` : `SOAP ${event.number}`;
    const targets = { 'order-to-pohoda-invoice': 'invoice', 'legacy-order-to-pohoda-invoice': 'invoice' };
    return { ...about(what, `${event.firstName} ${event.lastName}`), targets };
  }
  if (event.story === 'payment')
    return { ...about(`paid ${event.number}`, event.buyer), targets: { 'payment-to-pohoda-paid': `${event.number} paid` } };
  if (event.story === 'lead') return { ...about('lead', event.email), targets: { 'lead-to-hubspot-contact': `contact ${event.lastName}` } };
  const { number, first_name, last_name, position } = event.employee;
  // Routes with several steps show the step.
  return {
    ...about(`${event.event.replace('employee.', '')} ${number}`, `${first_name} ${last_name}, ${position}`),
    targets: { 'left-to-ad-disabled': 'every access off', 'left-to-ad-closed': 'nothing left open' },
  };
}

const about = (what: string, who: string) => ({ what, who });
