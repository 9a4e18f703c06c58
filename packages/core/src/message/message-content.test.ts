import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeContent, encodeContent } from './message-content.ts';

const fields = fc.dictionary(fc.string(), fc.string(), { noNullPrototype: true });

describe('message content', () => {
  it('comes back as it was, byte for byte, from any place in a buffer', () => {
    fc.assert(
      fc.property(fields, fields, fc.string(), fc.uint8Array({ maxLength: 5_000 }), fc.nat(20), (headers, query, method, body, offset) => {
        const encoded = encodeContent({ headers, query, method, body });
        const shifted = Buffer.concat([Buffer.alloc(offset), encoded, Buffer.alloc(3)]).subarray(offset, offset + encoded.length);
        const decoded = decodeContent(shifted);
        expect({ ...decoded, body: Buffer.from(decoded.body) }).toEqual({ headers, query, method, body: Buffer.from(body) });
      }),
    );
  });

  it('keeps a header called __proto__ as a header', () => {
    const headers: Record<string, string> = Object.fromEntries([['__proto__', 'x']]);
    const decoded = decodeContent(encodeContent({ headers, query: {}, method: 'POST', body: new Uint8Array(0) }));
    expect(Object.entries(decoded.headers)).toEqual([['__proto__', 'x']]);
  });

  it.each([
    Buffer.alloc(0),
    Buffer.from([0, 0, 0, 9, 1]),
    Buffer.from('\u0000\u0000\u0000\u0002{}'),
    Buffer.from('\u0000\u0000\u0000\u0004null'),
  ])('refuses bytes that are none', (bytes) => {
    expect(() => decodeContent(bytes)).toThrow();
  });
});
