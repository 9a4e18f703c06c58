/** The shop, the web site and the HR system that the blueprints hear from: what they send, and how each signs it. */
import { createHmac } from 'node:crypto';
import type { FaultSwitch } from '../kit/fault.ts';
import { createOutbox, type Outbox, outboxTable, type SentHook, type Signed } from '../kit/outbox.ts';
import { type SimulatedSystem, startSystem } from '../kit/simulated-system.ts';
import { signStandardWebhook } from '../shop/index.ts';
import { type LeadSubmitted, type OrderPlaced, type PersonChanged, PRICES, totalOf } from './story-event.ts';

export interface SendersOptions {
  hookUrl: (spoke: string) => string;
  signal: AbortSignal;
  secrets: { eshop: string; website: string; people: string };
}

export interface Senders extends SimulatedSystem {
  send(event: OrderPlaced | LeadSubmitted | PersonChanged): Promise<SentHook>;
}

export async function startSenders({ hookUrl, signal, secrets }: SendersOptions): Promise<Senders> {
  const faults = (): FaultSwitch => system.faults;
  const outboxOf = (spoke: string): Outbox => createOutbox({ hookUrl: () => hookUrl(spoke), signal, faults });
  const [eshop, website, people] = [outboxOf('eshop'), outboxOf('website'), outboxOf('people')];
  const system = await startSystem({
    name: 'senders',
    title: 'Shop, web, HR',
    state: () => ({ eshop: eshop.sent(), website: website.sent(), people: people.sent() }),
    tables: () => [outboxTable(eshop), outboxTable(website), outboxTable(people)],
  });
  return {
    ...system,
    send(event) {
      if (event.story === 'order') {
        const body = JSON.stringify(orderBody(event));
        return eshop.send(event.id, 'order.created', (nowMs) => signStandardWebhook(secrets.eshop, event.id, nowMs, body));
      }
      if (event.story === 'lead') {
        const body = JSON.stringify(leadBody(event));
        return website.send(event.id, 'lead.contact', (nowMs) => signBody('form', secrets.website, nowMs, body));
      }
      const body = JSON.stringify({ event_id: event.id, event: event.event, employee: event.employee });
      return people.send(event.id, event.event, (nowMs) => signBody('hr', secrets.people, nowMs, body));
    },
  };
}

function orderBody({ id, number, placedAt, firstName, lastName, email, quantity }: OrderPlaced): unknown {
  const { first, second } = PRICES;
  return {
    ...{ id, type: 'order.created', number, placed_at: placedAt, currency: 'CZK', payment_method: 'card' },
    customer: { first_name: firstName, last_name: lastName, email, phone: '+420 601 234 567' },
    billing_address: { street: 'Koněvova 1', city: 'Praha', postal_code: '130 00', country: 'CZ' },
    lines: [
      { sku: 'KAV-250', name: 'Káva Etiopie Yirgacheffe 250 g', quantity, unit_price: first.unit, vat_rate: first.vat },
      { sku: 'HRN-01', name: 'Hrnek „Žluťoučký kůň“ 0,3 l', quantity: 1, unit_price: second.unit, vat_rate: second.vat },
    ],
    total: totalOf(quantity) / 100,
  };
}

function leadBody({ id, email, firstName, lastName, company }: LeadSubmitted): unknown {
  return { submission_id: id, form: 'contact', consent: true, email, first_name: firstName, last_name: lastName, company, message: '' };
}

/** `x-<name>-signature: sha256=<hex HMAC-SHA256 of "{seconds}.{body}">` and `x-<name>-timestamp`. */
function signBody(name: string, secret: string, nowMs: number, body: string): Signed {
  const timestamp = String(Math.floor(nowMs / 1_000));
  const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
  return { headers: { [`x-${name}-timestamp`]: timestamp, [`x-${name}-signature`]: `sha256=${signature}` }, body };
}
