import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseExact, stringifyExact } from './exact-json.ts';

describe('exact JSON', () => {
  it.each([
    '12345678901234567890',
    '-12345678901234567890',
    '{"a":9007199254740993,"b":[1.00000000000000000001]}',
    '0.1234567890123456789',
    '12345678.123456789',
    '1e400',
    '9007199254740990.6',
    '{"n":"12345678901234567890"}',
  ])('gives back %s as it came', (text) => {
    expect(stringifyExact(parseExact(text))).toBe(text);
  });

  it('leaves numbers that a double holds as numbers', () => {
    expect(parseExact('{"a":1234567890123456,"b":1.5,"c":0.1000000000000000,"d":-0}')).toEqual({
      a: 1234567890123456,
      b: 1.5,
      c: 0.1,
      d: -0,
    });
  });

  it('writes bigint', () => {
    expect(stringifyExact({ a: 2n ** 70n })).toBe('{"a":1180591620717411303424}');
  });

  it('keeps every integer and decimal', () => {
    const digits = fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n });
    fc.assert(
      fc.property(digits, (n) => {
        // A double that says all its digits may be written with an exponent: the same number.
        const written = stringifyExact(parseExact(`[${n}]`)) ?? '';
        const [, sign, whole, fraction = '', exponent = '0'] = /^\[(-?)(\d+)(?:\.(\d+))?(?:e\+(\d+))?\]$/.exec(written) ?? [];
        expect(BigInt(`${sign}${whole}${fraction}${'0'.repeat(Number(exponent) - fraction.length)}`)).toBe(n);
      }),
    );
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.stringify(parseExact(JSON.stringify(value)))).toBe(JSON.stringify(value));
      }),
    );
  });

  it('throws only a SyntaxError', () => {
    for (const text of ['', '{', '1234567890123456789x', '[01234567890123456789]']) expect(() => parseExact(text)).toThrow(SyntaxError);
  });
});
