import { type CompiledExpression, DEFAULT_POLICY, HubError, type RouteDefinition } from '@nave/core';
import type { Call, CallEnd } from '@nave/pipeline';
import { describe, expect, it } from 'vitest';
import { NO_INBOUND } from '../http/call/caller-identity.ts';
import { createRouteCaller } from './call-route.ts';

const KEY: CompiledExpression = { text: '"one"', simple: true, evaluate: async () => 'one' };
const DEFINITION: RouteDefinition = {
  ...{ name: 'price', version: 1, enabled: true, from: { spoke: 'shop', type: 'price.asked' }, when: null, orderingKey: null },
  ...{ mode: 'reply', timeoutMs: null, steps: [] },
};
const REPLIED: CallEnd = {
  ...{ kind: 'reply', messageId: 'm', duplicate: false },
  reply: { status: 200, headers: {}, body: Buffer.from('{}') },
};
const TIMED_OUT: CallEnd = {
  ...{ kind: 'problem', messageId: 'm', duplicate: false, outcome: null, spokeStatus: null },
  error: new HubError('reply.timeout'),
};

function call(timeoutMs: number, hangup: AbortSignal | null = null): Call {
  return {
    route: {
      ...{ definition: DEFINITION, when: null, orderingKey: null, steps: [] },
      call: { timeoutMs, onTimeout: 'finish', onFailure: 'cancel', onHangup: 'finish', reply: null, cache: { key: KEY, ttlMs: 60_000 } },
    },
    spoke: {
      ...{ inbound: null, operation: () => null },
      definition: {
        ...{
          name: 'shop',
          kind: 'source',
          title: '',
          version: 1,
          config: {},
          credentials: null,
          inbound: null,
          paused: false,
          enabled: true,
        },
        policy: DEFAULT_POLICY,
      },
    },
    inbound: NO_INBOUND,
    request: {
      ...{ method: 'GET', target: '/call/price', publicUrl: 'http://hub/call/price', query: {}, remoteAddress: '127.0.0.1' },
      ...{ headers: {}, body: new Uint8Array() },
    },
    ...{ verdict: { ok: true }, path: '', type: 'price.asked', hangup },
  };
}

/** Calls that end when the test says so. */
function set() {
  const calls: { call: Call; at: number; end: (how: CallEnd) => void }[] = [];
  const caller = createRouteCaller({
    ...{ registry: { route: () => null }, metrics: { called: () => undefined }, now: Date.now },
    runner: { call: (made) => new Promise((end) => calls.push({ call: made, at: performance.now(), end })) },
  });
  return { caller, calls };
}

describe('a call that waits for an equal one', () => {
  it('gets its answer', async () => {
    const { caller, calls } = set();
    const [first, second] = [caller.callRoute(call(5_000)), caller.callRoute(call(5_000))];
    await expect.poll(() => calls.length).toBe(1);
    calls[0]?.end(REPLIED);
    expect([(await first).from, (await second).from]).toEqual(['spoke', 'shared']);
    expect((await caller.callRoute(call(5_000))).from).toBe('cache');
  });

  it('is made by itself when that one fails, within what is left of its own time', async () => {
    const { caller, calls } = set();
    void caller.callRoute(call(5_000));
    await expect.poll(() => calls.length).toBe(1);
    const startedAt = performance.now();
    const second = caller.callRoute(call(20_000));
    await new Promise((resolve) => setTimeout(resolve, 200));
    calls[0]?.end(TIMED_OUT);
    await expect.poll(() => calls.length).toBe(2);
    const made = calls[1];
    expect(made?.call.route.call.timeoutMs).toBeGreaterThan(0);
    expect((made?.at ?? 0) + (made?.call.route.call.timeoutMs ?? 0)).toBeLessThanOrEqual(startedAt + 20_100);
    made?.end(REPLIED);
    expect((await second).from).toBe('spoke');
  });

  it('is told when its own time is over, and nothing is stored for it', async () => {
    const { caller, calls } = set();
    void caller.callRoute(call(60_000));
    await expect.poll(() => calls.length).toBe(1);
    const answer = await caller.callRoute(call(40));
    expect(answer).toMatchObject({ kind: 'problem', messageId: null, error: { code: 'reply.timeout' } });
    expect(calls).toHaveLength(1);
  });

  it('is not made any more when its caller has hung up', async () => {
    const { caller, calls } = set();
    void caller.callRoute(call(60_000));
    await expect.poll(() => calls.length).toBe(1);
    const hangup = new AbortController();
    const second = caller.callRoute(call(60_000, hangup.signal));
    await new Promise((resolve) => setTimeout(resolve, 20));
    hangup.abort();
    expect(await second).toMatchObject({ kind: 'problem', messageId: null });
    expect(calls).toHaveLength(1);
  });
});
