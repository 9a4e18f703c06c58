import { type Clock, DEFAULT_POLICY, HubError, type InboundDefinition, type MessageStore, type TokenSource } from '@nave/core';
import { createExpressionEngine } from '@nave/expressions';
import { createAccepter } from '@nave/pipeline';
import { createLocalTokenSource } from '@nave/queue';
import { fakeIds, memoryMessageStore, plainSealer, recordingBell, recordingLogger } from '@nave/testkit';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { compileSpoke } from '../../registry/compile-spoke.ts';
import type { Actor } from '../auth/actor.ts';
import { createBodyBudget } from '../limits/body-budget.ts';
import { createCallerLimits } from '../limits/caller-limits.ts';
import { createLoadGuard } from '../limits/load-guard.ts';
import { createRefusalLimit } from '../limits/refusal-limit.ts';
import { sendProblem } from '../problem.ts';
import { ingressScope } from './index.ts';

const CALM = { waiting: 0, oldestWaitMs: 0, loopDelayMs: 0, heapShare: 0, bodyShare: 0 };
const KEY: Actor = { id: 'k1', name: 'shop', role: 'publish', spokes: ['shop'], label: 'key:shop' };
const ADMIN: Actor = { id: 'k2', name: 'all', role: 'admin', spokes: [], label: 'key:all' };

interface Options {
  rate?: InboundDefinition['rate'];
  schema?: InboundDefinition['schema'];
  tokens?: Pick<TokenSource, 'take'>;
  bodyBytesMax?: number;
  accept?: MessageStore['accept'];
}

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** The real door, verification and pipeline; messages stay in memory. */
async function hub({ rate = { limit: 3, perMs: 60_000 }, schema = null, tokens, bodyBytesMax = 1_000_000, accept }: Options = {}) {
  const time = { now: Date.now() };
  const clock: Clock = { now: () => time.now };
  const logger = recordingLogger();
  const memory = memoryMessageStore(clock);
  const expressions = createExpressionEngine();
  const inbound: InboundDefinition = {
    ...{ verify: [{ scheme: 'api-key', secrets: [{ secret: 'sender-secret', notAfterMs: null }], options: {} }], type: null, schema },
    ...{ idempotencyKey: null, orderingKey: null, keys: {}, maxBytes: 1_000, idempotencyWindowMs: 60_000, rate, retentionMs: null },
  };
  const spokes = ['shop', 'other'].map((name) =>
    compileSpoke(
      {
        ...{ name, kind: 'source', title: name, enabled: true, paused: false, version: 1, config: {}, credentials: null },
        ...{ policy: DEFAULT_POLICY, inbound: name === 'shop' ? inbound : { ...inbound, rate: null } },
      },
      { kinds: new Map(), expressions, clock, fetchJwks: async () => ({ keys: [] }) },
    ),
  );
  const registry = {
    spoke: (name: string) => spokes.find(({ definition }) => definition.name === name) ?? null,
    ...{ refresh: async () => undefined, routesFor: () => [], route: () => null, routeVersion: async () => null },
    connection: () => Promise.reject(new HubError('resource.not-found')),
  };
  const signals = { ...CALM };
  const shed: string[] = [];
  const refused: string[] = [];
  const guard = createLoadGuard({
    ...{ signals: () => signals, now: () => time.now, random: () => 0.5, logger },
    onShed: (reason) => shed.push(reason),
  });
  const bodies = createBodyBudget(bodyBytesMax);
  const app: FastifyInstance = Fastify();
  app.setErrorHandler((error, request, reply) => sendProblem(request, reply, error, logger));
  await app.register(ingressScope, {
    accepter: createAccepter({
      ...{ registry, clock, ids: fakeIds(), bell: recordingBell(), sealer: plainSealer() },
      store: accept === undefined ? memory : { ...memory, accept },
      businessKeyHash: () => new Uint8Array(0),
      onMismatch() {},
      onAccepted() {},
    }),
    ...{ registry, publicUrl: 'http://hub' },
    authenticate: async (bearer) => [KEY, ADMIN].find(({ id }) => id === bearer) ?? null,
    onRefused: ({ reason }) => refused.push(reason),
    limits: {
      ...{ guard, bodies },
      callers: createCallerLimits(tokens ?? createLocalTokenSource(), () => time.now),
      refusals: createRefusalLimit(() => time.now),
    },
  });
  closing.push(async () => {
    await app.close();
    await expressions.close();
  });
  const post = async (url: string, headers: Record<string, string>, payload: unknown) => {
    const answer = await app.inject({
      ...{ method: 'POST', url },
      headers: { 'content-type': 'application/json', ...headers },
      payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
    });
    return { status: answer.statusCode, headers: answer.headers, body: answer.json() };
  };
  return {
    ...{ app, memory, guard, signals, shed, refused, bodies, time, logger },
    stored: () => memory.messages.size,
    hook: (payload: unknown = {}, secret = 'sender-secret', spoke = 'shop') => post(`/hooks/${spoke}`, { 'x-api-key': secret }, payload),
    publish: (payload: unknown, key = 'k1') => post('/v1/messages', { authorization: `Bearer ${key}` }, payload),
  };
}

const message = (more: Record<string, unknown> = {}) => ({ source: 'shop', type: 't', data: 1, ...more });

describe('a sender of hooks with a limit', () => {
  it('is told what is left with every answer, and refused with 429 when nothing is', async () => {
    const { hook, stored } = await hub();
    const answers = [await hook(), await hook(), await hook(), await hook()];
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 429]);
    expect(answers.map(({ headers }) => headers['ratelimit'])).toEqual(
      [2, 1, 0, 0].map((left) => expect.stringMatching(`^"default";r=${left};t=\\d+$`)),
    );
    expect(answers.every(({ headers }) => headers['ratelimit-policy'] === '"default";q=3;w=60')).toBe(true);
    expect(answers[3]).toMatchObject({
      headers: { 'content-type': expect.stringContaining('application/problem+json'), 'retry-after': expect.stringMatching(/^(59|60)$/) },
      body: { code: 'limit.rate', status: 429, instance: '/hooks/shop' },
    });
    expect(stored()).toBe(3);
  });

  it('keeps its allowance when others send bad signatures, and is counted for repeats and unreadable bodies', async () => {
    const { hook, stored, refused } = await hub();
    for (let i = 0; i < 20; i++) expect((await hook({}, 'guessed')).status).toBe(401);
    expect(refused).toHaveLength(20);
    expect((await hook({}, 'guessed')).headers).not.toHaveProperty('ratelimit');
    expect((await hook('{')).status).toBe(400);
    expect((await hook({})).status).toBe(202);
    expect((await hook({})).status).toBe(202);
    expect((await hook({})).status).toBe(429);
    expect(stored()).toBe(2);
  });

  it('is refused before its body is read once nothing is left', async () => {
    const { app, hook } = await hub();
    for (let i = 0; i < 4; i++) await hook();
    // Larger than the spoke takes: reading it would answer 413.
    expect((await hook('x'.repeat(5_000))).status).toBe(429);
    expect((await app.inject({ method: 'GET', url: '/hooks/shop' })).statusCode).toBe(404);
  });

  it('without a limit hears nothing of limits, and nobody is asked', async () => {
    const tokens = { take: () => Promise.reject(new Error('asked')) };
    const { hook } = await hub({ tokens });
    for (let i = 0; i < 5; i++) {
      const { status, headers } = await hook({}, 'sender-secret', 'other');
      expect(status).toBe(202);
      expect(headers).not.toHaveProperty('ratelimit-policy');
    }
  });
});

describe('a publisher with a limit', () => {
  it('is counted for each key and spoke', async () => {
    const { publish, stored } = await hub();
    for (let i = 0; i < 3; i++) expect((await publish(message())).status).toBe(202);
    const refused = await publish(message());
    expect(refused).toMatchObject({ status: 429, body: { code: 'limit.rate' }, headers: { ratelimit: expect.stringContaining('r=0') } });
    expect((await publish(message(), 'k2')).status).toBe(202);
    expect((await publish(message({ source: 'other' }), 'k2')).headers).not.toHaveProperty('ratelimit');
    expect(stored()).toBe(5);
  });

  it('has the items of a batch beyond its limit refused one by one, in order', async () => {
    const { publish, stored } = await hub();
    const { status, body, headers } = await publish([
      message({ type: '' }),
      message(),
      message({ source: 'nobody' }),
      message(),
      message(),
      message(),
      message(),
    ]);
    expect(status).toBe(202);
    expect(body.map((item: { status: number }) => item.status)).toEqual([422, 202, 403, 202, 202, 429, 429]);
    expect(body[5]).toEqual({ status: 429, error: expect.objectContaining({ code: 'limit.rate', status: 429 }) });
    expect(headers['ratelimit']).toMatch(/r=0/);
    expect(stored()).toBe(3);
  });

  it('has a batch refused as a whole when nothing of it may come in', async () => {
    const { publish, stored } = await hub();
    await publish([message(), message(), message()]);
    expect(await publish([message(), message()])).toMatchObject({ status: 429, headers: { 'retry-after': expect.any(String) } });
    expect((await publish([message(), message()], 'k2')).status).toBe(202);
    expect(await publish([message(), message()], 'k2')).toMatchObject({ status: 202, body: [{ status: 202 }, { status: 429 }] });
    expect(await publish([message(), message()], 'k2')).toMatchObject({ status: 429, body: { code: 'limit.rate' } });
    expect(stored()).toBe(6);
  });

  it('is counted for what breaks the schema, not for what breaks the form', async () => {
    const { publish } = await hub({ schema: { type: 'object' } });
    expect((await publish(message({ data: 1 }))).status).toBe(422);
    expect((await publish({ nothing: true })).status).toBe(422);
    const last = await publish(message({ data: {} }));
    expect(last).toMatchObject({ status: 202, headers: { ratelimit: expect.stringContaining('r=1;') } });
  });
});

describe('a hub under too much load', () => {
  it('answers 503 before anything is read or looked up, and takes messages again when it is calm', async () => {
    const { hook, publish, app, guard, signals, shed, time, stored, logger } = await hub({ rate: null });
    Object.assign(signals, { waiting: 9_000 });
    guard.sample();
    expect(await hook()).toMatchObject({ status: 503, headers: { 'retry-after': '3' }, body: { code: 'limit.overload' } });
    // Neither the unknown key nor the unknown spoke is looked up, and the large body is not read.
    expect((await publish(message(), 'nobody')).status).toBe(503);
    expect((await hook('x'.repeat(5_000), '', 'nowhere')).status).toBe(503);
    expect((await app.inject({ method: 'GET', url: '/hooks/shop' })).statusCode).toBe(404);
    expect(shed).toEqual(['waiting', 'waiting', 'waiting']);
    expect(stored()).toBe(0);
    Object.assign(signals, CALM);
    time.now += 1_000;
    guard.sample();
    expect((await hook()).status).toBe(202);
    expect(logger.lines.filter(({ level }) => level !== 'debug').map(({ level }) => level)).toEqual(['warn', 'info']);
  });

  it('refuses bodies beyond the memory for them, and gives the memory back', async () => {
    const { hook, bodies, shed } = await hub({ rate: null, bodyBytesMax: 1_500 });
    const held = bodies.open();
    held.take(1_000);
    expect((await hook({ text: 'x'.repeat(900) })).status).toBe(503);
    expect(shed).toEqual(['bodies']);
    expect((await hook({ text: 'x'.repeat(100) })).status).toBe(202);
    expect(bodies.bytes()).toBe(1_000);
    held.close();
    expect((await hook({ text: 'x'.repeat(900) })).status).toBe(202);
    expect((await hook('{')).status).toBe(400);
    expect(bodies.bytes()).toBe(0);
  });

  it('holds the memory of a body until its message is stored', async () => {
    let commit = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      commit = resolve;
    });
    const { hook, bodies } = await hub({
      rate: null,
      accept: (batch) => held.then(() => batch.map(() => ({ duplicateOf: null, mismatch: false }))),
    });
    const answer = hook({ text: 'x'.repeat(500) });
    await expect.poll(() => bodies.bytes()).toBeGreaterThan(500);
    commit();
    expect((await answer).status).toBe(202);
    expect(bodies.bytes()).toBe(0);
  });
});

describe('who guesses', () => {
  it('is answered 429 at this door after a thousand refused calls in a minute', async () => {
    const { hook, publish, time } = await hub({ rate: null });
    for (let i = 0; i < 1_000; i++) await hook({}, 'guessed');
    expect(await hook({}, 'guessed')).toMatchObject({ status: 429, body: { code: 'limit.rate' }, headers: { 'retry-after': '60' } });
    expect((await hook({}, 'sender-secret', 'other')).status).toBe(202);
    expect((await publish(message())).status).toBe(202);
    time.now += 60_000;
    expect((await hook()).status).toBe(202);
  });
});
