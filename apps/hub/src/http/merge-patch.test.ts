import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dropNulls, mergePatch } from './merge-patch.ts';

const patched = (target: unknown, patch: unknown): unknown => {
  const { document, nulls } = mergePatch(target, patch);
  return dropNulls(document, nulls);
};

describe('merge patches', () => {
  // RFC 7396, appendix A; where the target is an object.
  it.each([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [
      ['a', 'b'],
      ['c', 'd'],
      ['c', 'd'],
    ],
    [{ a: 'b' }, ['c'], ['c']],
    [{ a: 'foo' }, null, null],
    [{ a: 'foo' }, 'bar', 'bar'],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])('%j with %j is %j', (target, patch, result) => {
    expect(patched(target, patch)).toEqual(result);
  });

  it('keep the nulls of what is not in sight, and say where', () => {
    expect(mergePatch({ credentials: { type: 'bearer' } }, { credentials: { token: null } })).toEqual({
      document: { credentials: { type: 'bearer', token: null } },
      nulls: ['/credentials/token'],
    });
  });

  it('change nothing when empty, and nothing the second time', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue()), (target, patch) => {
        expect(patched(target, {})).toEqual(target);
        expect(patched(patched(target, patch), patch)).toEqual(patched(target, patch));
      }),
    );
  });
});
