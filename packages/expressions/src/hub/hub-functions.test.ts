import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDate } from './date.ts';
import { digest } from './hash.ts';
import { formatMoney } from './money.ts';
import { UuidSequence } from './uuid.ts';

describe('$money', () => {
  it.each([
    ['12.345', 2, '12.35'],
    ['-12.345', 2, '-12.35'],
    [1.005, 2, '1.01'],
    [0.1, 20 - 18, '0.10'],
    ['-0.004', 2, '0.00'],
    [2.5, 0, '3'],
    [-0.5, 0, '-1'],
    [1e21, 2, '1000000000000000000000.00'],
    [1.5e-7, 3, '0.000'],
    ['+007.1', 1, '7.1'],
    ['5.', undefined, '5.00'],
  ])('writes %s with %s decimals as %s', (value, decimals, expected) => {
    expect(formatMoney(value, decimals)).toBe(expected);
  });

  it.each(['', 'x', '1,5', '1.2.3', '0x10', 'Infinity', null, true, {}, Number.NaN, '1e9999'])('refuses %s', (value) => {
    expect(() => formatMoney(value, 2)).toThrow('N1003');
  });

  it('refuses decimals that are no whole number from 0 to 18', () => {
    for (const decimals of [-1, 1.5, 19, '2', null]) expect(() => formatMoney(1, decimals)).toThrow('N1004');
  });

  it('never changes an amount that has no more decimals than asked for', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.integer({ min: 1, max: 18 }), (units, decimals) => {
        const digits = (units < 0n ? -units : units).toString().padStart(decimals + 1, '0');
        const text = `${units < 0n ? '-' : ''}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
        expect(formatMoney(text, decimals)).toBe(text);
      }),
    );
  });
});

describe('$date', () => {
  it.each([
    ['2026-11-21T08:00:00Z', undefined, '2026-11-21T08:00:00.000Z'],
    ['2026-11-21T08:00:00.1234+01:30', undefined, '2026-11-21T06:30:00.123Z'],
    ['2026-11-21 08:00', 'datetime', '2026-11-21T08:00:00.000Z'],
    ['2026-11-21', undefined, '2026-11-21T00:00:00.000Z'],
    ['0042-02-28', 'date', '0042-02-28'],
    ['2026-11-21T23:30:00-01:00', 'date', '2026-11-22'],
    [0, 'time', '00:00:00.000Z'],
    [1_500, 'seconds', 1],
    ['1970-01-01T00:00:01Z', 'millis', 1000],
  ])('reads %s and writes it as %s', (value, format, expected) => {
    expect(formatDate(value, format)).toBe(expected);
  });

  it.each([
    '2026-02-30',
    '2026-13-01',
    '21.11.2026',
    'tomorrow',
    '2026-11-21T25:00Z',
    '2026-11-21T08:00:00+99:00',
    '',
    null,
    true,
    1e20,
    Number.NaN,
  ])('refuses %s', (value) => {
    expect(() => formatDate(value, undefined)).toThrow('N1001');
  });

  it('refuses a format it does not know', () => {
    expect(() => formatDate(0, 'toString')).toThrow('N1002');
  });

  it('gives back the point in time that it wrote', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }), (date) => {
        expect(formatDate(date.toISOString(), 'millis')).toBe(date.getTime());
      }),
    );
  });
});

describe('$hash', () => {
  it('gives the published digests', () => {
    expect(digest('abc', undefined, undefined)).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(digest('abc', 'sha1', 'base64')).toBe('qZk+NkcGgWq6PiVxeFDCbJzQ2J0=');
    expect(() => digest('abc', 'crc', undefined)).toThrow('N1005');
    expect(() => digest('abc', 'md5', 'binary')).toThrow('N1006');
    expect(() => digest(1, 'md5', 'hex')).toThrow('T0410');
  });
});

describe('$uuid', () => {
  it('depends on seed, place and turn only', () => {
    const one = new UuidSequence('s');
    const other = new UuidSequence('s');
    const ids = [one.next(1), one.next(1), one.next(2)];
    expect([other.next(2), other.next(1), other.next(1)]).toEqual([ids[2], ids[0], ids[1]]);
    expect(new Set([...ids, new UuidSequence('t').next(1)]).size).toBe(4);
  });
});
