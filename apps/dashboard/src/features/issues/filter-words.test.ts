import { describe, expect, it } from 'vitest';
import { FILTER_WORDS_CS, FILTER_WORDS_EN } from './filter-texts.ts';
import { filterInWords } from './filter-words.ts';

const moment = (at: string) => at.slice(11, 16);
const word = (state: string) => state;

describe('filterInWords', () => {
  it('tells every part of a filter, one or several values alike', () => {
    const filter = { spoke: ['shop', 'web'], type: 'order.*', state: ['failed'], route: 'invoices', from: '2026-11-21T13:02:00Z' };
    expect(filterInWords({ mode: 'replay', filter }, FILTER_WORDS_EN, moment, word)).toBe(
      'Messages from shop or web, of type order.*, that are failed, on the route invoices, since 13:02',
    );
  });

  it('leaves out the state of retries, which is dead anyway, and shortens ids', () => {
    const filter = { issue: '5c0a1111-0000-4000-8000-000000000001', state: ['dead'] };
    expect(filterInWords({ mode: 'retry', filter }, FILTER_WORDS_EN, moment, word)).toBe('Dead deliveries of the failure 5c0a1111');
    expect(filterInWords({ mode: 'skip', filter: { ids: ['a', 'b'], spoke: 'erp' } }, FILTER_WORDS_CS, moment, word)).toBe(
      'Mrtvá doručení z výběru (2), do systému erp',
    );
  });

  it('says so when there is no filter', () => {
    expect(filterInWords({ mode: 'cancel', filter: {} }, FILTER_WORDS_EN, moment, word)).toBe('Dead deliveries (all there are)');
  });
});
