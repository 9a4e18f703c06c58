import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { PohodaConfig } from './config.ts';
import { judgePack } from './judge-pack.ts';
import { readResponse } from './read-response.ts';
import { recordsOf } from './records.ts';
import { createCp1250 } from './xml/cp1250.ts';

const codec = await createCp1250();
const config: PohodaConfig = { baseUrl: 'http://pohoda.example', ico: '12345678' };

function read(name: string) {
  const bytes = readFileSync(new URL(`fixtures/${name}`, import.meta.url));
  const answer = readResponse(bytes, 'text/xml', codec);
  if (!answer.ok) throw new Error(answer.reason);
  return answer.pack;
}

describe('recorded answers of Pohoda', () => {
  it('a pack that was refused says why', () => {
    expect(judgePack(read('response-denied.xml'), config)).toEqual({
      kind: 'refused',
      note: 'Uživatel není oprávněn importovat XML soubory.',
      problems: [],
    });
  });

  it('a document with a warning is done, and the warning is kept', () => {
    expect(judgePack(read('response-invoice-warning.xml'), config)).toEqual({
      kind: 'done',
      produced: { id: '123', number: '260100001', code: null, action: 'add' },
      warnings: [
        {
          state: 'warning',
          errno: '603',
          note: 'Hodnota prvku musela být upravena: příliš žluťoučký kůň',
          xpath: '/inv:invoice/inv:invoiceHeader/inv:symVar',
          requested: 'A-1001',
          produced: '1001',
        },
      ],
    });
  });

  it('a document that was refused says number, reason and place', () => {
    expect(judgePack(read('response-invoice-error.xml'), config)).toMatchObject({
      kind: 'refused',
      note: '109 Element obsahuje nepovolenou hodnotu „fifth“. (/inv:invoice/inv:invoiceDetail/inv:invoiceItem/inv:rateVAT)',
      problems: [{ errno: '109' }],
    });
  });

  it('a list gives its records without prefixes, numbers as they are written', () => {
    const agenda = read('response-list-invoices.xml').item?.agenda;
    if (!agenda) throw new Error('no agenda');
    const { records, stamp } = recordsOf(agenda);
    expect(stamp).toBe('2026-11-21T15:17:47');
    expect(records).toMatchObject([
      { id: '9', number: '260100003', extId: 'order-1001', toPay: '14742' },
      { id: '10', number: '260100004', extId: null, toPay: null },
    ]);
    expect(records[0]?.record).toMatchObject({
      invoiceHeader: { partnerIdentity: { address: { company: 'Žižkov, a. s.', zip: '120 00' } } },
      invoiceDetail: { invoiceItem: { quantity: '1.0', rateVAT: { '@value': '21', '#text': 'high' } } },
    });
  });
});
