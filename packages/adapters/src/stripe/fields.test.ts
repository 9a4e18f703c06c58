import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { minorUnits } from './currency-units.ts';
import { formText } from './form-fields.ts';
import { formTree } from './simulator/form-tree.ts';

describe('amounts', () => {
  it.each([
    ['12.30', 'EUR', 1230],
    ['12.3', 'eur', 1230],
    ['12', 'czk', 1200],
    ['-0.05', 'usd', -5],
    ['0.00', 'usd', 0],
    ['500', 'jpy', 500],
    ['500.00', 'jpy', 500],
    ['5.12', 'kwd', 5120],
    ['5.120', 'kwd', 5120],
    ['5', 'isk', 500],
  ])('%s %s is %i', (text, currency, amount) => {
    expect(minorUnits(text, currency)).toEqual({ ok: true, amount });
  });

  it.each([
    ['12.345', 'eur'],
    ['1.5', 'jpy'],
    ['5.124', 'kwd'],
    ['5', 'ugx'],
    ['1e3', 'eur'],
    ['1,5', 'eur'],
    ['', 'eur'],
    ['12', 'euro'],
    ['9'.repeat(13), 'eur'],
  ])('%s %s is refused', (text, currency) => {
    expect(minorUnits(text, currency)).toMatchObject({ ok: false });
  });

  it('take the decimals of the configuration', () => {
    expect(minorUnits('5', 'ugx', { ugx: 2 })).toEqual({ ok: true, amount: 500 });
    expect(minorUnits('5', 'xyz', { xyz: 0 })).toEqual({ ok: true, amount: 5 });
  });

  it('lose no cent', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99_999_999 }), (cents) => {
        expect(minorUnits((cents / 100).toFixed(2), 'eur')).toEqual({ ok: true, amount: cents });
      }),
    );
  });
});

describe('forms', () => {
  const key = fc.stringMatching(/^[a-z_][a-z0-9_]{0,8}$/).filter((name) => name !== '__proto__');
  const { tree } = fc.letrec<{ tree: Record<string, unknown>; leaf: unknown }>((tie) => ({
    leaf: fc.oneof({ depthSize: 'small' }, fc.string(), fc.integer(), fc.boolean(), tie('tree')),
    tree: fc.dictionary(key, tie('leaf'), { minKeys: 1, maxKeys: 4, noNullPrototype: true }),
  }));

  it('come back as they went', () => {
    const asText = (value: unknown): unknown =>
      typeof value === 'object' && value !== null
        ? Object.fromEntries(Object.entries(value).map(([name, each]) => [name, asText(each)]))
        : String(value).toWellFormed();
    fc.assert(
      fc.property(tree, (fields) => {
        const form = formText(fields);
        if (form.ok) expect(formTree(form.text)).toEqual(asText(fields));
      }),
    );
  });

  it('have lists with places, unset with empty text, and leave out what is not there', () => {
    const form = formText({ a: ['x', { b: 1 }], n: null, e: [], u: undefined, t: true });
    expect(form.ok && decodeURIComponent(form.text)).toBe('a[0]=x&a[1][b]=1&n=&e=&t=true');
  });

  it('have an end', () => {
    expect(formText({ a: Array.from({ length: 6_000 }, () => 1) })).toMatchObject({ ok: false });
  });
});
