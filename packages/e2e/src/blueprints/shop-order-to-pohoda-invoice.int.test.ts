/** A shop's order becomes one invoice in Pohoda, whatever is repeated, lost or at the same time. */
import { type PohodaSimulator, startPohodaSimulator } from '@nave/adapters/simulators';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, listAt } from '../harness/json.ts';
import { samplesOf } from './blueprint-files.ts';
import { type BlueprintHub, blueprintHub } from './blueprint-hub.ts';
import { signStandardWebhook } from './sign.ts';

const NAME = 'shop-order-to-pohoda-invoice';
const SECRET = `whsec_${Buffer.alloc(24, 1).toString('base64')}`;
const [, , , unknownRate] = ['company-in-euros', 'free-sample', 'paid-by-card', 'unknown-vat-rate'].map(bodyOf);
let pohoda: PohodaSimulator;
let hub: BlueprintHub;

beforeAll(async () => {
  pohoda = await startPohodaSimulator({ ico: '12345678', username: 'Účetní', password: 'heslo-Ž', workMs: 20 });
  hub = await blueprintHub([NAME], {
    ...{ ESHOP_WEBHOOK_SECRET: SECRET, POHODA_URL: pohoda.url, POHODA_ICO: '12345678' },
    ...{ POHODA_USER: 'Účetní', POHODA_PASSWORD: 'heslo-Ž' },
  });
});
afterAll(async () => {
  await hub?.close();
  await pohoda.close();
});

function bodyOf(sample: string): object {
  return Object(samplesOf(NAME).find(({ name }) => name === sample)?.body);
}
const order = (number: string, changes: object = {}) => ({ ...bodyOf('paid-by-card'), number, ...changes });
const place = (number: string, changes: object = {}) =>
  hub.hook('eshop', signStandardWebhook(SECRET, `msg_${number}`, order(number, changes)));
const invoices = (number: string) => pohoda.records('invoice').filter(({ extId }) => extId === `eshop-${number}`);

describe('an order of the shop', () => {
  it('is an invoice in Pohoda, letter by letter and to the haller', async () => {
    const { messageId } = await place('O-2001');
    await hub.completed(messageId);
    // By its number, and by the address of the buyer.
    for (const key of ['O-2001', 'jana.dvorakova@example.cz'])
      expect(listAt(await hub.hub.api('GET', `/api/v1/messages?q=${key}`), 'items').map((item) => at(item, 'id'))).toContain(messageId);
    expect(await hub.output(messageId, 'invoice')).toMatchObject({
      extId: 'eshop-O-2001',
      number: '26FV00001',
      alreadyDone: false,
      warnings: [],
    });
    const [invoice, ...others] = invoices('O-2001');
    expect(others).toEqual([]);
    // 2 × 219.00 with 12 % and 189.10 with 21 %, in hundredths.
    expect(invoice?.toPay).toBe(71_937n);
    const text = JSON.stringify(invoice?.document);
    expect(text).toContain('Jana Dvořáková');
    expect(text).toContain('Hrnek „Žluťoučký kůň“ 0,3 l');
  });

  it('sent again is recognised and makes nothing', async () => {
    const first = await place('O-2002');
    const again = await place('O-2002');
    expect(again).toEqual({ messageId: first.messageId, duplicate: true });
    await hub.completed(first.messageId);
    expect(invoices('O-2002')).toHaveLength(1);
  });

  it('under another webhook id is still one invoice: Pohoda knows its external key', async () => {
    const first = await place('O-2003');
    await hub.completed(first.messageId);
    const other = await hub.hook('eshop', signStandardWebhook(SECRET, 'msg_again', order('O-2003')));
    expect(other.duplicate).toBe(false);
    await hub.completed(other.messageId);
    expect(await hub.output(other.messageId, 'invoice')).toMatchObject({ alreadyDone: true, extId: 'eshop-O-2003' });
    expect(invoices('O-2003')).toHaveLength(1);
  });

  it('whose answer was lost is looked up and not made again', { timeout: 60_000 }, async () => {
    pohoda.fail({ kind: 'reset', when: 'before-answer', applied: true }, 1);
    const { messageId } = await place('O-2004');
    const message = await hub.completed(messageId);
    const [delivery] = listAt(message, 'deliveries');
    expect(listAt(delivery, 'attempts').map((attempt) => at(attempt, 'outcome'))[0]).not.toBe('ok');
    expect(invoices('O-2004')).toHaveLength(1);
    expect(await hub.output(messageId, 'invoice')).toMatchObject({ extId: 'eshop-O-2004', number: invoices('O-2004')[0]?.number });
  });

  it('never meets another one in mServer', { timeout: 60_000 }, async () => {
    const sent = await Promise.all(Array.from({ length: 8 }, (_, n) => place(`O-21${n}0`)));
    for (const { messageId } of sent) await hub.completed(messageId);
    expect(pohoda.parallelMax()).toBe(1);
  });

  it('without anything to pay needs no invoice', async () => {
    const { messageId } = await hub.hook('eshop', signStandardWebhook(SECRET, 'msg_free', bodyOf('free-sample')));
    const [delivery] = listAt(await hub.completed(messageId), 'deliveries');
    expect(delivery).toMatchObject({ state: 'skipped', reason: 'filtered' });
  });

  it('with a VAT rate that the mapping does not know waits for a person, and nothing is sent', async () => {
    const { messageId } = await hub.hook('eshop', signStandardWebhook(SECRET, 'msg_rate', unknownRate));
    const [delivery] = listAt(await hub.messageIn(messageId, 'failed'), 'deliveries');
    expect(delivery).toMatchObject({ state: 'dead', reason: 'invalid' });
    expect(invoices('O-1004')).toEqual([]);
  });

  it('that somebody else signed is refused and not kept', async () => {
    const { headers, body } = signStandardWebhook(`whsec_${Buffer.alloc(24, 2).toString('base64')}`, 'msg_forged', order('O-2999'));
    const answer = await hub.post('/hooks/eshop', body, { 'content-type': 'application/json', ...headers });
    expect(answer.status).toBe(401);
    expect(listAt(await hub.hub.api('GET', '/api/v1/messages?q=O-2999'), 'items')).toEqual([]);
  });
});
