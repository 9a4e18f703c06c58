import { describe, expect, it } from 'vitest';
import { parseForm, stringifyForm } from './form.ts';

describe('forms', () => {
  it('writes lists as repeated names and objects in brackets', () => {
    const text = stringifyForm({
      a: [1, 'x y'],
      b: { c: true, d: { e: 'č' } },
      items: [{ sku: 'A' }, { sku: 'B' }],
      n: null,
      u: undefined,
    });
    expect(decodeURIComponent(text)).toBe('a=1&a=x+y&b[c]=true&b[d][e]=č&items[0][sku]=A&items[1][sku]=B');
  });

  it('refuses a form with too many fields', () => {
    expect(parseForm('a&'.repeat(20_000))).toEqual({ ok: false, reason: 'a form with more than 10000 fields' });
  });
});
