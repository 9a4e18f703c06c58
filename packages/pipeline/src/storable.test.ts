import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isStorable, storableLine } from './storable.ts';

describe('isStorable', () => {
  it.each(['a', 'ž', '😀', 'x'.repeat(10)])('takes %j', (text) => {
    expect(isStorable(text, 10)).toBe(true);
  });
  it.each(['', 'x'.repeat(11), 'a\u0000', '\u0000', '\ud800', 'a\udc00b', '\ud83d'])('refuses %j', (text) => {
    expect(isStorable(text, 10)).toBe(false);
  });
});

describe('storableLine', () => {
  it('makes any text storable and bounded', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (text) => {
        const line = storableLine(text);
        expect(line.length).toBeLessThanOrEqual(500);
        expect(line === '' || isStorable(line, 500)).toBe(true);
      }),
    );
  });

  it('does not leave half a character where it cuts', () => {
    expect(storableLine(`${'x'.repeat(499)}😀`)).toBe(`${'x'.repeat(499)}\ufffd`);
  });
});
