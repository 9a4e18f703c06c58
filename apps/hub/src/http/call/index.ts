/** `ANY /call/{route}` and below: the caller waits for the mapped answer of a reply route. */
import { HubError, isExactType, isHubError } from '@nave/core';
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { CallAnswer, CallRoute, RouteCaller } from '../../reply/call-route.ts';
import type { Actor } from '../auth/actor.ts';
import { assertNotSpent, hookCaller, keyCaller, takeOne } from '../ingress/door.ts';
import type { IngressDeps } from '../ingress/index.ts';
import { rawRequestOf } from '../ingress/raw-request.ts';
import { readBody } from '../ingress/read-body.ts';
import { pathOf, problemOf } from '../problem.ts';
import { identify, NO_INBOUND } from './caller-identity.ts';
import { callSchema } from './schemas.ts';

export interface CallDeps extends Omit<IngressDeps, 'accepter'> {
  calls: RouteCaller & { dismiss?(patienceMs: number): void };
}

/** Less than what the stop of the server leaves to requests under way: callers are told before their connections are cut. */
const DISMISS_MS = 3_000;

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
/** An answer is data of another system under the hub's own address: a page among them must not run, or it would run as the hub's own. */
const INERT = {
  'content-security-policy': "default-src 'none'; sandbox",
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
};

export const callScope: FastifyPluginAsync<CallDeps> = async (app, deps) => {
  // The handler reads the body itself: signatures are checked on its bytes, and its limit depends on the spoke.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  app.setValidatorCompiler(() => () => true);
  // Also a GET is stored: all of them are refused before anything is looked up while the hub is about to drown.
  app.addHook('onRequest', (_request, _reply, done) => {
    const refusal = deps.limits.guard.refusal();
    if (refusal === null) done();
    else done(refusal);
  });
  app.addHook('preClose', async () => deps.calls.dismiss?.(DISMISS_MS));
  for (const below of [false, true]) {
    app.route<{ Params: { route: string; '*'?: string } }>({
      method: METHODS,
      url: below ? '/call/:route/*' : '/call/:route',
      schema: callSchema(below),
      handler: (request, reply) => handle(deps, request, reply, request.params.route, request.params['*'] ?? ''),
    });
  }
};

async function handle(deps: CallDeps, request: FastifyRequest, reply: FastifyReply, name: string, path: string): Promise<FastifyReply> {
  const tooOften = deps.limits.refusals.refusal(request.ip, DOOR);
  if (tooOften !== null) throw tooOften;
  const refused = (spoke: string | null, error: unknown) => {
    if (!isHubError(error) || (error.code !== 'auth.signature' && error.code !== 'auth.invalid')) return;
    deps.limits.refusals.refused(request.ip, DOOR);
    deps.onRefused({ spoke, reason: error.code === 'auth.invalid' ? error.code : error.detail, address: request.ip });
  };
  const { actor, isKnown } = await actorOf(deps, request);
  const route = await routeOf(deps, name, actor);
  const spoke = route === null ? null : deps.registry.spoke(route.definition.from.spoke);
  if (route === null || spoke === null || !spoke.definition.enabled) {
    if (isKnown === false) {
      const error = new HubError('auth.invalid');
      refused(null, error);
      throw error;
    }
    if (actor !== null && actor.role !== 'publish' && actor.role !== 'admin') throw new HubError('auth.forbidden', { detail: ROLES });
    throw new HubError('resource.not-found', { detail: 'No enabled route of mode reply has this name' });
  }
  const inbound = spoke.inbound ?? NO_INBOUND;
  const { rate, maxBytes } = inbound.definition;
  const source = spoke.definition.name;
  const who = actor === null ? hookCaller(source) : keyCaller(actor.id, source);
  assertNotSpent(deps.limits, reply, who, rate);
  const account = deps.limits.bodies.open();
  const hangup = new AbortController();
  const closed = () => {
    if (!reply.raw.writableFinished) hangup.abort();
  };
  reply.raw.on('close', closed);
  try {
    const full = () => deps.limits.guard.refuse('bodies');
    const bytes = await readBody(request.raw, request.raw.headers, maxBytes, { account, full });
    const raw = rawRequestOf(request, bytes, deps.publicUrl);
    const identity = await identify(raw, spoke, actor).catch((error: unknown) => {
      refused(source, error);
      throw error;
    });
    const { handshake } = identity.verdict;
    if (handshake !== undefined) return await reply.code(handshake.status).type(handshake.contentType).send(handshake.body);
    // Counted once the caller is known: refused calls must not use up what the caller may bring.
    if (rate !== null) await takeOne(deps.limits, reply, who, rate);
    const call = { route, spoke, inbound, request: raw, verdict: identity.verdict, path, type: typeOf(route), hangup: hangup.signal };
    return await send(request, reply, route, await deps.calls.callRoute(call));
  } finally {
    reply.raw.off('close', closed);
    account.close();
  }
}

/** What another hub was just told is looked for once, for callers with a key. */
async function routeOf(deps: CallDeps, name: string, actor: Actor | null): Promise<CallRoute | null> {
  const known = deps.calls.routeOf(name);
  if (known !== null || actor === null) return known;
  await deps.registry.refresh();
  return deps.calls.routeOf(name);
}

/** `isKnown`: whether a bearer token is a key; null without one. One that is none may still be what the spoke's scheme takes. */
async function actorOf(deps: CallDeps, request: FastifyRequest): Promise<{ actor: Actor | null; isKnown: boolean | null }> {
  const bearer = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (bearer === undefined) return { actor: null, isKnown: null };
  const actor = await deps.authenticate(bearer);
  return { actor, isKnown: actor !== null };
}

/** The route says what it takes; where it takes many types and the spoke says none, it is a message like any other. */
function typeOf({ definition }: CallRoute): string {
  return isExactType(definition.from.type) ? definition.from.type : 'message';
}

async function send(request: FastifyRequest, reply: FastifyReply, route: CallRoute, answer: CallAnswer): Promise<FastifyReply> {
  if (answer.messageId !== null) reply.header('x-nave-message-id', answer.messageId);
  if (answer.duplicate) reply.header('x-nave-duplicate', 'true');
  if (route.call.cache !== null) reply.header('x-nave-cache', CACHE_WORDS[answer.from]);
  if (answer.from === 'cache') reply.header('age', String(Math.floor(answer.ageMs / 1_000)));
  reply.headers(INERT);
  if (answer.kind === 'problem') {
    const { error, messageId, outcome, spokeStatus } = answer;
    const { status, headers, body } = problemOf(error, pathOf(request.url));
    return reply
      .code(status)
      .headers(headers)
      .send(JSON.stringify({ ...body, messageId, outcome, spokeStatus }));
  }
  const { status, headers, body } = answer.reply;
  return reply
    .code(status)
    .headers(headers)
    .send(body.length === 0 ? undefined : Buffer.from(body.buffer, body.byteOffset, body.length));
}

/** What calls are called where refused ones are counted; no spoke can have this name. */
const DOOR = '/call';
const ROLES = 'Calling takes a key of the role publish or admin';
const CACHE_WORDS = { spoke: 'miss', cache: 'hit', shared: 'shared' } as const;
