/** A valid body of every operation that takes one: what the suites spoil, one field at a time. */

export const SAMPLES: Readonly<Record<string, unknown>> = {
  'POST /v1/messages': {
    source: 'shop',
    type: 'order.created',
    data: { text: 'x' },
    idempotencyKey: 'k',
    orderingKey: 'o',
    correlationId: 'c',
  },
  'POST /api/v1/spokes': spoke('fresh'),
  'PUT /api/v1/spokes/{name}': spoke('shop'),
  'PATCH /api/v1/spokes/{name}': { title: 'x', inbound: { type: 'type' } },
  'POST /api/v1/routes': { name: 'fresh', ...route() },
  'PUT /api/v1/routes/{name}': route(),
  'PATCH /api/v1/routes/{name}': { when: 'true', from: { spoke: 'shop', type: 'order.*' } },
  'POST /api/v1/routes/{name}/simulate': {
    message: {
      ...{ type: 'order.created', data: { text: 'x' }, source: 'shop', headers: { 'x-a': 'b' }, orderingKey: 'o', correlationId: 'c' },
      ...{ receivedAt: '2026-01-01T00:00:00Z', query: { a: 'b' }, method: 'POST', path: 'a' },
    },
    answers: { one: 7 },
  },
  'POST /api/v1/expressions/evaluate': {
    ...{ expression: 'data.x', input: 'x', scope: 'route', headers: { 'x-a': 'b' }, query: { a: 'b' }, method: 'POST' },
  },
  'POST /api/v1/alerts': { name: 'fresh', ...alertRule() },
  'PUT /api/v1/alerts/{name}': alertRule(),
  'PATCH /api/v1/alerts/{name}': { severity: 'critical', spokes: ['erp'] },
  'POST /api/v1/keys': { name: 'fresh', role: 'publish', spokes: ['shop'], expiresAt: '2099-01-01T00:00:00Z' },
  'POST /api/v1/session': { key: 'no-such-key' },
  'PUT /api/v1/config': { spokes: { fresh: spoke('fresh') }, routes: { fresh: route() } },
  'POST /api/v1/config/diff': { spokes: { fresh: spoke('fresh') }, routes: { fresh: route() } },
  'POST /api/v1/spokes/{name}/resume': { rate: 10, dryRun: true },
  'POST /api/v1/queues/{spoke}/resume': { rate: 10, dryRun: true },
  'POST /api/v1/replays': { filter: { spoke: 'shop', type: 'order.*', route: 'orders', from: '2020-01-01T00:00:00Z' }, dryRun: true },
  'POST /api/v1/views': { name: 'fresh', screen: 'messages', query: { spoke: 'shop' }, shared: true },
  'PUT /api/v1/views/{id}': { name: 'mine', screen: 'deliveries', query: { state: 'dead' } },
  'POST /api/v1/messages/{id}/replay': { route: 'orders', body: '{"n":1}', contentType: 'application/json' },
  'POST /api/v1/deliveries/{id}/resolve': { outcome: 'done', output: 'x' },
};

function spoke(name: string): Record<string, unknown> {
  return {
    name,
    kind: 'rest',
    title: 'x',
    config: { baseUrl: 'http://127.0.0.1:9', operations: { create: { method: 'POST', path: '/x', headers: { 'x-a': "'b'" }, body: '$' } } },
    credentials: { type: 'bearer', token: 'a-secret-token' },
    policy: {
      timeout: '1s',
      retryBudget: { ratio: 0.5, perMinute: 10 },
      operations: { create: { timeout: '1s', retry: { preset: 'fast' } } },
    },
    inbound: {
      verify: { scheme: 'none' },
      type: 'type',
      idempotencyKey: 'id',
      orderingKey: 'o',
      keys: { order: 'number' },
      rate: { limit: 100, per: '1s' },
      retention: '30d',
    },
  };
}

function alertRule(): Record<string, unknown> {
  return {
    ...{ when: { condition: 'dead', window: '1h' }, spokes: ['erp'], for: '1m', severity: 'warning', groupBy: 'rule', repeat: '1h' },
    notify: [{ to: 'erp', operation: 'create', after: '5m', severity: 'critical' }],
    quiet: [{ days: ['mon'], from: '22:00', to: '06:00', timezone: 'Europe/Prague' }],
  };
}

function route(): Record<string, unknown> {
  return {
    from: { spoke: 'shop', type: 'order.*' },
    when: 'data.total > 0',
    orderingKey: 'data.o',
    steps: [{ name: 'one', to: 'erp', operation: 'create', input: '$', atMostOnce: true }],
  };
}

/** Every way to replace one text in a value. */
export function withEachText(value: unknown, replace: unknown): { path: string; value: unknown }[] {
  if (typeof value === 'string') return [{ path: '', value: replace }];
  if (Array.isArray(value))
    return value.flatMap((item: unknown, index) =>
      withEachText(item, replace).map((spoilt) => ({ path: `/${index}${spoilt.path}`, value: value.with(index, spoilt.value) })),
    );
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) =>
    withEachText(item, replace).map((spoilt) => ({ path: `/${name}${spoilt.path}`, value: { ...value, [name]: spoilt.value } })),
  );
}

/** Every way to replace one member of an object by something of another type. */
export function withEachMember(value: unknown, replace: unknown): { path: string; value: unknown }[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.keys(value).map((name) => ({ path: `/${name}`, value: { ...value, [name]: replace } }));
}
