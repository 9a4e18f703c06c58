/** The ingress of a hub for tests: the real door, verification and pipeline, with messages in memory and signals of load that tests set. */
import { type Clock, DEFAULT_POLICY, HubError, type InboundDefinition, type MessageStore, type TokenSource } from '@nave/core';
import { createExpressionEngine } from '@nave/expressions';
import { createAccepter } from '@nave/pipeline';
import { createLocalTokenSource } from '@nave/queue';
import { fakeIds, memoryMessageStore, plainSealer, recordingBell, recordingLogger } from '@nave/testkit';
import Fastify, { type FastifyInstance } from 'fastify';
import { compileSpoke } from '../../registry/compile-spoke.ts';
import type { Actor } from '../auth/actor.ts';
import { createBodyBudget } from '../limits/body-budget.ts';
import { createCallerLimits } from '../limits/caller-limits.ts';
import { createLoadGuard } from '../limits/load-guard.ts';
import { createRefusalLimit } from '../limits/refusal-limit.ts';
import { sendProblem } from '../problem.ts';
import { ingressScope } from './index.ts';

export const CALM = { waiting: 0, oldestWaitMs: 0, loopDelayMs: 0, heapShare: 0, bodyShare: 0 };
const KEY: Actor = { id: 'k1', name: 'shop', role: 'publish', spokes: ['shop'], label: 'key:shop', expiresAt: null };
const ADMIN: Actor = { id: 'k2', name: 'all', role: 'admin', spokes: [], label: 'key:all', expiresAt: null };
const VIEWER: Actor = { ...ADMIN, id: 'viewer', name: 'looks', role: 'viewer', label: 'key:looks' };

export interface DoorOptions {
  rate?: InboundDefinition['rate'];
  schema?: InboundDefinition['schema'];
  tokens?: Pick<TokenSource, 'take'>;
  maxBytes?: number;
  bodyBytesMax?: number;
  accept?: MessageStore['accept'];
}

export async function doorFixture({
  rate = { limit: 3, perMs: 60_000 },
  schema = null,
  tokens,
  maxBytes = 1_000,
  bodyBytesMax = 1_000_000,
  accept,
}: DoorOptions = {}) {
  const time = { now: Date.now() };
  const clock: Clock = { now: () => time.now };
  const logger = recordingLogger();
  const memory = memoryMessageStore(clock);
  const expressions = createExpressionEngine({ timeoutMs: 60_000 });
  const inbound: InboundDefinition = {
    ...{ verify: [{ scheme: 'api-key', secrets: [{ secret: 'sender-secret', notAfterMs: null }], options: {} }], type: null, schema },
    ...{ idempotencyKey: null, orderingKey: null, keys: {}, maxBytes, idempotencyWindowMs: 60_000, rate, retentionMs: null, polls: {} },
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
  const audited: unknown[] = [];
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
    authenticateSession: async (token) => {
      const actor = [KEY, ADMIN, VIEWER].find(({ id }) => `session-${id}` === token);
      return actor === undefined ? null : { ...actor, label: `session:${actor.name}` };
    },
    auditPublished: async (published) => void audited.push(published),
    onRefused: ({ reason }) => refused.push(reason),
    limits: {
      ...{ guard, bodies },
      callers: createCallerLimits(tokens ?? createLocalTokenSource(), () => time.now),
      refusals: createRefusalLimit(() => time.now),
    },
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
    close: async () => {
      await app.close();
      await expressions.close();
    },
    ...{ app, guard, signals, shed, refused, audited, bodies, time, logger },
    stored: () => memory.messages.size,
    hook: (payload: unknown = {}, secret = 'sender-secret', spoke = 'shop') => post(`/hooks/${spoke}`, { 'x-api-key': secret }, payload),
    publish: (payload: unknown, key = 'k1') => post('/v1/messages', { authorization: `Bearer ${key}` }, payload),
  };
}
