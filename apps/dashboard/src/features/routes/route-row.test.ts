import type { Route } from '@nave/api-schema';
import { describe, expect, it } from 'vitest';
import { matches, rowsOf, stateOf } from './route-row.ts';
import type { RouteTraffic } from './use-routes.ts';

function route(name: string, enabled = true): Route {
  return {
    ...{ name, from: { spoke: 'shop', type: 'order.*' }, when: null, orderingKey: null, mode: 'async', timeout: null, enabled },
    steps: [{ name: 'invoice', to: 'erp', operation: 'createInvoice', input: null }],
    ...{ version: 1, createdAt: '2026-11-21T00:00:00Z', updatedAt: '2026-11-21T00:00:00Z' },
  };
}

function traffic(name: string, total: number, dead: number): RouteTraffic {
  return {
    ...{ route: name, total, succeeded: total - dead, dead, skipped: 0, cancelled: 0, open: 0, ratePerSecond: 0, errorShare: 0 },
    latencyMs: { p50: 1, p95: 2, p99: 3 },
  };
}

describe('a row of a route', () => {
  it('says the worst that is true: switched off before failing, failing before busy', () => {
    expect(stateOf(route('a', false), traffic('a', 2, 1))).toBe('disabled');
    expect(stateOf(route('a'), traffic('a', 2, 1))).toBe('failing');
    expect(stateOf(route('a'), traffic('a', 2, 0))).toBe('healthy');
    expect(stateOf(route('a'), null)).toBe('idle');
  });

  it('is found by every word of what it shows, by spoke on either end, by state', () => {
    const [row] = rowsOf({ routes: [route('orders')], traffic: null, problems: null });
    if (row === undefined) throw new Error('no row');
    for (const search of [{ q: 'ord' }, { q: 'ERP invoice' }, { spoke: 'erp' }, { spoke: 'shop' }, { state: 'idle' }, {}]) {
      expect(matches(row, search)).toBe(true);
    }
    for (const search of [{ q: 'ord nothing' }, { spoke: 'crm' }, { state: 'failing' }]) expect(matches(row, search)).toBe(false);
  });

  it('comes in the order of names, with what is known of it', () => {
    const rows = rowsOf({ routes: [route('b'), route('a')], traffic: new Map([['b', traffic('b', 3, 3)]]), problems: new Map() });
    expect(rows.map(({ route: { name }, state }) => [name, state])).toEqual([
      ['a', 'idle'],
      ['b', 'failing'],
    ]);
  });
});
