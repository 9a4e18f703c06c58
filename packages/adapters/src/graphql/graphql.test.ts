import type { AdapterContext, HttpExchangeRequest, HttpExchangeResult, OperationInput, SendRequest } from '@nave/adapter-kit';
import { DEFAULT_POLICY, HubError, type Logger } from '@nave/core';
import { createGuardedHttp, createTokenCache } from '@nave/protocols';
import { createAddressGuard } from '@nave/security';
import { describeAdapterContract } from '@nave/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { createFakeExpressions } from '../fake-expressions.ts';
import { selfSignedCertificate } from '../simulator-kit/self-signed-certificate.ts';
import { graphql } from './index.ts';
import { type GraphqlShopOptions, type GraphqlShopSimulator, startGraphqlShopSimulator } from './simulator/index.ts';

const expressions = createFakeExpressions({
  'data.order': (root) => Reflect.get(Object(Reflect.get(Object(root), 'data')), 'order'),
  'boom()': () => {
    throw new HubError('expression.evaluate', { detail: 'T2001 at position 3' });
  },
  'status = 200': (root) => Reflect.get(Object(root), 'status') === 200,
  '{"reference": id}': (root) => ({ reference: Reflect.get(Object(root), 'id') }),
  '{"refrence": id}': (root) => ({ refrence: Reflect.get(Object(root), 'id') }),
});
const SECRET = 'shpat-SECRET-1';
const CREATE =
  'mutation Create($input: OrderInput!) { orderCreate(input: $input) { order { id reference } userErrors { field message } } }';
const FIND = 'query Find($reference: String!) { order(reference: $reference) { id status } }';
const LIST =
  'query List($first: Int! = 2, $after: String) { orders(first: $first, after: $after) { nodes { reference } pageInfo { hasNextPage endCursor } } }';
const order = (reference: string, lines: unknown[] = [{ sku: 'A', quantity: 2, price: '1.50' }]) => ({ input: { reference, lines } });
const input = (data: unknown): OperationInput => ({ data, raw: null });
const silent: Logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };
const clock = { now: () => 1_700_000_000_000 };

describeAdapterContract({
  adapter: graphql,
  startSimulator: () => startGraphqlShopSimulator({ token: SECRET }),
  createHttp(mode) {
    const guard = createAddressGuard({ allow: mode === 'refusing' ? [] : ['127.0.0.0/8'], forbid: [] });
    return createGuardedHttp({ guard, connectTimeoutMs: 1_000, ...(mode === 'stalled' ? { resolve: () => new Promise(() => {}) } : {}) });
  },
  createTokens: (given) => createTokenCache({ clock: given }),
  expressions,
  config: (url) => ({
    endpoint: `${url}/graphql`,
    operations: { createOrder: { document: CREATE, lookup: 'findOrder' }, findOrder: { document: FIND, result: 'data.order' } },
  }),
  credentials: { type: 'api-key', name: 'X-Shopify-Access-Token', value: SECRET },
  secrets: [SECRET],
  operation: 'createOrder',
  input: input(order('A 1')),
  injection: { skip: 'nothing of the input is mapped into headers' },
  lookup: { operation: 'findOrder', input: input({ reference: 'A 1' }) },
  certificate: selfSignedCertificate,
});

const answer = (status: number, body: unknown, contentType = 'application/json'): HttpExchangeResult => ({
  ok: true,
  status,
  headers: { 'content-type': contentType },
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
});

function parsed(body: Uint8Array | string | undefined): unknown {
  try {
    return JSON.parse(Buffer.from(body ?? '').toString());
  } catch {
    return undefined;
  }
}

interface Delivery {
  answers?: HttpExchangeResult[];
  config?: object;
  credentials?: unknown;
  others?: object;
  send?: Partial<SendRequest>;
}

async function deliver(operation: object, given: OperationInput, { answers = [], config, credentials, others, send }: Delivery = {}) {
  const requests: HttpExchangeRequest[] = [];
  const context: AdapterContext<unknown> = {
    ...{ spoke: 's', credentials, policy: DEFAULT_POLICY, logger: silent, clock, expressions },
    http: {
      async exchange(request) {
        requests.push(request);
        return answers[requests.length - 1] ?? answers.at(-1) ?? answer(200, { data: { orderCreate: null } });
      },
      close: async () => {},
    },
    tokens: createTokenCache({ clock }),
  };
  const connection = await graphql.open(
    { endpoint: 'http://shop.example/graphql', ...config, operations: { op: operation, ...others } },
    context,
  );
  const request = {
    deliveryId: 'd1',
    messageId: 'm1',
    attempt: 1,
    operation: 'op',
    input: given,
    traceparent: null,
    timeoutMs: 1_000,
    ...send,
  };
  const outcome = await connection.send(request, new AbortController().signal);
  const output: unknown = parsed(outcome.response?.body);
  return { outcome, output, requests, sent: requests.map(({ body }) => parsed(body)) };
}

const errors = (...codes: string[]) => ({ errors: codes.map((code) => ({ message: 'secret words', extensions: { code } })) });

describe('a GraphQL request', () => {
  it('is one POST with document, variables and the name of the operation', async () => {
    const { requests, sent } = await deliver({ document: CREATE }, input(order('A1')), { config: { headers: { 'X-Version': '2026-10' } } });
    expect(requests[0]).toMatchObject({
      method: 'POST',
      url: 'http://shop.example/graphql',
      headers: {
        'content-type': 'application/json',
        accept: expect.stringContaining('application/graphql-response+json'),
        'X-Version': '2026-10',
        'Idempotency-Key': 'd1',
      },
      timeoutMs: 1_000,
    });
    expect(sent).toEqual([
      { query: expect.stringContaining('orderCreate(input: $input)'), variables: order('A1'), operationName: 'Create' },
    ]);
  });

  it('carries of a document with several operations only the one that is meant', async () => {
    const document = `${CREATE} query Other { shop { ...S } } fragment S on Shop { name }`;
    const { sent } = await deliver({ document, operationName: 'Other' }, input({}), { answers: [answer(200, { data: { shop: {} } })] });
    expect(sent).toMatchObject([{ operationName: 'Other', variables: {} }]);
    expect(JSON.stringify(sent)).not.toContain('orderCreate');
    expect(JSON.stringify(sent)).toContain('fragment S');
  });

  it('takes only declared variables out of the whole input, numbers as they came', async () => {
    const text = '{"id": 12345678901234567890, "more": 1}';
    const raw = { bytes: Buffer.from(text), contentType: 'application/json' };
    const { requests } = await deliver({ document: 'query($id: ID!) { node(id: $id) { id } }' }, { data: JSON.parse(text), raw });
    expect(requests[0]?.body).toContain('"variables":{"id":12345678901234567890}');
  });

  it.each([
    ['"each"', { variables: { reference: 'id' } }],
    ['"whole"', { variables: '{"reference": id}' }],
  ])('maps variables, %s', async (_name, mapping) => {
    const { sent } = await deliver({ document: FIND, ...mapping }, input({ id: 'A1' }), {
      answers: [answer(200, { data: { order: null } })],
    });
    expect(sent).toMatchObject([{ variables: { reference: 'A1' } }]);
  });

  it.each([
    [{ document: FIND }, {}, /needs \$reference/],
    [{ document: FIND, variables: { reference: 'id' } }, { id: null }, /needs \$reference/],
    [{ document: FIND, variables: '{"refrence": id}' }, { id: 'A' }, /does not declare/],
    [{ document: FIND, variables: 'id' }, { id: 'A' }, /not an object/],
    [{ document: FIND, variables: 'boom()' }, {}, /T2001/],
  ])('is not sent when the input does not make one (case %#)', async (operation, data, detail) => {
    const { outcome, requests } = await deliver(operation, input(data));
    expect(outcome).toMatchObject({ kind: 'invalid', sent: false, detail: expect.stringMatching(detail) });
    expect(requests).toEqual([]);
  });
});

describe('an answer', () => {
  const mutation = { document: CREATE };
  const query = { document: FIND };
  const JSON_TYPE = 'application/json';
  const GRAPHQL_TYPE = 'application/graphql-response+json';
  const done = { data: { orderCreate: { order: { id: '1' }, userErrors: [] } } };

  it.each<[string, object, HttpExchangeResult, string]>([
    ['data alone', mutation, answer(200, done), 'ok'],
    ['nothing found', query, answer(200, { data: { order: null } }), 'ok'],
    ['user errors', mutation, answer(200, { data: { orderCreate: { order: null, userErrors: [{ message: 'x' }] } } }), 'rejected'],
    ['errors in a 200: FORBIDDEN', mutation, answer(200, { data: null, ...errors('FORBIDDEN') }), 'rejected'],
    ['errors in a 200: UNAUTHENTICATED', mutation, answer(200, errors('UNAUTHENTICATED')), 'rejected'],
    ['errors in a 200: BAD_USER_INPUT', mutation, answer(200, errors('BAD_USER_INPUT')), 'invalid'],
    ['errors in a 200: GRAPHQL_VALIDATION_FAILED', mutation, answer(200, errors('GRAPHQL_VALIDATION_FAILED')), 'invalid'],
    ['errors in a 200: GRAPHQL_PARSE_FAILED', mutation, answer(200, errors('GRAPHQL_PARSE_FAILED')), 'invalid'],
    ['errors in a 200: THROTTLED', mutation, answer(200, errors('THROTTLED')), 'throttled'],
    ['errors in a 200: RATE_LIMITED', mutation, answer(200, errors('RATE_LIMITED')), 'throttled'],
    ['errors in a 200: INTERNAL_SERVER_ERROR', mutation, answer(200, errors('INTERNAL_SERVER_ERROR')), 'fault'],
    ['an error without a code', mutation, answer(200, { errors: [{ message: 'no' }] }), 'rejected'],
    ['errors that are texts', mutation, answer(200, { errors: ['no'] }), 'rejected'],
    ['the worst of several errors', mutation, answer(200, errors('THROTTLED', 'INTERNAL_SERVER_ERROR', 'FORBIDDEN')), 'rejected'],
    ['errors in a 4xx of GraphQL', mutation, answer(400, errors('BAD_USER_INPUT'), GRAPHQL_TYPE), 'invalid'],
    ['errors in a 5xx of GraphQL', mutation, answer(500, errors('INTERNAL_SERVER_ERROR'), GRAPHQL_TYPE), 'fault'],
    ['a 4xx of GraphQL that is throttling', mutation, answer(400, errors('THROTTLED'), GRAPHQL_TYPE), 'throttled'],
    ['a failing status over data', mutation, answer(500, done, GRAPHQL_TYPE), 'fault'],
    ['a 502 with JSON, which may be a proxy', mutation, answer(502, errors('BAD_USER_INPUT'), JSON_TYPE), 'fault'],
    ['an unreadable 4xx of GraphQL', mutation, answer(400, '{"err', GRAPHQL_TYPE), 'rejected'],
    ['partial data of a mutation', mutation, answer(200, { data: { a: { id: 1 }, b: null }, ...errors('BAD_USER_INPUT') }), 'unknown'],
    [
      'partial data of a repeatable one',
      { ...mutation, idempotent: 'always' },
      answer(200, { data: { a: 1 }, ...errors('INTERNAL_SERVER_ERROR') }),
      'fault',
    ],
    ['partial data of a query', query, answer(200, { data: { a: { id: 1 } }, ...errors('FORBIDDEN') }), 'rejected'],
    ['a truncated 200 to a mutation', mutation, answer(200, '{"data":{"order'), 'unknown'],
    ['a truncated 200 to a query', query, answer(200, '{"data":{"order'), 'invalid'],
    ['a page for people', mutation, answer(200, '<html></html>', 'text/html'), 'unknown'],
    ['an empty 200', query, answer(200, ''), 'invalid'],
    ['an empty object', query, answer(200, {}), 'invalid'],
    ['null', query, answer(200, 'null'), 'invalid'],
    ['a list', query, answer(200, []), 'invalid'],
    ['data: null without errors', query, answer(200, { data: null }), 'invalid'],
    ['data that is text', query, answer(200, { data: 'x' }), 'invalid'],
    ['errors that are no list', query, answer(200, { errors: 'no' }), 'invalid'],
    ['JSON nested too deeply', query, answer(200, `{"data":${'['.repeat(200)}${']'.repeat(200)}}`), 'invalid'],
  ])('%s is judged', async (_name, operation, given, kind) => {
    const { outcome } = await deliver(operation, input({ ...order('A'), reference: 'A' }), { answers: [given] });
    expect(outcome).toMatchObject({ kind, sent: true });
    expect(outcome.detail).not.toContain('secret words');
  });

  it('names codes and places of errors, never their messages', async () => {
    const given = answer(200, {
      data: { orderCreate: null },
      errors: [
        { message: 'jan@example.com', path: ['orderCreate', 'order', 0], extensions: { code: 'NO_SUCH' } },
        { message: 'x', path: ['jan@example.com'], extensions: { code: 'jan@example.com' } },
      ],
    });
    const { outcome } = await deliver(mutation, input(order('A')), { answers: [given] });
    expect(outcome.detail).toBe('answered 200 with 2 GraphQL errors (NO_SUCH at orderCreate.order.0, error without a code)');
  });

  it('reads codes as the spoke says', async () => {
    const config = { codes: { LOCKED: 'throttled', FORBIDDEN: 'fault' } };
    expect((await deliver(mutation, input(order('A')), { config, answers: [answer(200, errors('LOCKED'))] })).outcome.kind).toBe(
      'throttled',
    );
    expect((await deliver(mutation, input(order('A')), { config, answers: [answer(200, errors('FORBIDDEN'))] })).outcome.kind).toBe(
      'fault',
    );
  });

  it.each<[string, object, unknown, string]>([
    ['success despite errors', { success: 'status = 200' }, { data: { orderCreate: null }, ...errors('FORBIDDEN') }, 'ok'],
    ['no success despite data', { success: 'data.orderCreate.order' }, { data: { orderCreate: { order: null } } }, 'rejected'],
    [
      'errors where success does not hold',
      { success: 'data.orderCreate.order' },
      { data: null, ...errors('INTERNAL_SERVER_ERROR') },
      'fault',
    ],
    ['a refusal found', { reject: 'data.orderCreate.problems' }, { data: { orderCreate: { problems: [{ a: 1 }] } } }, 'rejected'],
    ['no refusal found', { reject: 'data.orderCreate.problems' }, { data: { orderCreate: { problems: [] } } }, 'ok'],
    ['userErrors where another rule decides', { reject: 'data.x' }, { data: { orderCreate: { userErrors: [{}] } } }, 'ok'],
    ['refused before it is a success', { reject: 'data.x', success: 'status = 200' }, { data: { x: true } }, 'rejected'],
    ['a rule that fails', { success: 'boom()' }, { data: { x: true } }, 'unknown'],
    ['a result that fails', { result: 'boom()' }, { data: { x: true } }, 'unknown'],
  ])('follows the rules of the operation: %s', async (_name, rules, given, kind) => {
    expect((await deliver({ ...mutation, ...rules }, input(order('A')), { answers: [answer(200, given)] })).outcome).toMatchObject({
      kind,
    });
  });

  it('gives later steps the result, or the whole answer', async () => {
    const answers = [answer(200, done)];
    expect((await deliver({ ...mutation, result: 'data.orderCreate.order' }, input(order('A')), { answers })).output).toEqual({ id: '1' });
    expect((await deliver({ ...mutation, result: 'data.none' }, input(order('A')), { answers })).output).toBeNull();
    expect((await deliver(mutation, input(order('A')), { answers })).output).toEqual(done);
  });

  it('renews a token that is refused inside a 200, once', async () => {
    const token = (value: string) => answer(200, { access_token: value, expires_in: 60 });
    const credentials = { type: 'oauth2-client-credentials', tokenUrl: 'http://id.example/token', clientId: 'c', clientSecret: 'SECRET' };
    const refused = answer(200, { data: { orderCreate: null }, ...errors('UNAUTHENTICATED') });
    const renewed = await deliver(mutation, input(order('A')), {
      credentials,
      answers: [token('one'), refused, token('two'), answer(200, done)],
    });
    expect(renewed.outcome.kind).toBe('ok');
    expect(renewed.requests.map(({ headers }) => headers['Authorization'] ?? '').filter((each) => each.startsWith('Bearer'))).toEqual([
      'Bearer one',
      'Bearer two',
    ]);
    const again = await deliver(mutation, input(order('A')), { credentials, answers: [token('one'), refused, token('two'), refused] });
    expect(again.outcome).toMatchObject({ kind: 'rejected', status: 200 });
    expect(again.requests).toHaveLength(4);
  });
});

describe('throttling by cost', () => {
  const cost = (requested: unknown, available: unknown, rate: unknown = 100, maximum: unknown = 2_000) => ({
    ...errors('THROTTLED'),
    extensions: {
      cost: {
        requestedQueryCost: requested,
        actualQueryCost: null,
        throttleStatus: { maximumAvailable: maximum, currentlyAvailable: available, restoreRate: rate },
      },
    },
  });

  it.each<[unknown, object]>([
    [cost(250, 50), { kind: 'throttled', retryAfterMs: 2_000 }],
    [cost(251, 50), { kind: 'throttled', retryAfterMs: 2_010 }],
    [cost(2_001, 50), { kind: 'rejected' }],
    [cost(1_900, 0, 0.0001), { kind: 'throttled', retryAfterMs: 3_600_000 }],
  ])('waits until the bucket holds enough: %j', async (given, expected) => {
    expect((await deliver({ document: CREATE }, input(order('A')), { answers: [answer(200, given)] })).outcome).toMatchObject(expected);
    const status = 429;
    if (Reflect.get(expected, 'kind') === 'throttled')
      expect((await deliver({ document: CREATE }, input(order('A')), { answers: [answer(status, given)] })).outcome).toMatchObject(
        expected,
      );
  });

  it.each([cost('a', 50), cost(100, null), cost(100, 0, 0), cost(100, 0, -5)])(
    'says nothing where the figures are odd: %j',
    async (given) => {
      const { outcome } = await deliver({ document: CREATE }, input(order('A')), { answers: [answer(200, given)] });
      expect(outcome.kind).toBe('throttled');
      expect(outcome.retryAfterMs).toBeUndefined();
    },
  );

  it('keeps a longer Retry-After', async () => {
    const given = { ...answer(200, cost(250, 50)), headers: { 'content-type': 'application/json', 'retry-after': '9' } };
    const { outcome } = await deliver({ document: CREATE }, input(order('A')), { answers: [given] });
    expect(outcome).toMatchObject({ kind: 'throttled', retryAfterMs: 9_000 });
  });
});

describe('a lookup', () => {
  const find = { document: FIND, result: 'data.order' };
  const others = { create: { document: CREATE, lookup: 'op' } };

  it.each<[string, HttpExchangeResult]>([
    ['a refusal inside a 200', answer(200, { data: { order: null }, ...errors('FORBIDDEN') })],
    ['an endpoint that is gone', answer(404, 'no', 'text/plain')],
    ['an unreadable answer', answer(200, '{"data"')],
  ])('never takes for "not done" what says nothing: %s', async (_name, given) => {
    expect((await deliver(find, input({ reference: 'A' }), { others, answers: [given] })).outcome.kind).toBe('invalid');
  });

  it('answers with nothing when nothing was found', async () => {
    const { outcome, output } = await deliver(find, input({ reference: 'A' }), {
      others,
      answers: [answer(200, { data: { order: null } })],
    });
    expect(outcome.kind).toBe('ok');
    expect(output).toBeNull();
  });
});

describe('pages', () => {
  const paginate = { cursor: 'after', pageInfo: 'orders.pageInfo', items: 'orders.nodes', pages: 3 };
  const page = (nodes: unknown, hasNextPage: boolean, endCursor: unknown) =>
    answer(200, { data: { orders: { nodes, pageInfo: { hasNextPage, endCursor } } } });

  it('are followed by their cursors and answered as one', async () => {
    const answers = [page([1, 2], true, 'a'), page([], true, 'b'), page([3], false, null)];
    const { outcome, output, sent } = await deliver({ document: LIST, paginate }, input({ first: 2 }), { answers });
    expect(outcome).toMatchObject({ kind: 'ok', detail: 'answered 200, 3 pages' });
    expect(output).toEqual({ data: { orders: { nodes: [1, 2, 3], pageInfo: { hasNextPage: false, endCursor: null } } } });
    expect(sent.map((each) => Reflect.get(Object(each), 'variables'))).toEqual([
      { first: 2 },
      { first: 2, after: 'a' },
      { first: 2, after: 'b' },
    ]);
  });

  it('keep numbers as they came, and give the result of all', async () => {
    const big = answer(200, '{"data":{"orders":{"nodes":[12345678901234567890],"pageInfo":{"hasNextPage":false}}}}');
    const plain = await deliver({ document: LIST, paginate }, input({}), { answers: [big] });
    expect(Buffer.from(plain.outcome.response?.body ?? []).toString()).toContain('[12345678901234567890]');
    const answers = [page([1], true, 'a'), page([2], false, null)];
    expect((await deliver({ document: LIST, paginate, result: 'data.orders.nodes' }, input({}), { answers })).output).toEqual([1, 2]);
  });

  it.each<[string, HttpExchangeResult[], RegExp]>([
    ['more of them than allowed', [page([1], true, 'a'), page([2], true, 'b'), page([3], true, 'c')], /more pages/],
    ['a cursor that comes again', [page([1], true, 'a'), page([2], true, 'a')], /no new cursor/],
    ['no cursor', [page([1], true, null)], /no new cursor/],
    ['no list', [page({}, false, null)], /not a list/],
  ])('are never quietly shortened: %s', async (_name, answers, detail) => {
    const { outcome } = await deliver({ document: LIST, paginate }, input({}), { answers });
    expect(outcome).toMatchObject({ kind: 'invalid', detail: expect.stringMatching(detail) });
  });

  it('fail as one', async () => {
    const answers = [page([1], true, 'a'), answer(200, errors('THROTTLED'))];
    expect((await deliver({ document: LIST, paginate }, input({}), { answers })).outcome.kind).toBe('throttled');
  });

  it('of something that is not there are none', async () => {
    const answers = [answer(200, { data: { orders: null } })];
    expect(await deliver({ document: LIST, paginate }, input({}), { answers })).toMatchObject({
      outcome: { kind: 'ok' },
      output: { data: { orders: null } },
    });
  });
});

describe('against the simulated shop', () => {
  let simulator: GraphqlShopSimulator | null = null;
  const http = createGuardedHttp({ guard: createAddressGuard({ allow: ['127.0.0.0/8'], forbid: [] }) });
  afterEach(async () => {
    await simulator?.close();
  });

  async function open(operations: object, options: GraphqlShopOptions = {}) {
    simulator = await startGraphqlShopSimulator(options);
    const shop = simulator;
    const context: AdapterContext<unknown> = {
      ...{ spoke: 's', credentials: { type: 'bearer', token: SECRET }, policy: DEFAULT_POLICY, logger: silent, clock, expressions, http },
      tokens: createTokenCache({ clock }),
    };
    const connection = await graphql.open({ endpoint: `${shop.url}/graphql`, operations }, context);
    const never = new AbortController().signal;
    return {
      shop,
      probe: () => connection.probe(never),
      async send(operation: string, data: unknown) {
        const request = {
          deliveryId: 'd',
          messageId: 'm',
          attempt: 1,
          operation,
          input: input(data),
          traceparent: null,
          timeoutMs: 60_000,
        };
        const outcome = await connection.send(request, never);
        return { ...outcome, output: outcome.response ? JSON.parse(Buffer.from(outcome.response.body).toString()) : null };
      },
    };
  }

  it('creates, finds, pages, cancels, and is refused', async () => {
    const { send, shop } = await open({
      create: { document: CREATE, result: 'data.orderCreate.order' },
      find: { document: FIND, result: 'data.order' },
      list: {
        document: LIST,
        result: 'data.orders.nodes',
        paginate: { cursor: 'after', pageInfo: 'orders.pageInfo', items: 'orders.nodes' },
      },
      cancel: { document: 'mutation($id: ID!) { orderCancel(id: $id) { order { status } userErrors { message } } }' },
    });
    for (const reference of ['A', 'B', 'C', 'D', 'E'])
      expect(await send('create', order(reference))).toMatchObject({ kind: 'ok', output: { reference } });
    expect((await send('find', { reference: 'C' })).output).toEqual({ id: 'gid://shop/Order/3', status: 'OPEN' });
    expect((await send('find', { reference: 'Z' })).output).toBeNull();
    expect((await send('list', { first: 2 })).output).toHaveLength(5);
    expect(await send('cancel', { id: 'gid://shop/Order/3' })).toMatchObject({ kind: 'ok' });
    expect(await send('cancel', { id: 'gid://shop/Order/9' })).toMatchObject({
      kind: 'rejected',
      detail: expect.stringContaining('userErrors of orderCancel'),
    });
    expect(await send('create', order('F', []))).toMatchObject({ kind: 'rejected' });
    expect(await send('create', { input: { reference: 'G' } })).toMatchObject({ kind: 'rejected', status: 200 });
    expect(shop.orders().map(({ total }) => total)).toEqual(['3.00', '3.00', '3.00', '3.00', '3.00']);
  });

  it.each([200, 429])('waits as told where it is throttled with %i', async (status) => {
    const { send, shop } = await open({ create: { document: CREATE } });
    shop.throttle(1, { status, requested: 250, available: 50 });
    expect(await send('create', order('A'))).toMatchObject({ kind: 'throttled', retryAfterMs: 2_000 });
    expect(await send('create', order('A'))).toMatchObject({ kind: 'ok' });
  });

  it('checks documents against what the system says of itself', async () => {
    const { probe } = await open({ create: { document: CREATE }, odd: { document: '{ shop { nmae } }' } });
    expect(await probe()).toEqual({
      ok: false,
      detail: 'line 1, column 10: Cannot query field "nmae" on type "Shop". Did you mean "name"?',
      checks: [
        { name: 'reachable', ok: true, detail: 'answered 200' },
        { name: 'credentials', ok: true, detail: 'not refused' },
        { name: 'schema', ok: true, detail: 'queries shop, order, orders; mutations orderCreate, orderCancel' },
        { name: 'operation create', ok: true, detail: 'fits the schema' },
        { name: 'operation odd', ok: false, detail: 'line 1, column 10: Cannot query field "nmae" on type "Shop". Did you mean "name"?' },
      ],
    });
  });

  it('takes hidden schemas for a warning, and refused credentials for a failure', async () => {
    const hidden = await open({}, { introspection: false });
    expect(await hidden.probe()).toMatchObject({
      ok: true,
      detail: expect.stringMatching(/^warning: it refuses introspection.*GRAPHQL_VALIDATION_FAILED/),
    });
    await simulator?.close();
    const refused = await open({}, { token: 'another' });
    expect(await refused.probe()).toMatchObject({
      ok: false,
      checks: [
        { name: 'reachable', ok: true },
        { name: 'credentials', ok: false },
      ],
    });
  });

  it.each<[string, object, object]>([
    [
      'a page for people',
      { status: 200, headers: { 'Content-Type': 'text/html' }, body: '<html>' },
      { ok: false, checks: [{}, {}, { name: 'graphql', ok: false }] },
    ],
    ['another system', { status: 404, body: 'no' }, { ok: false, checks: [{}, {}, { name: 'graphql', ok: false }] }],
    [
      'Apollo without introspection',
      { status: 400, headers: { 'Content-Type': 'application/json' }, body: '{"errors":[{"message":"x"}]}' },
      { ok: true },
    ],
    [
      'no permission inside a 200',
      { status: 200, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(errors('FORBIDDEN')) },
      { ok: false },
    ],
    [
      'throttling',
      { status: 200, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(errors('THROTTLED')) },
      { ok: true },
    ],
    [
      'half an introspection',
      { status: 200, headers: { 'Content-Type': 'application/json' }, body: '{"data":{"__schema":{"types":[]}}}' },
      { ok: true },
    ],
  ])('finds out what answers there: %s', async (_name, fault, expected) => {
    const { probe, shop } = await open({});
    shop.fail(Object.assign({ kind: 'status' as const, status: 200 }, fault));
    expect(await probe()).toMatchObject(expected);
  });
});
