/** A system that only speaks SOAP: places orders at `/soap/legacy-shop`, and repeats a call whose answer it did not see. */
import { setTimeout as wait } from 'node:timers/promises';
import type { SentHook } from '../kit/outbox.ts';
import { type OrderPlaced, PRICES, totalOf } from './story-event.ts';

export interface SoapCallerOptions {
  /** Where the hub listens for it. */
  url: () => string;
  password: string;
  signal: AbortSignal;
}

export interface SoapCaller {
  /** Never throws. */
  place(order: OrderPlaced): Promise<SentHook>;
}

const ATTEMPTS_MAX = 8;
const ATTEMPT_TIMEOUT_MS = 10_000;
const RETRY_PAUSE_MS = 500;
const NAMESPACE = 'urn:nave:legacy-shop';

export function createSoapCaller({ url, password, signal }: SoapCallerOptions): SoapCaller {
  const headers = {
    'content-type': 'text/xml; charset=utf-8',
    soapaction: `"${NAMESPACE}:PlaceOrder"`,
    authorization: `Basic ${Buffer.from(`legacy-shop:${password}`).toString('base64')}`,
  };

  async function attempt(body: string): Promise<{ status: number; text: string }> {
    try {
      const response = await fetch(url(), { method: 'POST', headers, body, signal: AbortSignal.timeout(ATTEMPT_TIMEOUT_MS) });
      return { status: response.status, text: await response.text() };
    } catch {
      return { status: 0, text: '' };
    }
  }

  return {
    async place(order) {
      const body = envelopeOf(order);
      let status = 0;
      for (let attempts = 1; attempts <= ATTEMPTS_MAX && !signal.aborted; attempts++) {
        const answer = await attempt(body);
        status = answer.status;
        const messageId = /messageId>([0-9a-f-]{36})</.exec(answer.text)?.[1];
        const duplicate = answer.text.includes('duplicate>true<');
        if (messageId !== undefined) return { id: order.id, type: 'order.created', messageId, duplicate, status, attempts };
        await wait(RETRY_PAUSE_MS);
      }
      return { id: order.id, type: 'order.created', messageId: null, duplicate: false, status, attempts: ATTEMPTS_MAX };
    },
  };
}

/** SOAP 1.1 (W3C Note, section 4), elements in the order of the WSDL. */
function envelopeOf({ number, placedAt, firstName, lastName, email, quantity }: OrderPlaced): string {
  const { first, second } = PRICES;
  const line = (sku: string, name: string, pieces: number, { unit, vat }: { unit: number; vat: number }) =>
    `<lines>${fields({ sku, name, quantity: pieces, unit_price: unit, vat_rate: vat })}</lines>`;
  return (
    '<?xml version="1.0" encoding="UTF-8"?><e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>' +
    `<PlaceOrder xmlns="${NAMESPACE}">` +
    fields({ number, placed_at: placedAt, currency: 'CZK', payment_method: 'card', total: totalOf(quantity) / 100 }) +
    `<customer>${fields({ first_name: firstName, last_name: lastName, email })}</customer>` +
    `<billing_address>${fields({ street: 'Žižkova 14', city: 'Jihlava', postal_code: '586 01' })}</billing_address>` +
    line('KAV-250', 'Káva & čaj', quantity, first) +
    line('HRN-01', 'Hrnek „Žluťoučký kůň“', 1, second) +
    '</PlaceOrder></e:Body></e:Envelope>'
  );
}

function fields(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => `<${name}>${String(value).replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`)}</${name}>`)
    .join('');
}
