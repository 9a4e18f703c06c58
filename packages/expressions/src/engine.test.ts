import type { ExpressionScope } from '@nave/core';
import { isHubError } from '@nave/core';
import { afterAll, describe, expect, it } from 'vitest';
import { createExpressionEngine } from './engine.ts';
import { expressionProblem } from './expression-problem.ts';

// The limit of time is for others to hold (hostile.test.ts): a busy machine may take longer for the first evaluation of a child.
const engine = createExpressionEngine({
  ...{ poolSize: 2, timeoutMs: 60_000 },
  lookup: (table, key) => (table === 'tax' && key === 'cz' ? '21' : undefined),
});
afterAll(() => engine.close());

const scope: ExpressionScope = {
  nowMs: Date.UTC(2026, 10, 21, 8, 30),
  seed: 'message-1',
  bindings: { headers: { 'x-shop': 'cz' } },
  responses: { first: { status: 201, headers: { etag: 'a' }, body: { id: 7 } } },
};

function evaluate(text: string, root: unknown = null): Promise<unknown> {
  return engine.compile(text).evaluate(root, scope);
}

/** Wraps an expression in a lambda, which only the child lane runs. */
function inChild(text: string): string {
  return `(function($in) { $in.(${text}) })($$)`;
}

async function codeOf(text: string, root: unknown = null): Promise<string> {
  try {
    await evaluate(text, root);
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

describe('an isolated engine', () => {
  it('gives what the other gives, from a child process also for simple expressions', async () => {
    const isolated = createExpressionEngine({ poolSize: 1, timeoutMs: 10_000, isolated: true });
    try {
      for (const text of ['customer.name', '$sum(items.(qty * price))', 'nothing', '$headers."x-shop"', '$uuid()', '$now()']) {
        const expression = isolated.compile(text, { lane: 'simple' });
        expect(await expression.evaluate(order, scope)).toEqual(await evaluate(text, order));
        expect(expression.simple).toBe(true);
      }
      expect(() => isolated.compile('$map([1], function($x) { $x })', { lane: 'simple' })).toThrow('Only simple expressions');
      await isolated.close();
      // Nothing is left in this process that could evaluate.
      await expect(isolated.compile('customer.name').evaluate(order, scope)).rejects.toMatchObject({ code: 'hub.stopping' });
    } finally {
      await isolated.close();
    }
  });
});

describe('the lanes', () => {
  it.each([
    ['customer.name', 'Ada'],
    ['items[qty > 1].sku', 'x'],
    ['$sum(items.(qty * price))', 20],
    [
      '{ "number": id, "lines": items.{ "code": sku, "total": qty * price } }',
      {
        number: 'A-1',
        lines: [
          { code: 'x', total: 19 },
          { code: 'y', total: 1 },
        ],
      },
    ],
    ['items{sku: qty}', { x: 2, y: 1 }],
    ['customer.phone ?? "none"', 'none'],
    ['$headers."x-shop"', 'cz'],
    ['$response("first").body.id', 7],
    ['$response("toString")', undefined],
    ['$lookup("tax", "cz") & "%"', '21%'],
    ['$lookup("tax", "xx")', undefined],
    ['$lookup($, "id")', 'A-1'],
    ['$now() & $millis()', '2026-11-21T08:30:00.000Z1795249800000'],
    ['$date("2026-01-02T03:04:05+02:00")', '2026-01-02T01:04:05.000Z'],
    ['$money("12.345", 2)', '12.35'],
    ['$hash("a", "md5", "hex")', '0cc175b9c0f1b6a831c399e269772661'],
    ['items.sku ~> $join("-")', 'x-y'],
  ])('give the same for %s', async (text, expected) => {
    expect(engine.compile(text).simple).toBe(true);
    expect(engine.compile(inChild(text)).simple).toBe(false);
    expect(await evaluate(text, order)).toEqual(expected);
    expect(await evaluate(inChild(text), order)).toEqual(expected);
  });

  it.each([
    ['$map(items, function($v) { $v.sku })', 'the function $map'],
    ['items ~> function($v) { $v }', 'a function definition'],
    ['(function($v) { $v })(1)', 'a call of something other than a named function'],
    ['$match(id, /A/)', 'the function $match'],
    ['$contains(id, /A/)', 'a regular expression'],
    ['[1..3]', 'a range'],
    ['items^(qty)', 'a sort'],
    ['**.sku', 'the descendant wildcard'],
    ['$pad("x", 5)', 'the function $pad'],
    ['$eval("1")', 'the function $eval'],
    ['$f(1)', 'the unknown function $f'],
    ['items.qty.%.sku', 'a parent'],
    ['items#$i.sku', 'a position variable'],
    ['$$ ~> |items|{"a": 1}|', 'a transform'],
  ])('keep %s out of the simple lane and say why', async (text, reason) => {
    expect(expressionProblem(text, 'any')).toBeNull();
    expect(expressionProblem(text, 'simple')).toContain(reason);
    expect(() => engine.compile(text, { lane: 'simple' })).toThrow(reason);
  });

  it('give ids that are the same on every run and differ within it', async () => {
    const text = '[1, 2, 3].{ "a": $uuid(), "b": $uuid() }';
    const first = await evaluate(text);
    expect(await evaluate(text)).toEqual(first);
    const ids = JSON.stringify(first).match(/[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/g);
    expect(new Set(ids).size).toBe(6);
    const child = '$map([1, 2], function($n) { $uuid() })';
    expect(await evaluate(child)).toEqual(await evaluate(child));
  });

  it('take what a date picture leaves out from the time of the message', async () => {
    expect(await evaluate('$toMillis("10:15", "[H01]:[m01]")')).toBe(Date.UTC(2026, 10, 21, 10, 15));
    expect(await evaluate('$now("[Y]")')).toBe('2026');
  });

  it('refuse time and ids where there is no message', async () => {
    await expect(engine.compile('$now()').evaluate({})).rejects.toMatchObject({ code: 'expression.evaluate' });
    await expect(engine.compile('$uuid()').evaluate({})).rejects.toMatchObject({ code: 'expression.evaluate' });
  });
});

describe('compiling', () => {
  it.each([
    '',
    '   ',
    'a +',
    '(',
    '"abc',
    '{"a": }',
    'a ? : b',
    '$random()',
    '$shuffle([1])',
    '$match(a, /(?=x)/)',
    '$match(a, /(a)\\1/)',
    '$match(a, /(/)',
    '$match(a, /x/) ?? 1',
    `"${'x'.repeat(10_001)}"`,
    '('.repeat(5000),
    `${'('.repeat(300)}1${')'.repeat(300)}`,
  ])('refuses %s with the code and not with a crash', (text) => {
    expect(expressionProblem(text, 'any')).toEqual(expect.any(String));
    expect(() => engine.compile(text)).toThrow(expect.objectContaining({ code: 'expression.compile' }));
  });

  it('names what JSONata says and where', () => {
    expect(() => engine.compile('a + ]')).toThrow(/S0211: .*\(position 5\)/);
  });

  it('does not let nested defaults double the tree', () => {
    let text = 'a';
    for (let level = 0; level < 40; level += 1) text = `(${text} ?? b)`;
    expect(expressionProblem(text, 'any')).toContain('4 levels deep');
    expect(
      expressionProblem(`{${Array.from({ length: 60 }, (_, index) => `"k${index}": a.b ?? c ?? d ?? "${index}"`).join(',')}}`, 'simple'),
    ).toBeNull();
  });

  it('keeps compiled expressions by text', () => {
    expect(engine.compile('a.b')).toBe(engine.compile('a.b'));
  });
});

describe('failing', () => {
  it('tells code and place and nothing of the input', async () => {
    const secret = { secret: 'hunter2', list: [{ password: 'hunter2' }] };
    for (const text of [
      'secret + 1',
      '$number(secret)',
      '$sum(list)',
      'secret < 1',
      '-secret',
      '{list: 1}',
      '$money(secret)',
      '$date(secret)',
      '$error(secret)',
      '$eval(secret & "(")',
    ]) {
      for (const form of [text, inChild(text)]) {
        const error = await engine
          .compile(form)
          .evaluate(secret, scope)
          .then(
            () => undefined,
            (thrown: unknown) => thrown,
          );
        expect(error, form).toMatchObject({
          code: 'expression.evaluate',
          detail: expect.stringMatching(/^[A-Z]\d{4}( at position \d+)?: /),
        });
        expect(JSON.stringify(error) + String(error)).not.toContain('hunter2');
      }
    }
    await expect(evaluate('1 + "a"')).rejects.toMatchObject({
      detail: 'T2002 at position 3: The right side of the + operator must evaluate to a number',
    });
  });

  it('has no way to numbers that JSON does not know', async () => {
    expect(await codeOf('1 / 0')).toBe('expression.evaluate');
    expect(await codeOf(inChild('1 / 0'))).toBe('expression.evaluate');
  });
});
