import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeOutput, encodeOutput } from './step-output.ts';

describe('a stored answer', () => {
  it('comes back as it was, from any place in a buffer', () => {
    const response = fc.record({
      status: fc.integer({ min: 100, max: 599 }),
      headers: fc.dictionary(fc.string(), fc.string(), { noNullPrototype: true }),
      contentType: fc.string(),
      body: fc.uint8Array({ maxLength: 5_000 }),
    });
    fc.assert(
      fc.property(response, fc.nat(9), (given, offset) => {
        const encoded = encodeOutput(given);
        const shifted = Buffer.concat([Buffer.alloc(offset), encoded]).subarray(offset);
        const decoded = decodeOutput(shifted);
        expect({ ...decoded, body: Buffer.from(decoded.body) }).toEqual({ ...given, body: Buffer.from(given.body) });
      }),
    );
  });

  it.each(['', '\u0000\u0000\u0000\u0002{}', '\u0000\u0000\u0000\u0004null', '\u0000\u0000\u0000\u0009{"status"'])('refuses %j', (text) => {
    expect(() => decodeOutput(Buffer.from(text))).toThrow();
  });
});
