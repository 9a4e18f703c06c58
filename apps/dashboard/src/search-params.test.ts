import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { knownSearch, parseSearch, stringifySearch } from './search-params.ts';

describe('search parameters', () => {
  it('come back as they were written, whatever stands in them', () => {
    const words = fc.dictionary(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }));
    fc.assert(
      fc.property(words, (search) => {
        expect(parseSearch(stringifySearch(search))).toEqual({ ...search });
      }),
    );
  });

  it('leave out what is empty, and stay readable', () => {
    expect(stringifySearch({ state: 'dead', spoke: undefined, q: '' })).toBe('?state=dead');
    expect(stringifySearch({})).toBe('');
    expect(parseSearch('?state=dead&from=2026-01-01T00:00:00Z')).toEqual({ state: 'dead', from: '2026-01-01T00:00:00Z' });
  });

  it('are only those a page knows', () => {
    expect(knownSearch('state', 'q')({ state: 'dead', q: '', evil: 'x' })).toEqual({ state: 'dead' });
  });
});
