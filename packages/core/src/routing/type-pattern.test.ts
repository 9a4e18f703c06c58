import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileTypePattern, isExactType, typePatternProblem } from './type-pattern.ts';

describe('typePatternProblem', () => {
  it.each(['a', 'order.created', '*', '**', 'order.*', '**.created', 'a.**.b.**.c.**'])('accepts %s', (pattern) => {
    expect(typePatternProblem(pattern)).toBeNull();
  });

  it.each(['', '.', 'a.', '.a', 'a..b', 'a*', '***', 'a.b*.c', '**.**.**.**', 'x'.repeat(201)])('refuses %j', (pattern) => {
    expect(typePatternProblem(pattern)).toMatch(/^expected /);
  });
});

describe('compileTypePattern', () => {
  it.each([
    ['order.created', 'order.created', true],
    ['order.created', 'order.createdx', false],
    ['order.*', 'order.created', true],
    ['order.*', 'order', false],
    ['order.*', 'order.a.b', false],
    ['*', 'order', true],
    ['*', 'order.created', false],
    ['order.**', 'order', true],
    ['order.**', 'order.a.b.c', true],
    ['order.**', 'orders', false],
    ['**.created', 'created', true],
    ['**.created', 'a.b.created', true],
    ['**.created', 'a.created.b', false],
    ['a.**.b.*.c', 'a.b.b.x.c', true],
    ['a.**.b.*.c', 'a.x.b.c', false],
    ['a.**.b.**', 'a.c', false],
    ['**', '', true],
    ['*', '', true],
  ])('%s over %s: %s', (pattern, type, expected) => {
    expect(compileTypePattern(pattern)(type)).toBe(expected);
  });

  const segment = fc.constantFrom('a', 'b');
  const type = fc.array(segment, { minLength: 1, maxLength: 7 });
  const pattern = fc.array(fc.constantFrom('a', 'b', '*', '**'), { minLength: 1, maxLength: 6 });

  it('agrees with the definition for every pattern and type', () => {
    const reference = (p: readonly string[], t: readonly string[]): boolean => {
      const [head, ...rest] = p;
      if (head === undefined) return t.length === 0;
      if (head === '**') return Array.from({ length: t.length + 1 }, (_, n) => n).some((n) => reference(rest, t.slice(n)));
      return t.length > 0 && (head === '*' || head === t[0]) && reference(rest, t.slice(1));
    };
    fc.assert(
      fc.property(pattern, type, (p, t) => {
        expect(compileTypePattern(p.join('.'))(t.join('.'))).toBe(reference(p, t));
      }),
      { numRuns: 1_000 },
    );
  });

  it('an exact pattern matches itself and nothing else', () => {
    fc.assert(
      fc.property(type, type, (p, t) => {
        expect(isExactType(p.join('.'))).toBe(true);
        expect(compileTypePattern(p.join('.'))(t.join('.'))).toBe(p.join('.') === t.join('.'));
      }),
    );
  });

  // Trying every way to share the words among the stars would not come to an end.
  it('answers for the longest type and the worst pattern a sender and an admin can make', () => {
    const matches = compileTypePattern('**.a.**.a.**.a.b');
    const hostile = Array.from({ length: 100 }, () => 'a').join('.');
    for (let round = 0; round < 1_000; round++) expect(matches(hostile)).toBe(false);
  });
});
