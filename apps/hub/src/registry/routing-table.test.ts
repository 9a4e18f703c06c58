import { compileTypePattern, type RouteDefinition } from '@nave/core';
import type { CompiledRoute } from '@nave/pipeline';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRoutingTable } from './routing-table.ts';

function route(name: string, spoke: string, type: string): CompiledRoute {
  const definition: RouteDefinition = {
    ...{ name, version: 1, enabled: true, from: { spoke, type }, when: null, orderingKey: null, steps: [], mode: 'async', timeoutMs: null },
  };
  return { definition, when: null, orderingKey: null, steps: [] };
}

const names = (routes: readonly CompiledRoute[]) => routes.map(({ definition }) => definition.name);

describe('the routing table', () => {
  it('finds exact types and patterns of the spoke, in the order of names', () => {
    const table = createRoutingTable([
      route('c', 'shop', '**'),
      route('b', 'shop', 'a.b'),
      route('a', 'shop', 'a.*'),
      route('d', 'erp', 'a.b'),
    ]);
    expect(names(table.match('shop', 'a.b'))).toEqual(['a', 'b', 'c']);
    expect(names(table.match('shop', 'x'))).toEqual(['c']);
    expect(names(table.match('erp', 'a.b'))).toEqual(['d']);
    expect(table.match('crm', 'a.b')).toEqual([]);
    expect(table.match('__proto__', 'constructor')).toEqual([]);
  });

  it('agrees with asking every route, also when asked again', () => {
    const segment = fc.constantFrom('a', 'b', '*', '**');
    const type = fc.array(fc.constantFrom('a', 'b'), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(
        fc.array(fc.array(segment, { minLength: 1, maxLength: 3 }), { maxLength: 12 }),
        fc.array(type, { maxLength: 20 }),
        (patterns, types) => {
          const routes = patterns.map((pattern, n) =>
            route(`r${String(n).padStart(2, '0')}`, n % 3 === 0 ? 'other' : 'shop', pattern.join('.')),
          );
          const table = createRoutingTable(routes);
          for (const asked of [...types, ...types]) {
            const text = asked.join('.');
            const expected = routes.filter(({ definition: { from } }) => from.spoke === 'shop' && compileTypePattern(from.type)(text));
            expect(names(table.match('shop', text))).toEqual(names(expected));
          }
        },
      ),
    );
  });

  it('remembers a bounded number of types', () => {
    const table = createRoutingTable([route('a', 'shop', '*')]);
    for (let n = 0; n < 5_000; n++) expect(names(table.match('shop', `t${n}`))).toEqual(['a']);
    expect(table.match('shop', 't1')).toBe(table.match('shop', 't1'));
    expect(table.match('shop', 't4999')).not.toBe(table.match('shop', 't4999'));
  });
});
