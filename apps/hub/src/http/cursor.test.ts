import fc from 'fast-check';
import { Type } from 'typebox';
import { describe, expect, it } from 'vitest';
import { decodeCursor, encodeCursor } from './cursor.ts';

const Position = Type.String();

describe('cursors', () => {
  it('give back the position under the filter they were made under, in any order of its fields', () => {
    fc.assert(
      fc.property(fc.string(), fc.dictionary(fc.string(), fc.jsonValue()), (position, filter) => {
        const reversed = Object.fromEntries(Object.entries(filter).reverse());
        expect(decodeCursor(Position, encodeCursor(position, filter), reversed)).toBe(position);
      }),
    );
    expect(decodeCursor(Position, undefined, {})).toBeNull();
  });

  it('are refused under another filter', () => {
    const cursor = encodeCursor('a', { list: 'x', state: 'dead' });
    for (const filter of [{ list: 'x' }, { list: 'y', state: 'dead' }, { list: 'x', state: ['dead'] }, null])
      expect(() => decodeCursor(Position, cursor, filter)).toThrow(expect.objectContaining({ code: 'request.cursor' }));
  });

  it('are refused, never a crash, whatever is sent', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.base64String()), (text) => {
        expect(() => decodeCursor(Position, text, {})).toThrow(expect.objectContaining({ code: 'request.cursor' }));
      }),
    );
    expect(() => decodeCursor(Position, encodeCursor(5, {}), {})).toThrow(expect.objectContaining({ code: 'request.cursor' }));
  });
});
