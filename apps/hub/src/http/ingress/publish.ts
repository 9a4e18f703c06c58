/** `POST /v1/messages`: publishing with a key, one message, a batch, or CloudEvents. */
import { createHash } from 'node:crypto';
import { isDeeperThan, JSON_DEPTH_MAX, parseBody } from '@nave/adapter-kit';
import { HubError, isHubError } from '@nave/core';
import type { Accepted } from '@nave/pipeline';
import { isStorable } from '@nave/pipeline';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Actor, mayPublishAs } from '../auth/actor.ts';
import { SESSION_COOKIE } from '../auth/session-cookie.ts';
import { pathOf, problemOf } from '../problem.ts';
import { assertNotSpent, inTime, keyCaller, takeOne, withBody } from './door.ts';
import type { IngressDeps, IngressRouteDeps } from './index.ts';
import { binaryEvent, type PublicationInput, parseBoth, publicationOf, structuredEvent } from './publication.ts';
import { headersOf } from './raw-request.ts';

const BODY_BYTES_MAX = 5 * 1024 * 1024;
const BATCH_MAX = 1_000;
const KEY_MAX = 255;
/** What publishing is called where refused calls are counted; no spoke can have this name. */
const DOOR = '/v1/messages';
const SESSION = new RegExp(`(?:^|;) *${SESSION_COOKIE}=([\\w.~-]{1,512})(?:;|$)`);

type Item = { input: PublicationInput; event: boolean };
type ItemAnswer = { status: number; messageId: string; duplicate: boolean } | { status: number; error: unknown };
type ItemResult = { status: number; messageId: string; duplicate: boolean } | { status: number; error: unknown; refusal: HubError };

export async function publishRoutes(app: FastifyInstance, deps: IngressRouteDeps): Promise<void> {
  app.post<{ Querystring: { spoke?: unknown } }>('/v1/messages', { schema: deps.schemas.publish }, async (request, reply) => {
    const tooOften = deps.limits.refusals.refusal(request.ip, DOOR);
    if (tooOften !== null) throw tooOften;
    const actor = await authenticated(request, deps);
    const [only, ...more] = actor.spokes;
    if (only !== undefined && more.length === 0)
      assertNotSpent(deps.limits, reply, keyCaller(actor.id, only), deps.registry.spoke(only)?.inbound?.definition.rate ?? null);
    const answer = await withBody(deps.limits, request, BODY_BYTES_MAX, (bytes) => {
      const headers = headersOf(request.raw.headers);
      // The trace of the call, where an event does not bring its own (W3C Trace Context).
      const traceparent = headers['traceparent'] ?? null;
      const spoke = typeof request.query.spoke === 'string' ? request.query.spoke : null;
      return publish({ deps, actor, spoke, traceparent, headers, url: pathOf(request.url), reply }, bytes);
    });
    return reply.code(202).send(answer);
  });
}

/** One call to publish. */
interface Call {
  deps: IngressDeps;
  actor: Actor;
  /** `?spoke=` */
  spoke: string | null;
  traceparent: string | null;
  headers: Readonly<Record<string, string>>;
  /** Path, for problems. */
  url: string;
  /** Told what is left of the caller's allowance. */
  reply: FastifyReply;
}

async function publish(call: Call, bytes: Buffer): Promise<Accepted | ItemAnswer[]> {
  const items = itemsOf(bytes, call.headers);
  if (items.kind === 'single') {
    const item = items.make();
    const withKey = item.input.idempotencyKey === null ? { ...item.input, idempotencyKey: headerKey(call.headers) } : item.input;
    return accept(call, { ...item, input: withKey });
  }
  // All at once, for one commit; allowances are granted in the order of the items.
  const answers = await Promise.all(items.make.map((make) => one(call, make)));
  const [first] = answers;
  // Nothing was stored although something could have been: the caller tries the whole batch again.
  if (first !== undefined && answers.every(({ status }) => status === 503))
    throw new HubError('store.unavailable', { retryAfterSeconds: 2 });
  if (first !== undefined && 'refusal' in first && answers.every(({ status }) => status === 429)) throw first.refusal;
  return answers.map((answer) => ('refusal' in answer ? { status: answer.status, error: answer.error } : answer));
}

async function authenticated(request: FastifyRequest, deps: IngressDeps): Promise<Actor> {
  const header = request.headers.authorization;
  const bearer = header === undefined ? null : /^Bearer +(\S+)$/i.exec(header)?.[1];
  const session = bearer === null && deps.authenticateSession ? ownSession(request, deps) : null;
  if (bearer === null && session === null) throw new HubError('auth.missing');
  const actor = await inTime(actorOf(deps, bearer ?? null, session));
  if (actor === null) {
    deps.limits.refusals.refused(request.ip, DOOR);
    deps.onRefused({ spoke: null, reason: 'auth.invalid', address: request.ip });
    throw new HubError('auth.invalid');
  }
  if (actor.role !== 'publish' && actor.role !== 'admin')
    throw new HubError('auth.forbidden', { detail: 'Publishing takes a key of the role publish or admin' });
  return actor;
}

async function actorOf(deps: IngressDeps, bearer: string | null, session: string | null): Promise<Actor | null> {
  if (bearer !== null) return deps.authenticate(bearer);
  return session === null || !deps.authenticateSession ? null : deps.authenticateSession(session);
}

/**
 * The token of a dashboard sign-in, so that people can send a test: only from the hub's own pages, as another site can make a browser send
 * the cookie, but not this `Origin`.
 * @throws HubError `auth.origin` for a sign-in that other pages, or none, make use of: told as such, for 401 would read as signed out
 */
function ownSession(request: FastifyRequest, deps: IngressDeps): string | null {
  const token = SESSION.exec(request.headers.cookie ?? '')?.[1] ?? null;
  if (token === null || request.headers.origin === new URL(deps.publicUrl).origin) return token;
  deps.onRefused({ spoke: null, reason: 'auth.origin', address: request.ip });
  throw new HubError('auth.origin', { detail: 'With a session, publishing needs Origin = the public URL of this hub.' });
}

type Items = { kind: 'single'; make: () => Item } | { kind: 'batch'; make: (() => Item)[] };

/** @throws HubError `request.malformed`, `request.media-type`, `request.invalid` */
function itemsOf(bytes: Buffer, headers: Readonly<Record<string, string>>): Items {
  const contentType = headers['content-type'] ?? '';
  const essence = contentType.split(';')[0]?.trim().toLowerCase() ?? '';
  if (essence === 'application/cloudevents-batch+json') {
    const { plain, exact } = parsed(bytes);
    return { kind: 'batch', make: batchOf(plain, exact, (item, same, at) => ({ input: structuredEvent(item, same, at), event: true })) };
  }
  if (essence === 'application/cloudevents+json') {
    const { plain, exact } = parsed(bytes);
    return { kind: 'single', make: () => ({ input: structuredEvent(plain, exact, ''), event: true }) };
  }
  if (headers['ce-specversion'] !== undefined) {
    const body = parseBody(contentType || 'application/octet-stream', bytes);
    if (!body.ok) throw new HubError('request.malformed', { detail: body.reason });
    return {
      kind: 'single',
      make: () => ({ input: binaryEvent(headers, bytes, body.data, contentType || 'application/octet-stream'), event: true }),
    };
  }
  if (essence !== 'application/json') {
    throw new HubError('request.media-type', {
      detail: 'Expected application/json, application/cloudevents+json or application/cloudevents-batch+json',
    });
  }
  const { plain, exact } = parsed(bytes);
  if (Array.isArray(plain))
    return { kind: 'batch', make: batchOf(plain, exact, (item, same, at) => ({ input: publicationOf(item, same, at), event: false })) };
  return { kind: 'single', make: () => ({ input: publicationOf(plain, exact, ''), event: false }) };
}

function parsed(bytes: Buffer): { plain: unknown; exact: unknown } {
  const checked = parseBody('application/json', bytes);
  if (!checked.ok) throw new HubError('request.malformed', { detail: checked.reason });
  const body = bytes.toString('utf8');
  if (isDeeperThan(body)) throw new HubError('request.malformed', { detail: `JSON nested deeper than ${JSON_DEPTH_MAX} levels` });
  return parseBoth(body.charCodeAt(0) === 0xfeff ? body.slice(1) : body);
}

function batchOf(plain: unknown, exact: unknown, make: (item: unknown, exact: unknown, at: string) => Item): (() => Item)[] {
  if (!Array.isArray(plain) || !Array.isArray(exact))
    throw new HubError('request.invalid', { errors: [{ path: '', message: 'expected an array' }] });
  if (plain.length > BATCH_MAX)
    throw new HubError('request.invalid', {
      errors: [{ path: '', message: `expected at most ${BATCH_MAX} messages, got ${plain.length}` }],
    });
  return plain.map((item: unknown, index) => () => make(item, exact[index], `/${index}`));
}

async function one(call: Call, make: () => Item): Promise<ItemResult> {
  try {
    return { status: 202, ...(await accept(call, make())) };
  } catch (error) {
    const refusal = isHubError(error) ? error : new HubError('hub.internal', { cause: error });
    const { status, body } = problemOf(refusal, call.url);
    return { status, error: body, refusal };
  }
}

async function accept(call: Call, { input, event }: Item): Promise<Accepted> {
  const { deps, actor } = call;
  const traceparent = input.traceparent ?? call.traceparent;
  const spoke = event ? spokeOfEvent(deps, actor, input.source, call.spoke) : input.source;
  const found = deps.registry.spoke(spoke);
  // A key learns nothing of spokes it may not publish as, not even whether they exist.
  if (!mayPublishAs(actor, spoke)) throw new HubError('auth.forbidden', { detail: `The key may not publish as "${spoke.slice(0, 63)}"` });
  if (found === null || !found.definition.enabled)
    throw new HubError('resource.not-found', { detail: `There is no spoke "${spoke.slice(0, 63)}" to publish as` });
  const rate = found.inbound?.definition.rate ?? null;
  if (rate !== null) await takeOne(deps.limits, call.reply, keyCaller(actor.id, spoke), rate);
  const problems = found.inbound?.schemaProblems(input.data) ?? [];
  if (problems.length > 0)
    throw new HubError('ingress.schema', { errors: problems.map(({ path, message }) => ({ path: `/data${path}`, message })) });
  // A person made it up in the name of a system: written down before it is accepted, as an edited replay is. Keys are systems themselves.
  if (actor.label.startsWith('session:')) await deps.auditPublished?.({ actor: actor.label, spoke, type: input.type });
  return deps.accepter.publish({
    spoke: found,
    type: input.type,
    data: input.data,
    body: input.body,
    contentType: input.contentType,
    headers: traceparent === null ? {} : { traceparent },
    idempotencyKey: bounded(input.idempotencyKey),
    orderingKey: input.orderingKey,
    correlationId: input.correlationId,
  });
}

/** Contract section 4: `?spoke=`, else the key's only spoke, else `source` if it names a spoke. */
function spokeOfEvent(deps: IngressDeps, actor: Actor, source: string, asked: string | null): string {
  if (asked !== null) return asked;
  const [only, ...more] = actor.spokes;
  if (only !== undefined && more.length === 0) return only;
  if (deps.registry.spoke(source) !== null) return source;
  throw new HubError('ingress.no-spoke', {
    detail: 'Say as which spoke: ?spoke=<name>, a key with one spoke, or a CloudEvents source that names a spoke',
  });
}

function headerKey(headers: Readonly<Record<string, string>>): string | null {
  const key = headers['idempotency-key'];
  if (key === undefined) return null;
  if (!isStorable(key, KEY_MAX))
    throw new HubError('request.invalid', {
      errors: [{ path: '/headers/idempotency-key', message: `expected 1 to ${KEY_MAX} characters` }],
    });
  return key;
}

/** CloudEvents' `source` may be long: what does not fit a key is remembered by its hash. */
function bounded(key: string | null): string | null {
  return key === null || key.length <= KEY_MAX ? key : `sha256:${createHash('sha256').update(key).digest('base64url')}`;
}
