import type { ExpressionScope } from '@nave/core';
import { isHubError } from '@nave/core';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { createExpressionEngine } from './engine.ts';

const engine = createExpressionEngine({
  ...{ poolSize: 2, timeoutMs: 60_000 },
  lookup: (table, key) => (table === 'tax' && key === 'cz' ? '21' : undefined),
});
/** For what runs into the limit of time: short, but enough for a simple evaluation on a busy machine. */
const hasty = createExpressionEngine({ poolSize: 2, timeoutMs: 500 });
afterAll(() => Promise.all([engine.close(), hasty.close()]));

const scope: ExpressionScope = {
  nowMs: Date.UTC(2026, 10, 21, 8, 30),
  seed: 'message-1',
  bindings: { headers: { 'x-shop': 'cz' } },
  responses: { first: { status: 201, headers: { etag: 'a' }, body: { id: 7 } } },
};

function evaluate(text: string, root: unknown = null, by = engine): Promise<unknown> {
  return by.compile(text).evaluate(root, scope);
}

/** Wraps an expression in a lambda, which only the child lane runs. */
function inChild(text: string): string {
  return `(function($in) { $in.(${text}) })($$)`;
}

async function codeOf(text: string, root: unknown = null, by = engine): Promise<string> {
  try {
    await evaluate(text, root, by);
    return 'fine';
  } catch (error) {
    return isHubError(error) ? error.code : `not a HubError: ${String(error)}`;
  }
}

const order = {
  id: 'A-1',
  customer: { name: 'Ada' },
  items: [
    { sku: 'x', qty: 2, price: 9.5 },
    { sku: 'y', qty: 1, price: 1 },
  ],
};

describe('hostile expressions', () => {
  const doubling = Array.from({ length: 60 }, (_, index) => `$x${index + 1} := $x${index} & $x${index}`).join('; ');
  const nesting = Array.from({ length: 60 }, (_, index) => `$x${index + 1} := {"a": $x${index}, "b": $x${index}}`).join('; ');
  it.each([
    ['text that doubles', `($x0 := "xxxxxxxx"; ${doubling}; $length($x60))`],
    ['text that doubles, unread', `($x0 := "xxxxxxxx"; ${doubling}; 1)`],
    ['structure that doubles', `($x0 := 1; ${nesting}; $x60)`],
    ['structure that doubles, as text', `($x0 := 1; ${nesting}; $string($x60))`],
    ['structures that double, compared', `($x0 := 1; ${nesting}; $y0 := 1; ${nesting.replaceAll('$x', '$y')}; $x60 = $y60)`],
    ['a product of lists', 'list.($$.list.($$.list.($$.list.($))))'],
    ['a join of long texts', '$join(list, $join(list.$string($$)))'],
  ])('end within bounds in the simple lane: %s', async (_name, text) => {
    expect(engine.compile(text).simple).toBe(true);
    expect(await codeOf(text, { list: Array.from({ length: 1000 }, (_, index) => `item ${index}`) })).toBe('expression.limit');
  });

  it.each([
    ['a huge pad', '$length($pad("x", 200000000))'],
    ['a huge range', '[1..1000000000]'],
    ['a huge join', '($s := $pad("x", 1000000); $length($join([1..100000].$string(), $s)))'],
    ['a text that doubles', '($f := function($s, $n) { $n = 0 ? $s : $f($s & $s, $n - 1) }; $length($f("xx", 28)))'],
    ['a large range', '$sum([1..10000000])'],
    ['endless recursion', '($f := function($n) { $f($n + 1) + 1 }; $f(0))'],
    ['endless tail recursion', '($f := function($n) { $f($n + 1) }; $f(0))'],
    ['recursion that grows', '($f := function($s) { $f($s & $s) }; $f("xx"))'],
    ['a large result', '$map([1..3000000], function($n) { $n })'],
    ['a slow date picture', '$toMillis($join([1..200000].("1")), "[Y]")'],
  ])('end without harm in a child: %s', async (_name, text) => {
    expect(await codeOf(text, null, hasty)).toMatch(/^expression\.(limit|evaluate)$/);
    expect(await evaluate('$map([1], function($n) { $n + 1 })', null, hasty)).toBe(2);
  });

  it('match regular expressions in linear time', async () => {
    expect(await evaluate('$contains($pad("", 5000, "a"), /^(a+)+$/)')).toBe(true);
    expect(await evaluate('$contains($pad("", 5000, "a") & "b", /^(a+)+$/)')).toBe(false);
    expect(await evaluate('$replace("John Smith", /(\\w+)\\s(\\w+)/, "$2, $1")')).toBe('Smith, John');
    expect(await evaluate('$match("ababbabbcc", /a(b+)/).groups')).toEqual(['b', 'bb', 'bb']);
    expect(await evaluate('$split("a1b22c", /[0-9]+/)')).toEqual(['a', 'b', 'c']);
    expect(await codeOf('$match("abc", /x*/)')).toBe('expression.evaluate');
  });

  it.each([
    'constructor',
    'constructor.constructor',
    '__proto__',
    '__proto__.constructor',
    'a.constructor',
    'a.toString',
    '$lookup($, "constructor")',
    '$lookup(a, "__proto__")',
  ])('reach nothing but data: %s', async (text) => {
    expect(await evaluate(text, { a: {} })).toBeUndefined();
    expect(await evaluate(inChild(text), { a: {} })).toBeUndefined();
  });

  it('reach no function of JavaScript from a child', async () => {
    for (const text of [
      '$sum ~> $spread()',
      '($s := $sum ~> $spread(); $s.implementation.constructor("return 1")())',
      '$eval("$$.constructor")',
    ]) {
      expect(
        await evaluate(text, {}).then(
          (value) => JSON.stringify(value) ?? '',
          () => '',
        ),
      ).not.toMatch(/native|=>|process/);
    }
  });

  it('cannot change a function for those who come after', async () => {
    for (let round = 0; round < 4; round += 1)
      await codeOf('($f := |$sum|{"implementation": function() { 666 }, "_jsonata_function": false}|; $f({}); $f($))', {});
    expect(await evaluate('$map([1], function($n) { $sum([1, 2]) })')).toBe(3);
  });

  it('make own properties of reserved names and leave prototypes alone', async () => {
    for (const text of [
      '{"__proto__": {"polluted": true}}',
      inChild('{"__proto__": {"polluted": true}}'),
      '$merge([{"__proto__": {"polluted": true}}])',
    ]) {
      const value = await evaluate(text, {});
      expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
      expect(JSON.stringify(value)).toBe('{"__proto__":{"polluted":true}}');
    }
    expect('polluted' in {}).toBe(false);
  });

  it('get plain data whatever is selected', async () => {
    for (const text of [
      'items.sku',
      '$',
      'items[]',
      '{"s": items.sku, "n": {}}',
      '$sum',
      inChild('items.sku'),
      'function() { 1 }',
      '[$sum, 1]',
    ]) {
      const value = await evaluate(text, order);
      expect(value === undefined || value === null ? value : JSON.parse(JSON.stringify(value))).toStrictEqual(value);
    }
  });
});

describe('any text', () => {
  const pieces = fc.constantFrom(
    'a',
    'b.c',
    '$',
    '$$',
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    '"k"',
    ':',
    ',',
    ';',
    '??',
    '?:',
    '?',
    '/x/',
    '/',
    '*',
    '**',
    '%',
    '@$v',
    '#$i',
    '^(a)',
    '$sum',
    '$x',
    ':=',
    'function($v){',
    '~>',
    '|',
    '1',
    '-',
    '+',
    '&',
    'and',
    '=',
    '..',
    '"',
    "'",
    '`',
    '\\',
    '/*',
    '*/',
  );
  it('compiles or is refused with a HubError, and evaluates or fails with one', async () => {
    const root = { a: [1, { b: 2 }], b: { c: 'x' } };
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.array(pieces, { maxLength: 14 }).map((list) => list.join('')),
          fc.string(),
        ),
        async (text) => {
          try {
            const compiled = engine.compile(text);
            JSON.stringify(await compiled.evaluate(root, scope));
          } catch (error) {
            expect(isHubError(error) && error.code).toMatch(/^expression\./);
          }
        },
      ),
      { numRuns: 1500 },
    );
  });
});
