import type { AdapterContext, PollPage, PollStart, SpokeConnection } from '@nave/adapter-kit';
import { DEFAULT_POLICY, HubError, type Logger } from '@nave/core';
import { createTokenCache } from '@nave/protocols';
import { describe, expect, it } from 'vitest';
import { createFakeExpressions } from '../fake-expressions.ts';
import { rest } from './index.ts';

const silent: Logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };
const never = new AbortController().signal;
const expressions = createFakeExpressions({
  'boom()': () => {
    throw new HubError('expression.evaluate', { detail: 'T2001' });
  },
});
const orders = {
  path: '/orders',
  query: { since: 'cursor', limit: 'limit' },
  ...{ items: 'body.orders', id: 'id', type: "'order.changed'", orderingKey: 'customer', cursor: 'body.next', more: 'body.more' },
};

/** Answers in turn; the URLs that were asked for. */
async function open(answers: readonly { status?: number; body: unknown }[], poll: object = orders) {
  const asked: string[] = [];
  const clock = { now: () => 0 };
  const context: AdapterContext<unknown> = {
    ...{ spoke: 's', credentials: { type: 'bearer', token: 'secret' }, policy: DEFAULT_POLICY, logger: silent, clock, expressions },
    addresses: { resolve: () => Promise.reject(new Error('unused')) },
    http: {
      async exchange({ url }) {
        const { status = 200, body } = answers[asked.length] ?? { body: {} };
        asked.push(url);
        return { ok: true, status, headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify(body)) };
      },
      close: async () => {},
    },
    tokens: createTokenCache({ clock }),
  };
  const connection: SpokeConnection = await rest.open({ baseUrl: 'http://erp.example/api/', polls: { orders: poll } }, context);
  const next = async (cursor: string | null, from?: PollStart): Promise<PollPage> =>
    (await connection.poll?.('orders', cursor, 50, never, from)) ?? { ok: true, items: [], cursor: '', more: false };
  return { asked, next };
}

describe('a poll of a rest spoke', () => {
  it('is declared by its configuration', () => {
    const config = { baseUrl: 'http://erp.example', polls: { orders: { ...orders, every: '1m' } } };
    expect(rest.pollsOf(config)).toEqual([{ name: 'orders', title: 'orders', everyMs: 60_000, eventTypes: [] }]);
    expect(rest.check(config, { type: 'none' }, { expressions })).toEqual([]);
    const wrong = { ...config, polls: { orders: { ...orders, path: '/orders/{id}', items: '!', headers: { 'bad name': 'x' } } } };
    expect(rest.check(wrong, { type: 'none' }, { expressions }).map(({ path }) => path)).toEqual([
      ...['/config/polls/orders/path', '/config/polls/orders/items', '/config/polls/orders/headers/bad name'],
    ]);
  });

  it('fetches page after page from where the one before ended', async () => {
    const { asked, next } = await open([
      { body: { orders: [{ id: 1, customer: 'c' }, { id: 2 }], next: 'n2', more: true } },
      { body: { orders: { id: 3 }, next: null, more: false } },
    ]);
    const first = await next(null, 'start');
    expect(first).toEqual({
      ...{ ok: true, cursor: '{"at":"n2"}', more: true },
      items: [
        { type: 'order.changed', data: { id: 1, customer: 'c' }, idempotencyKey: '1', orderingKey: 'c' },
        { type: 'order.changed', data: { id: 2 }, idempotencyKey: '2' },
      ],
    });
    expect(await next('{"at":"n2"}')).toMatchObject({ items: [{ idempotencyKey: '3' }], cursor: '{"at":"n2"}', more: false });
    expect(asked).toEqual(['http://erp.example/api/orders?limit=50', 'http://erp.example/api/orders?since=n2&limit=50']);
  });

  it('from now on walks over what is there without taking it', async () => {
    const { next } = await open([
      { body: { orders: [{ id: 1 }], next: 5, more: true } },
      { body: { orders: [{ id: 2 }], next: 6, more: false } },
      { body: { orders: [{ id: 3 }], next: 7, more: false } },
    ]);
    expect(await next(null)).toMatchObject({ items: [], cursor: '{"at":5,"passing":true}', more: true });
    expect(await next('{"at":5,"passing":true}')).toMatchObject({ items: [], cursor: '{"at":6}', more: false });
    expect(await next('{"at":6}')).toMatchObject({ items: [{ idempotencyKey: '3' }] });
  });

  it.each([
    [{ status: 503, body: {} }, orders, 'fault'],
    [{ status: 401, body: {} }, orders, 'rejected'],
    [{ body: { orders: [{}] } }, orders, 'invalid'],
    [{ body: { orders: [{ id: 1 }] } }, { ...orders, id: 'boom()' }, 'invalid'],
    [{ body: { orders: Array.from({ length: 2_001 }, (_, id) => ({ id })) } }, orders, 'invalid'],
  ])('fails as a value on %j', async (answer, poll, kind) => {
    const { next } = await open([answer], poll);
    expect(await next('{"at":1}')).toMatchObject({ ok: false, outcome: { kind } });
  });

  it('reads no cursor of another, and has no other poll', async () => {
    const { next } = await open([]);
    for (const cursor of ['nonsense', '[]', '{}']) expect(await next(cursor)).toMatchObject({ ok: false });
  });
});
