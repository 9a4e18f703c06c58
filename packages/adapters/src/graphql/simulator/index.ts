/** A small shop with a GraphQL API in Shopify's manner, for the demo and the tests: orders, user errors inside 200, points that run out. */
import { graphqlLibrary } from '@nave/protocols';
import { type SimulatedAnswer, type SimulatedRequest, type Simulator, startSimulator } from '../../simulator-kit/start-simulator.ts';
import { SHOP_SDL } from './shop-sdl.ts';

export interface GraphqlShopOrder {
  id: string;
  reference: string;
  total: string;
  status: 'OPEN' | 'CANCELLED';
}

export interface GraphqlShopSimulator extends Simulator {
  /** Every order that was created, in that order: nothing is idempotent here, one reference twice is two orders. */
  orders(): readonly GraphqlShopOrder[];
  /** The next requests find too few points: THROTTLED inside a 200, or with the status given (sources differ on which it is). */
  throttle(times: number, options?: { status?: number; requested?: number; available?: number }): void;
}

export interface GraphqlShopOptions {
  port?: number;
  /** What `X-Shopify-Access-Token` or a bearer token must be; none asked for when absent. */
  token?: string;
  /** False: introspection is refused, as in most production systems. */
  introspection?: boolean;
}

const BUCKET = { maximumAvailable: 2_000, restoreRate: 100 };
const COST = 10;

/** One endpoint, `POST /graphql`. `orderCreate` refuses an order without lines by `userErrors`; `order` finds by reference; `orders` has pages. */
export async function startGraphqlShopSimulator({
  port,
  token,
  introspection = true,
}: GraphqlShopOptions = {}): Promise<GraphqlShopSimulator> {
  const library = graphqlLibrary();
  const schema = library.buildSchema(SHOP_SDL);
  const orders: GraphqlShopOrder[] = [];
  let throttled = { times: 0, status: 200, requested: COST, available: 0 };

  function create({ input }: OrderCreateArguments): unknown {
    const wrong = input.lines.length === 0 ? { field: ['input', 'lines'], message: 'must have at least one line' } : null;
    if (wrong) return { order: null, userErrors: [wrong] };
    const total = input.lines.reduce((sum, { quantity, price }) => sum + quantity * Number(price), 0);
    const order: GraphqlShopOrder = {
      id: `gid://shop/Order/${orders.length + 1}`,
      reference: input.reference,
      total: total.toFixed(2),
      status: 'OPEN',
    };
    orders.push(order);
    return { order, userErrors: [] };
  }

  function cancel({ id }: { id: string }): unknown {
    const at = orders.findIndex((order) => order.id === id);
    const order = orders[at];
    if (!order) return { order: null, userErrors: [{ field: ['id'], message: 'Order does not exist' }] };
    const cancelled: GraphqlShopOrder = { ...order, status: 'CANCELLED' };
    orders[at] = cancelled;
    return { order: cancelled, userErrors: [] };
  }

  function page({ first, after }: { first: number; after?: string | null }): unknown {
    const from = after ? Number(Buffer.from(after, 'base64').toString()) : 0;
    const nodes = orders.slice(from, from + first);
    const end = from + nodes.length;
    return { nodes, pageInfo: { hasNextPage: end < orders.length, endCursor: Buffer.from(String(end)).toString('base64') } };
  }

  const rootValue = {
    shop: { name: 'Simulated shop' },
    order: ({ reference }: { reference: string }) => orders.find((order) => order.reference === reference) ?? null,
    orders: page,
    orderCreate: create,
    orderCancel: cancel,
  };

  function answer({ method, headers, body }: SimulatedRequest): SimulatedAnswer {
    const given = headers['x-shopify-access-token'] ?? headers['authorization']?.replace(/^Bearer /, '');
    if (token !== undefined && given !== token)
      return json(401, { errors: '[API] Invalid API key or access token (unrecognized login or wrong password)' });
    const asked = method === 'POST' ? requestOf(body) : null;
    if (!asked) return json(400, { errors: [{ message: 'expected a GraphQL request' }] });
    if (throttled.times > 0) {
      throttled = { ...throttled, times: throttled.times - 1 };
      const { requested, available } = throttled;
      const errors = [{ message: 'Throttled', extensions: { code: 'THROTTLED' } }];
      return json(throttled.status, { errors, extensions: costOf(requested, null, available) });
    }
    if (!introspection && asked.query.includes('__schema'))
      return json(200, { errors: [{ message: 'introspection is off', extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] });
    const result = library.graphqlSync({
      schema,
      source: asked.query,
      rootValue,
      variableValues: asked.variables,
      operationName: asked.operationName,
    });
    return json(200, { ...result, extensions: costOf(COST, COST, BUCKET.maximumAvailable - COST) });
  }

  const simulator = await startSimulator(answer, port);
  return {
    ...simulator,
    orders: () => [...orders],
    throttle(times, { status = 200, requested = COST, available = 0 } = {}) {
      throttled = { times, status, requested, available };
    },
  };
}

interface OrderCreateArguments {
  input: { reference: string; lines: readonly { quantity: number; price: string }[] };
}

interface GraphqlRequest {
  query: string;
  variables: Record<string, unknown>;
  operationName: string | null;
}

function requestOf(body: Buffer): GraphqlRequest | null {
  try {
    const { query, variables, operationName }: Partial<Record<keyof GraphqlRequest, unknown>> = JSON.parse(body.toString('utf8'));
    if (typeof query !== 'string') return null;
    return { query, variables: { ...Object(variables) }, operationName: typeof operationName === 'string' ? operationName : null };
  } catch {
    return null;
  }
}

function costOf(requestedQueryCost: number, actualQueryCost: number | null, currentlyAvailable: number): unknown {
  return { cost: { requestedQueryCost, actualQueryCost, throttleStatus: { ...BUCKET, currentlyAvailable } } };
}

function json(status: number, body: unknown): SimulatedAnswer {
  return { status, headers: { 'Content-Type': 'application/json; charset=utf-8' }, body: JSON.stringify(body) };
}
