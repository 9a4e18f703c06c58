/** A SOAP caller's order becomes the same invoice as a shop's, once, and what is wrong with a call is told as a fault. */
import { type PohodaSimulator, startPohodaSimulator } from '@nave/adapters/simulators';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BlueprintHub, blueprintHub } from './blueprint-hub.ts';

const PASSWORD = 'legacy-heslo';
const SOAP = { '1.1': 'http://schemas.xmlsoap.org/soap/envelope/', '1.2': 'http://www.w3.org/2003/05/soap-envelope' } as const;
let pohoda: PohodaSimulator;
let hub: BlueprintHub;

beforeAll(async () => {
  pohoda = await startPohodaSimulator({ ico: '12345678', username: 'nave', password: 'heslo' });
  hub = await blueprintHub(['shop-order-to-pohoda-invoice', 'legacy-soap-caller-to-pohoda-invoice'], {
    ...{ ESHOP_WEBHOOK_SECRET: `whsec_${Buffer.alloc(24, 1).toString('base64')}`, LEGACY_SHOP_PASSWORD: PASSWORD },
    ...{ POHODA_URL: pohoda.url, POHODA_ICO: '12345678', POHODA_USER: 'nave', POHODA_PASSWORD: 'heslo' },
  });
});
afterAll(async () => {
  await hub?.close();
  await pohoda.close();
});

const order = (number: string, total = '719.37') => `<PlaceOrder xmlns="urn:nave:legacy-shop">
  <number>${number}</number><placed_at>2026-11-21T09:30:00Z</placed_at><currency>CZK</currency><payment_method>card</payment_method><total>${total}</total>
  <customer><first_name>Jana</first_name><last_name>Dvořáková</last_name><email>jana@example.cz</email></customer>
  <billing_address><street>Koněvova 1</street><city>Praha</city><postal_code>130 00</postal_code></billing_address>
  <lines><sku>KAV-250</sku><name>Káva &amp; čaj</name><quantity>2</quantity><unit_price>219</unit_price><vat_rate>12</vat_rate></lines>
  <lines><sku>HRN-01</sku><name>Hrnek</name><quantity>1</quantity><unit_price>189.1</unit_price><vat_rate>21</vat_rate></lines>
</PlaceOrder>`;

function call(version: keyof typeof SOAP, body: string, password = PASSWORD) {
  const envelope = `<?xml version="1.0" encoding="UTF-8"?><e:Envelope xmlns:e="${SOAP[version]}"><e:Body>${body}</e:Body></e:Envelope>`;
  const type = version === '1.1' ? 'text/xml; charset=utf-8' : 'application/soap+xml; charset=utf-8';
  const authorization = `Basic ${Buffer.from(`legacy-shop:${password}`).toString('base64')}`;
  const action: Record<string, string> = version === '1.1' ? { soapaction: '"urn:nave:legacy-shop:PlaceOrder"' } : {};
  return hub.post('/soap/legacy-shop', envelope, { 'content-type': type, authorization, ...action });
}
const invoices = (number: string) => pohoda.records('invoice').filter(({ extId }) => extId === `legacy-shop-${number}`);
const messageIdIn = (text: string) => /messageId>([0-9a-f-]{36})</.exec(text)?.[1] ?? '';

describe('an order of a SOAP caller', () => {
  it.each(['1.1', '1.2'] as const)('is an invoice in Pohoda, as a webhook of the shop would be (SOAP %s)', async (version) => {
    const number = `L-${version.replace('.', '')}`;
    const answer = await call(version, order(number));
    expect([answer.status, answer.text]).toEqual([200, expect.stringContaining('duplicate>false<')]);
    await hub.completed(messageIdIn(answer.text));
    expect(invoices(number)).toMatchObject([{ toPay: 71_937n }]);
    expect(JSON.stringify(invoices(number)[0]?.document)).toContain('Káva & čaj');
  });

  it('called again, because the answer was lost, is recognised', async () => {
    const first = await call('1.1', order('L-7'));
    const again = await call('1.1', order('L-7'));
    expect(again.text).toContain('duplicate>true<');
    expect(messageIdIn(again.text)).toBe(messageIdIn(first.text));
    await hub.completed(messageIdIn(first.text));
    expect(invoices('L-7')).toHaveLength(1);
  });

  it('finds its description where stock clients look for it', async () => {
    const wsdl = await fetch(`${hub.hub.url}/soap/legacy-shop?wsdl`, {
      headers: { authorization: `Basic ${Buffer.from(`legacy-shop:${PASSWORD}`).toString('base64')}` },
      signal: AbortSignal.timeout(60_000),
    });
    expect(wsdl.status).toBe(200);
    expect(await wsdl.text()).toContain('PlaceOrder');
  });

  it.each([
    ['without the password', () => call('1.1', order('L-8'), 'guessed')],
    ['with an amount that is none', () => call('1.1', order('L-8', 'a lot'))],
    ['of an operation that is not offered', () => call('1.2', '<DropTables xmlns="urn:nave:legacy-shop"/>')],
  ])('%s is refused by a fault and not kept', async (_case, send) => {
    const answer = await send();
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.text).toContain('Fault>');
    expect(invoices('L-8')).toEqual([]);
  });
});
