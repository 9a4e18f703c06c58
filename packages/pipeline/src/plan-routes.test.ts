import { timeOfUuid, uuidV7 } from '@nave/core';
import { describe, expect, it } from 'vitest';
import { expressionRoot } from './expression-root.ts';
import { laneKeyOf, planRoutes } from './plan-routes.ts';
import { expression, failing, path, routeOf } from './test-registry.ts';

const ID = uuidV7(1_700_000_000_000, Buffer.alloc(10, 1));
const OTHER = uuidV7(1_800_000_000_000, Buffer.alloc(10, 2));
const root = expressionRoot({
  id: ID,
  type: 'order.created',
  source: 'shop',
  data: { total: 5, lane: 'l' },
  headers: {},
  receivedAtMs: 0,
  correlationId: null,
});
const plan = (routes: Parameters<typeof planRoutes>[0], run?: string, dated?: string) => planRoutes(routes, root, 'own', 0, run, dated);

describe('planRoutes', () => {
  it('is unrouted when no route takes the message', async () => {
    expect(await plan([])).toEqual({ deliveries: [], unrouted: true });
  });

  it('plans the first step of every route, in their order', async () => {
    const { deliveries, unrouted } = await plan([
      routeOf({ name: 'a', steps: [{ name: 'one', to: 'erp' }, { to: 'crm' }] }),
      routeOf({ name: 'b', version: 7, steps: [{ to: 'crm' }] }),
    ]);
    expect(unrouted).toBe(false);
    expect(deliveries).toMatchObject([
      {
        route: 'a',
        routeVersion: 1,
        step: 0,
        stepName: 'one',
        spoke: 'erp',
        operation: 'create',
        state: 'pending',
        reason: null,
        laneKey: 'own',
      },
      { route: 'b', routeVersion: 7, spoke: 'crm', state: 'pending' },
    ]);
  });

  it.each([
    [true, 'pending'],
    [1, 'pending'],
    ['x', 'pending'],
    [[0, 1], 'pending'],
    [{ a: 1 }, 'pending'],
    [false, 'skipped'],
    [undefined, 'skipped'],
    [null, 'skipped'],
    [0, 'skipped'],
    ['', 'skipped'],
    [[], 'skipped'],
    [[0, false], 'skipped'],
    [[[]], 'skipped'],
    [{}, 'skipped'],
  ])('takes %j from a predicate as JSONata does: %s', async (value, state) => {
    const { deliveries, unrouted } = await plan([routeOf({ name: 'a', when: expression(() => value) })]);
    expect(deliveries).toMatchObject([{ state, reason: state === 'skipped' ? 'filtered' : null }]);
    expect(unrouted).toBe(false);
  });

  it('makes a route whose predicate throws dead with the reason, and leaves the others alone', async () => {
    const broken = expression(() => {
      throw new TypeError('a secret in a bug');
    });
    const { deliveries } = await plan([
      routeOf({ name: 'a', when: failing('expression.evaluate', 'T2001 at 3') }),
      routeOf({ name: 'b', when: broken }),
      routeOf({ name: 'c', orderingKey: failing('expression.limit', 'too long') }),
      routeOf({ name: 'd' }),
    ]);
    expect(deliveries.map(({ state, reason }) => [state, reason])).toEqual([
      ['dead', 'when expression.evaluate: T2001 at 3'],
      ['dead', 'when hub.internal'],
      ['dead', 'orderingKey expression.limit: too long'],
      ['pending', null],
    ]);
  });

  it('never has a reason that cannot be stored', async () => {
    const { deliveries } = await plan([routeOf({ name: 'a', when: failing('expression.evaluate', `\u0000\ud800${'x'.repeat(2_000)}`) })]);
    expect(deliveries[0]?.reason).not.toContain('\u0000');
    expect(deliveries[0]?.reason?.isWellFormed()).toBe(true);
    expect(deliveries[0]?.reason?.length).toBeLessThanOrEqual(500);
  });

  it('makes a route without steps dead', async () => {
    expect((await plan([routeOf({ name: 'a', steps: [] })])).deliveries).toMatchObject([{ state: 'dead', reason: 'route.empty' }]);
  });

  it('takes the lane of the route where it names one, also when that selects nothing', async () => {
    const { deliveries } = await plan([
      routeOf({ name: 'a', orderingKey: path('data.lane') }),
      routeOf({ name: 'b', orderingKey: path('data.none') }),
    ]);
    expect(deliveries.map(({ laneKey }) => laneKey)).toEqual(['l', null]);
  });

  it('gives the same work the same ids, and other work others', async () => {
    const routes = [routeOf({ name: 'a' }), routeOf({ name: 'b' }), routeOf({ name: 'a', version: 2 })];
    const ids = async (...args: [string?, string?]) => (await plan(routes, ...args)).deliveries.map(({ id }) => id);
    expect(await ids()).toEqual(await ids());
    const all = [...(await ids()), ...(await ids('replay-1', OTHER)), ...(await ids('replay-2', OTHER))];
    expect(new Set(all).size).toBe(9);
    expect(all.slice(0, 3).map(timeOfUuid)).toEqual(Array(3).fill(1_700_000_000_000));
    expect(all.slice(3).map(timeOfUuid)).toEqual(Array(6).fill(1_800_000_000_000));
  });
});

describe('laneKeyOf', () => {
  it.each([
    ['a', 'a'],
    [7, '7'],
    [0, '0'],
    ['', null],
    [null, null],
    [undefined, null],
    [true, null],
    [['a'], null],
    [{}, null],
    [Number.NaN, null],
  ])('%j is %j', (value, expected) => {
    expect(laneKeyOf(value)).toBe(expected);
  });

  it('keeps the lane of text that cannot be stored as it is', () => {
    const keys = ['x'.repeat(256), `${'x'.repeat(256)}y`, 'a\u0000b', '\ud800', '\udc00'].map(laneKeyOf);
    expect(new Set(keys).size).toBe(5);
    for (const key of keys) expect(key).toMatch(/^sha256:[\w-]{43}$/);
    expect(laneKeyOf('a\u0000b')).toBe(laneKeyOf('a\u0000b'));
  });
});
