import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePathTemplate, pathTemplateProblem } from './path-template.ts';

describe('path templates', () => {
  const invoice = compilePathTemplate('/invoices/{number}/lines');

  it.each([
    [{ number: 'A 1' }, '/invoices/A%201/lines'],
    [{ number: 42 }, '/invoices/42/lines'],
    [{ number: 'č?#;' }, '/invoices/%C4%8D%3F%23%3B/lines'],
    [{ number: '...' }, '/invoices/.../lines'],
    [{ number: '2024/001' }, '/invoices/2024%2F001/lines'],
    [{ number: 'a\\b' }, '/invoices/a%5Cb/lines'],
    [{ number: '100%' }, '/invoices/100%25/lines'],
    [{ number: JSON.rawJSON('12345678901234567890') }, '/invoices/12345678901234567890/lines'],
  ])('%j gives %s', (input, path) => {
    expect(invoice(input)).toEqual({ ok: true, path });
  });

  it.each([
    '',
    '.',
    '..',
    '%2e',
    '%2E%2e',
    '%252e',
    '../../admin',
    'a/..',
    './a',
    '..\\a',
    '..%2f',
    '%2F',
    '%5c',
    '%252f',
    'a\u0000',
    'a\nb',
    '\ud800',
    null,
    {},
    [],
    Number.NaN,
  ])('refuses %j', (number) => {
    expect(invoice({ number })).toMatchObject({ ok: false });
  });

  it('refuses a missing value and never takes an inherited one', () => {
    expect(invoice({})).toEqual({ ok: false, reason: 'path parameter {number}: expected text or a number in the input' });
    expect(invoice(null).ok).toBe(false);
    expect(compilePathTemplate('/x/{constructor.name}')({}).ok).toBe(false);
  });

  it('takes nested fields, and a field whose name has dots before them', () => {
    const path = compilePathTemplate('/c/{customer.id}');
    expect(path({ customer: { id: 7 } })).toEqual({ ok: true, path: '/c/7' });
    expect(path({ 'customer.id': 8, customer: { id: 7 } })).toEqual({ ok: true, path: '/c/8' });
  });

  it('refuses values that only together climb', () => {
    expect(compilePathTemplate('/a/{x}{y}/b')({ x: '.', y: '.' }).ok).toBe(false);
    expect(compilePathTemplate('/a/{x}{y}/b')({ x: 'c/.', y: './d' }).ok).toBe(false);
    expect(compilePathTemplate('/a/.{x}/b')({ x: '.a' })).toEqual({ ok: true, path: '/a/..a/b' });
  });

  it('a value never changes the number of segments or the rest of the URL', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const result = invoice({ number: value });
        if (!result.ok) return;
        const url = new URL(`http://h${result.path}`);
        expect(url.pathname.split('/')).toHaveLength(4);
        expect(url.search + url.hash).toBe('');
        expect(decodeURIComponent(url.pathname.split('/')[2] ?? '')).toBe(value);
      }),
    );
  });

  it.each(['x', '/a?b=1', '/a#b', '/a b', '/a\\b', '/../a', '/a/%2e%2E', '/{', '/a{}', '/{a{b}}', '/{a b}', `/${'x'.repeat(3_000)}`])(
    'names the problem of %j',
    (template) => {
      expect(pathTemplateProblem(template)).toMatch(/^expected/);
    },
  );

  it('keeps literal text, encoding what is not ASCII', () => {
    expect(pathTemplateProblem('/odata/Catalog_Товары({id})')).toBe(null);
    expect(compilePathTemplate('/x/Т%20y')({})).toEqual({ ok: true, path: '/x/%D0%A2%20y' });
  });
});
