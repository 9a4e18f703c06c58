import { describe, expect, it } from 'vitest';
import { matchesType } from './matches-type.ts';

describe('matching types', () => {
  it('follows the patterns of routes', () => {
    const table: [string, string, boolean][] = [
      ['order.*', 'order.created', true],
      ['order.*', 'order', false],
      ['order.*', 'order.line.added', false],
      ['order.**', 'order.line.added', true],
      ['**', 'anything.at.all', true],
      ['**.created', 'order.created', true],
      ['a.**.b', 'a.x.y.b', true],
      ['a.**.b', 'a.x.y.c', false],
      ['a.b', 'a.b', true],
      ['a.b', 'axb', false],
    ];
    for (const [pattern, type, expected] of table) expect([pattern, type, matchesType(pattern, type)]).toEqual([pattern, type, expected]);
  });
});
