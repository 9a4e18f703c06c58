import type { Queue, Route, Spoke, Stats } from '@nave/api-schema';
import { describe, expect, it } from 'vitest';
import { layoutMap } from './map-layout.ts';
import { type MapModel, mapModel } from './map-model.ts';
import { strandsOf, strandWidth } from './map-strands.ts';

const NOW = Date.parse('2026-11-21T14:00:00Z');
const KINDS = [
  { kind: 'rest', title: 'REST', family: 'protocol', summary: '' },
  { kind: 'pohoda', title: 'POHODA', family: 'erp', summary: '' },
  { kind: 'source', title: 'Source', family: 'other', summary: '' },
];

function spoke(name: string, kind: string, changes: Partial<Spoke> = {}): Spoke {
  const at = '2026-11-21T12:00:00Z';
  return {
    ...{ name, kind, title: name.toUpperCase(), enabled: true, config: {}, credentials: null, policy: {}, inbound: null, paused: false },
    ...{ version: 1, createdAt: at, updatedAt: at },
    ...changes,
  };
}

function route(name: string, from: string, to: readonly string[], enabled = true): Route {
  const at = '2026-11-21T12:00:00Z';
  return {
    ...{ name, from: { spoke: from, type: 'order.*' }, when: null, orderingKey: null, mode: 'async', timeout: null, enabled },
    steps: to.map((target, index) => ({ name: `s${index}`, to: target, operation: null, input: null })),
    ...{ version: 1, createdAt: at, updatedAt: at },
  };
}

function queue(name: string, depth: Partial<Queue['depth']> = {}, changes: Partial<Queue> = {}): Queue {
  return {
    ...{
      spoke: name,
      oldestSeconds: 0,
      ratePerSecond: 0,
      latencyMs: { p50: null, p95: null, p99: null },
      paused: false,
      breaker: 'closed',
    },
    depth: { pending: 0, active: 0, retrying: 0, held: 0, unknown: 0, dead: 0, ...depth },
    flow: { openedAt: null, probeAt: null, throttledUntil: null, draining: null, retryBudgetExhaustedAt: null },
    ...changes,
  };
}

const familyRank = (family: string) => ['protocol', 'erp', 'other'].indexOf(family);

const NONE = { skipped: 0, cancelled: 0, open: 0, errorShare: 0, ratePerSecond: 0, latencyMs: { p50: null, p95: null, p99: null } };
const STATS: Stats = {
  ...{ asOf: '2026-11-21T14:00:00Z', window: '5m', exact: true },
  messages: { received: 30, unrouted: 0, ratePerSecond: 0.1 },
  deliveries: { ...NONE, total: 60, succeeded: 59, dead: 1 },
  sources: [{ spoke: 'shop', received: 30, unrouted: 0, ratePerSecond: 0.1 }],
  spokes: [{ spoke: 'erp', ...NONE, total: 30, succeeded: 29, dead: 1 }],
  routes: [
    { route: 'orders', ...NONE, total: 60, succeeded: 60, dead: 0 },
    { route: 'refunds', ...NONE, total: 3, succeeded: 2, dead: 1 },
  ],
};

function model(
  queues: readonly Queue[] = [],
  spokes: readonly Spoke[] = [spoke('shop', 'source'), spoke('erp', 'pohoda'), spoke('crm', 'rest')],
): MapModel {
  return mapModel({
    ...{ spokes, kinds: KINDS, stats: STATS, windowSeconds: 300, familyRank, nowMs: NOW },
    queues: new Map(queues.map((each) => [each.spoke, each])),
    routes: [route('orders', 'shop', ['erp', 'crm', 'erp']), route('refunds', 'shop', ['erp']), route('off', 'shop', ['crm'], false)],
  });
}

const stateOf = (name: string, { spokes }: MapModel) => spokes.find((one) => one.name === name)?.state;
const routeState = (name: string, { routes }: MapModel) => routes.find((one) => one.name === name)?.state;

describe('what the map shows', () => {
  it('puts families side by side in the order of the gallery', () => {
    expect(model().spokes.map(({ name, family }) => `${family} ${name}`)).toEqual(['protocol crm', 'erp erp', 'other shop']);
  });

  it('tells how a spoke is: what a person did, what happened to it, what waits for a person', () => {
    expect(stateOf('erp', model([queue('erp')]))).toBe('healthy');
    expect(stateOf('crm', model([queue('crm')]))).toBe('idle');
    expect(stateOf('erp', model([queue('erp', { dead: 2 })]))).toBe('dead');
    expect(stateOf('erp', model([queue('erp', { dead: 2, unknown: 1 })]))).toBe('unknown');
    expect(stateOf('erp', model([queue('erp', { dead: 2 }, { breaker: 'open' })]))).toBe('open');
    expect(stateOf('erp', model([queue('erp', {}, { paused: true, breaker: 'open' })]))).toBe('paused');
    expect(stateOf('erp', model([queue('erp')], [spoke('erp', 'pohoda', { enabled: false })]))).toBe('disabled');
  });

  it('counts a target of several steps once, and colours a route by its worst target', () => {
    expect(model().routes[0]).toMatchObject({ targets: ['erp', 'crm'], perSecond: 0.2, state: 'healthy' });
    expect(routeState('refunds', model())).toBe('dead');
    expect(routeState('off', model())).toBe('disabled');
    expect(routeState('orders', model([queue('crm', {}, { breaker: 'open' })]))).toBe('open');
    expect(routeState('orders', model([queue('crm', {}, { paused: true })]))).toBe('paused');
  });

  it('says nothing of traffic that it does not know', () => {
    const { spokes, routes } = mapModel({
      ...{ spokes: [spoke('shop', 'source')], kinds: [], queues: null, routes: [route('a', 'shop', ['x'])], stats: null },
      ...{ windowSeconds: 300, familyRank, nowMs: NOW },
    });
    expect(spokes[0]).toMatchObject({ receivedPerSecond: null, family: 'other', kindTitle: 'source' });
    expect(routes[0]).toMatchObject({ perSecond: null, targets: ['x'] });
  });
});

describe('the links of the map', () => {
  it('draws each route from its source and to each target, ending at the hub or the node', () => {
    const of = model();
    const strands = strandsOf(of, layoutMap(of.spokes, { width: 1060, height: 620 }));
    expect(strands.map(({ id }) => id).sort()).toEqual(
      ['in:shop:off', 'in:shop:orders', 'in:shop:refunds', 'out:crm:off', 'out:crm:orders', 'out:erp:orders', 'out:erp:refunds'].sort(),
    );
    expect(new Set(strands.map(({ path }) => path)).size).toBe(strands.length);
    for (const { direction, end } of strands) expect(Math.hypot(end.x, end.y) < 70).toBe(direction === 'in');
    expect(strands.find(({ id }) => id === 'out:erp:refunds')).toMatchObject({ state: 'dead', dead: 1 });
  });

  it('bundles the links of a spoke that has too many, with the worst of their states', () => {
    const routes = Array.from({ length: 9 }, (_, index) => route(`r${index}`, 'shop', ['erp'], index > 0));
    const of = mapModel({
      ...{
        spokes: [spoke('shop', 'source'), spoke('erp', 'pohoda')],
        kinds: KINDS,
        routes,
        stats: STATS,
        windowSeconds: 300,
        familyRank,
        nowMs: NOW,
      },
      queues: new Map([['erp', queue('erp', {}, { breaker: 'open' })]]),
    });
    const strands = strandsOf(of, layoutMap(of.spokes, { width: 1060, height: 620 }));
    expect(strands.map(({ id, state, routes: run }) => [id, state, run.length])).toEqual([
      ['out:erp', 'open', 9],
      ['in:shop', 'idle', 9],
    ]);
  });

  it('widens with traffic, and is never thinner than a line', () => {
    const widths = [0, 0.01, 1, 100].map((rate) => strandWidth(rate, 100));
    expect(widths).toEqual([...widths].sort((a, b) => a - b));
    expect(widths[0]).toBeGreaterThan(1);
    expect(widths.at(-1)).toBe(6);
    expect(strandWidth(0, 0)).toBe(widths[0]);
  });
});
