import { describe, expect, it } from 'vitest';
import { planRoutes } from './plan-routes.ts';
import { type SimulatedMessage, simulateRoute } from './simulate-route.ts';
import { expression, failing, path, routeOf } from './test-registry.ts';

const NOW = Date.UTC(2026, 10, 21);
const message: SimulatedMessage = {
  ...{ id: '019aa000-0000-7000-8000-000000000001', type: 'order.created', source: 'shop', data: { n: 1, ok: true }, headers: {} },
  ...{ receivedAtMs: NOW, correlationId: null, orderingKey: 'own', content: { headers: {}, query: {}, method: 'POST' } },
};

function text(words: string, evaluate: Parameters<typeof expression>[0]) {
  return { ...expression(evaluate), text: words };
}

describe('a simulation', () => {
  it('maps each step as a delivery would, the message as it is where there is no mapping', async () => {
    const route = routeOf({ name: 'r', steps: [{ input: path('data.n') }, {}] });
    expect(await simulateRoute(route, message, {}, NOW)).toEqual({
      matches: { source: true, type: true, when: true },
      orderingKey: 'own',
      failures: [],
      steps: [
        { input: 1, needs: [], failure: null },
        { input: message.data, needs: [], failure: null },
      ],
    });
  });

  it('says which of source, type and condition do not fit, and maps all the same', async () => {
    const route = routeOf({ name: 'r', when: path('data.missing') });
    const other = { ...route, definition: { ...route.definition, from: { spoke: 'bank', type: 'payment.*' } } };
    const { matches, steps } = await simulateRoute(other, message, {}, NOW);
    expect(matches).toEqual({ source: false, type: false, when: false });
    expect(steps[0]?.input).toEqual(message.data);
  });

  it('has the lane of the route, under the id that the delivery would have', async () => {
    const seen: unknown[] = [];
    const key = expression((_root, scope) => seen.push(scope?.seed) && 'lane-7');
    const route = routeOf({ name: 'r', version: 4, orderingKey: key });
    expect((await simulateRoute(route, message, {}, NOW)).orderingKey).toBe('lane-7');
    const { deliveries } = await planRoutes([route], { ...message, receivedAt: '', steps: {} }, null, NOW);
    expect(seen[0]).toBe(deliveries[0]?.id);
  });

  it('tells where an expression failed and goes on with the others', async () => {
    const broken = failing('expression.evaluate', 'T2001 at position 3: no number');
    const when = await simulateRoute(routeOf({ name: 'r', when: broken }), message, {}, NOW);
    expect([when.matches.when, when.failures]).toEqual([
      null,
      [{ path: '/when', detail: 'expression.evaluate: T2001 at position 3: no number' }],
    ]);
    const lane = await simulateRoute(routeOf({ name: 'r', orderingKey: broken }), message, {}, NOW);
    expect([lane.matches.when, lane.failures[0]?.path]).toEqual([true, '/orderingKey']);
    const steps = [{ input: broken }, { input: path('nothing.there') }, { input: path('data.n') }];
    const mapped = await simulateRoute(routeOf({ name: 'r', steps }), message, {}, NOW);
    expect(mapped.failures.map((failure) => failure.path)).toEqual(['/steps/0/input', '/steps/1/input']);
    expect(mapped.steps.map(({ input }) => input)).toEqual([undefined, undefined, 1]);
  });

  it('uses the answers that are given and names those that it would need', async () => {
    const read = (name: string) => (root: unknown) => Reflect.get(Object(Reflect.get(Object(root), 'steps')), name);
    const steps = [
      { name: 'one' },
      { name: 'two', input: text('steps.one', read('one')) },
      { name: 'three', input: text('$response("two").body', (_root, scope) => scope?.responses?.['two']?.body) },
      { name: 'four', input: text('$keys(steps)', (root) => Object.keys(Object(Reflect.get(Object(root), 'steps')))) },
      { name: 'five', input: path('data.n') },
    ];
    const route = routeOf({ name: 'r', steps });
    const unknown = await simulateRoute(route, message, {}, NOW);
    expect(unknown.steps.map(({ needs }) => needs)).toEqual([[], ['one'], ['two'], ['one', 'two', 'three'], []]);
    expect(unknown.failures).toEqual([]);
    const known = await simulateRoute(route, message, { one: 'a', two: 'b', three: null }, NOW);
    expect(known.steps.map(({ input }) => input)).toEqual([message.data, 'a', 'b', ['one', 'two', 'three'], 1]);
  });

  it('throws what no expression is to blame for', async () => {
    const input = expression(() => {
      throw new TypeError('a bug');
    });
    await expect(simulateRoute(routeOf({ name: 'r', steps: [{ input }] }), message, {}, NOW)).rejects.toThrow('a bug');
  });
});
