import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { compileSchema } from './compile-spoke.ts';

describe('compileSchema', () => {
  it('tells every problem with its place, and changes nothing of the data', () => {
    const check = compileSchema({
      type: 'object',
      required: ['id', 'mail'],
      properties: { id: { type: 'integer' }, mail: { type: 'string', format: 'email' }, n: { type: 'number', default: 5 } },
      additionalProperties: false,
    });
    expect(check({ id: 1, mail: 'a@b.cz' })).toEqual([]);
    const data = { id: '1', mail: 'no', more: true };
    expect(
      check(data)
        .map(({ path }) => path)
        .sort(),
    ).toEqual(['', '/id', '/mail']);
    expect(data).toEqual({ id: '1', mail: 'no', more: true });
  });

  it('bounds how many problems it tells', () => {
    const check = compileSchema({ type: 'array', items: { type: 'string' } });
    expect(check(Array.from({ length: 1_000 }, () => 1))).toHaveLength(100);
  });

  it('takes any data', () => {
    const check = compileSchema({ type: 'object', properties: { a: { type: 'string' } } });
    fc.assert(fc.property(fc.anything(), (data) => Array.isArray(check(data))));
  });

  it('refuses a schema that is none, and prints nothing about what it does not know', () => {
    const printed = [vi.spyOn(console, 'warn'), vi.spyOn(console, 'error')];
    expect(() => compileSchema({ type: 'no such type' })).toThrow();
    compileSchema({ type: 'string', format: 'no-such-format', 'x-more': 1 });
    for (const spy of printed) {
      expect(spy).not.toHaveBeenCalled();
      spy.mockRestore();
    }
  });
});
