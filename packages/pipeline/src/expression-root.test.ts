import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expressionRoot } from './expression-root.ts';

describe('expressionRoot', () => {
  it('tells when the message came as toISOString would, whatever was asked before', () => {
    const around = fc.integer({ min: -3_000, max: 3_000 });
    const anytime = fc.integer({ min: -8_640_000_000_000_000, max: 8_640_000_000_000_000 });
    const facts = { id: '', type: '', source: '', data: null, headers: {}, correlationId: null };
    fc.assert(
      fc.property(fc.array(fc.oneof(around, anytime), { minLength: 1 }), (times) => {
        for (const receivedAtMs of times)
          expect(expressionRoot({ ...facts, receivedAtMs }).receivedAt).toBe(new Date(receivedAtMs).toISOString());
      }),
    );
  });
});
