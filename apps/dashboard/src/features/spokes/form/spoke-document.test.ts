import { describe, expect, it } from 'vitest';
import { nameFrom, sameDocument, stillWrong, valueAt } from './spoke-document.ts';

describe('the name of a new spoke', () => {
  it('is made from its title and is always one that the hub takes', () => {
    expect(nameFrom('Účetní systém (ERP)')).toBe('ucetni-system-erp');
    expect(nameFrom('  --  ')).toBe('');
    expect(nameFrom('A'.repeat(80))).toHaveLength(63);
    expect(nameFrom(`${'a'.repeat(62)} b`)).toMatch(/^[a-z0-9][a-z0-9._-]{0,62}$/);
  });
});

describe('problems of the server', () => {
  const problems = [{ path: '/config/baseUrl' }, { path: '/credentials/token' }, { path: '/kind' }];

  it('go when what is at their place is changed, and only then', () => {
    const sent = { kind: 'rest', config: { baseUrl: 'x' }, credentials: { type: 'bearer' } };
    const now = { kind: 'rest', config: { baseUrl: 'http://x' }, credentials: { type: 'bearer' }, policy: { concurrency: 1 } };
    expect(stillWrong(problems, sent, now)).toEqual([{ path: '/credentials/token' }, { path: '/kind' }]);
  });

  it('find their place by escaped pointers, in lists too, and never outside of the document', () => {
    const value = { 'a/b': [{ 'c~d': 1 }] };
    expect(valueAt(value, '/a~1b/0/c~0d')).toBe(1);
    expect(valueAt(value, '/constructor/name')).toBeUndefined();
    expect(valueAt(value, '')).toBe(value);
  });
});

describe('two documents', () => {
  it('are the same whatever the order of their fields', () => {
    expect(sameDocument({ a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 })).toBe(true);
    expect(sameDocument({ a: [1, 2] }, { a: [2, 1] })).toBe(false);
    expect(sameDocument(undefined, null)).toBe(false);
  });
});
