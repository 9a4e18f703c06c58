import { describe, expect, it } from 'vitest';
import { duration, layOut } from './console-line.ts';

const LINE = {
  icon: '✓',
  tone: 'good',
  what: 'order O-1042',
  who: 'Jana Dvořáková, 1,249.00 CZK',
  target: 'ERP invoice 2026-1042',
  note: '12 ms',
} as const;

describe('a console line', () => {
  it('stands in columns, whatever letters names have', () => {
    const other = { ...LINE, who: 'Đặng Văn Phước, 1,200,000 VND'.normalize('NFD') };
    const [a, b] = [layOut(LINE, 12_000), layOut(other, 61_000)];
    expect(a.clock).toBe(' 0:12');
    expect(b.clock).toBe(' 1:01');
    expect(a.rest.indexOf('→')).toBe(b.rest.indexOf('→'));
  });

  it('shortens what is too wide', () => {
    expect(layOut({ ...LINE, who: 'x'.repeat(100) }, 0).rest.indexOf('→')).toBe(layOut(LINE, 0).rest.indexOf('→'));
  });
});

it('writes durations for people', () => {
  expect([0, 12.4, 999, 1_000, 3_140, 90_000].map(duration)).toEqual(['0 ms', '12 ms', '999 ms', '1 s', '3.1 s', '2 min']);
});
