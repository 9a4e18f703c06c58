import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deriveUuid, isUuid, lowestUuidAt, timeOfUuid, uuidV7 } from './ids.ts';

const time = fc.integer({ min: 0, max: 2 ** 48 - 1 });
const entropy = fc.uint8Array({ minLength: 10, maxLength: 32 });
const parts = fc.array(fc.oneof(fc.string(), fc.integer()));

describe('uuidV7', () => {
  it('is a lower-case UUID of version 7 and the RFC variant, whatever the entropy', () => {
    fc.assert(
      fc.property(time, entropy, (at, bytes) => {
        const id = uuidV7(at, bytes);
        expect(isUuid(id)).toBe(true);
        expect(id).toMatch(/^.{8}-.{4}-7.{3}-[89ab].{3}-.{12}$/);
      }),
    );
  });

  it('has the example of RFC 9562 appendix A.6', () => {
    const bytes = Buffer.from('0cc318c4dc0c0c07398f', 'hex');
    expect(uuidV7(0x017f22e279b0, bytes)).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f');
  });

  it('gives its time back', () => {
    fc.assert(fc.property(time, entropy, (at, bytes) => void expect(timeOfUuid(uuidV7(at, bytes))).toBe(at)));
  });

  it('sorts by time as text', () => {
    fc.assert(
      fc.property(time, time, entropy, entropy, (a, b, x, y) => {
        fc.pre(a < b);
        expect(uuidV7(a, x) < uuidV7(b, y)).toBe(true);
      }),
    );
  });

  it('reads the bytes of a view, not of the buffer below it', () => {
    const pool = Buffer.from('00'.repeat(10) + 'ff'.repeat(10), 'hex');
    expect(uuidV7(0, pool.subarray(10))).toBe('00000000-0000-7fff-bfff-ffffffffffff');
  });
});

describe('lowestUuidAt', () => {
  it('is not above any id of its millisecond and above every id before it', () => {
    fc.assert(
      fc.property(time, entropy, (at, bytes) => {
        expect(lowestUuidAt(at) <= uuidV7(at, bytes)).toBe(true);
        if (at > 0) expect(lowestUuidAt(at) > uuidV7(at - 1, bytes)).toBe(true);
      }),
    );
  });
});

describe('deriveUuid', () => {
  it('stays as it is from version to version: what is under way must get the same ids after an upgrade', () => {
    const dated = '019aa000-0000-7000-8000-000000000000';
    expect(deriveUuid(dated, 'delivery', dated, 'orders', 3, 0, '')).toBe('019aa000-0000-72d8-9473-d1c76e2722ba');
    expect(deriveUuid(dated, 'attempt', dated, 1)).toBe('019aa000-0000-7419-86ce-bdd429398076');
  });

  it('gives the same id for the same parts, at the time of the id it is dated by', () => {
    fc.assert(
      fc.property(time, entropy, parts, (at, bytes, from) => {
        const dated = uuidV7(at, bytes);
        const id = deriveUuid(dated, ...from);
        expect(id).toBe(deriveUuid(dated, ...from));
        expect(isUuid(id)).toBe(true);
        expect(timeOfUuid(id)).toBe(at);
      }),
    );
  });

  it('gives another id when any part differs', () => {
    const dated = uuidV7(1, new Uint8Array(10));
    const ids = [['a', 'b'], ['b', 'a'], ['ab', ''], ['a', 'b', ''], ['a', 'b', 0], ['a', 'b', 1], []].map((from) =>
      deriveUuid(dated, ...from),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('isUuid', () => {
  it.each([
    '',
    'x',
    '017f22e2-79b0-7cc3-98c4-dc0c0c07398',
    '017F22E2-79B0-7CC3-98C4-DC0C0C07398F',
    '017f22e279b07cc398c4dc0c0c07398f',
    '017f22e2-79b0-7cc3-98c4-dc0c0c07398f\n',
  ])('refuses %j', (text) => {
    expect(isUuid(text)).toBe(false);
  });
});
