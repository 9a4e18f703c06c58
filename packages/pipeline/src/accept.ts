/** Accepting: verify, understand, route, store in a group commit, ring. The 202 leaves after the commit. */
import { parseBody } from '@nave/adapter-kit';
import {
  type AcceptedVerdict,
  type Bell,
  type Clock,
  type CompiledExpression,
  encodeContent,
  type HandshakeAnswer,
  HubError,
  type Ids,
  isHubError,
  type MessageContent,
  type MessageStore,
  type NewMessage,
  type RawRequest,
  type RefusedVerdict,
  type Sealer,
} from '@nave/core';
import { evaluateInbound } from './evaluate-inbound.ts';
import { type Called, callBindings, expressionRoot } from './expression-root.ts';
import { type BatchAllowance, GroupCommit } from './group-commit.ts';
import { callerKeyOf, eventTypeOf, keyOf, sha256, signedIdOf, textOf } from './message-identity.ts';
import { messageWeight } from './message-weight.ts';
import { laneKeyOf, planRoutes } from './plan-routes.ts';
import type { CompiledInbound, CompiledRoute, CompiledSpoke, Registry } from './registry.ts';
import { isStorable } from './storable.ts';
import { type OpenMessage, type Stored, storeBatch, type TakeOver } from './take-over.ts';

export interface AcceptDeps {
  store: MessageStore;
  registry: Registry;
  sealer: Sealer;
  bell: Bell;
  clock: Clock;
  ids: Ids;
  /** HMAC of a business key value: what is stored is only good for equality. */
  businessKeyHash: (name: string, value: string) => Uint8Array;
  /** Told of what people should see: repeats with another body. */
  onMismatch: (spoke: string, messageId: string) => void;
  /** What a batch may be, by the deliveries that it begins and by its bytes; see the worker's back-pressure. */
  allow?: (waiting: number) => BatchAllowance;
  /** The worker of this process; absent where none delivers. */
  takeOver?: TakeOver;
  onAccepted: (accepted: { message: NewMessage; duplicate: boolean }) => void;
}

export interface Accepted {
  messageId: string;
  duplicate: boolean;
}

/** A message published through the API, already authenticated. */
export interface Publication {
  spoke: CompiledSpoke;
  type: string;
  data: unknown;
  /** The exact bytes of `data`. */
  body: Uint8Array;
  contentType: string;
  headers: Readonly<Record<string, string>>;
  idempotencyKey: string | null;
  orderingKey: string | null;
  correlationId: string | null;
  /** The message that it was made from by editing it. */
  causationId?: string;
  /** Instead of those that match. */
  routes?: readonly CompiledRoute[];
  /** What the edited message had brought beside its body; a publication of its own brings nothing. */
  request?: Pick<MessageContent, 'query' | 'method' | 'path'>;
}

export interface Accepter {
  /**
   * @param admit asked when the request is verified and is no handshake, before its body is looked at; what it throws refuses the request
   * @throws HubError `auth.signature`, `auth.unavailable`, `request.malformed`, `request.media-type`, `ingress.schema`, `store.unavailable`, `limit.overload`
   */
  hook(
    spoke: CompiledSpoke,
    inbound: CompiledInbound,
    request: RawRequest,
    admit?: (() => Promise<void> | void) | null,
  ): Promise<Accepted | HandshakeAnswer>;
  publish(publication: Publication): Promise<Accepted>;
  /**
   * What a verified request would be stored as, without storing it.
   * @param call the route that alone takes it, for calls
   * @throws HubError as `hook`, for what is wrong with the request
   */
  understand(
    spoke: CompiledSpoke,
    inbound: CompiledInbound,
    request: RawRequest,
    verdict: AcceptedVerdict,
    call?: AcceptedCall,
  ): Promise<OpenMessage>;
  /** Resolves when everything under way is committed. */
  drained(): Promise<void>;
  /** Messages waiting for their commit. */
  waiting(): number;
  /** Milliseconds the oldest message without an answer has waited for its commit, also while it is being written; 0 when there is none. */
  oldestWaitMs(): number;
}

/** A call names its route: no other one takes the message. */
export interface AcceptedCall extends Called {
  route: CompiledRoute;
  /** The type it is given where the spoke's own expression and scheme say nothing. */
  type: string;
}

/** A sender is not kept waiting longer than this for its commit, in ms. */
const PATIENCE_MS = 10_000;
/** At half of a full load a message costs PostgreSQL a quarter less with it (docs/performance.md). */
const GATHER_MS = 4;
const KEY_MAX = 255;
const TYPE_MAX = 200;
const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

export function createAccepter(deps: AcceptDeps): Accepter {
  const commits = new GroupCommit<OpenMessage, Stored>({
    write: (batch) => storeBatch(deps.store, deps.takeOver ?? null, batch, deps.clock.now()),
    batchMax: 256,
    writersMax: 1,
    gatherMs: GATHER_MS,
    waitingMax: 10_000,
    patienceMs: PATIENCE_MS,
    ...(deps.allow === undefined ? {} : { allow: deps.allow, weightOf: messageWeight }),
    again: (error) => isHubError(error) && error.code === 'store.conflict',
    bisect: (error) => isHubError(error) && error.code === 'hub.internal',
    exclusiveKeys: ({ message }) => message.idempotencyKeys.map((key) => `${message.spoke}\u0000${key}`),
  });

  async function store(open: OpenMessage): Promise<Accepted> {
    const { message } = open;
    const {
      result: { duplicateOf, mismatch },
      ring,
    } = await commits.add(open).catch((error: unknown) => {
      // The batch lost every race: nothing is stored and nothing is wrong with the message.
      throw isHubError(error) && error.code === 'store.conflict'
        ? new HubError('store.unavailable', { retryAfterSeconds: 1, cause: error })
        : error;
    });
    const duplicate = duplicateOf !== null;
    if (mismatch && duplicateOf !== null) deps.onMismatch(message.spoke, duplicateOf);
    if (ring.length > 0) deps.bell.ring(ring);
    deps.onAccepted({ message, duplicate });
    return { messageId: duplicateOf ?? message.id, duplicate };
  }

  async function build(
    publication: Publication,
    extra: { query: Readonly<Record<string, string>>; method: string; keys: readonly string[]; call?: AcceptedCall | undefined },
  ): Promise<OpenMessage> {
    const { spoke } = publication;
    const nowMs = deps.clock.now();
    const id = deps.ids.next(nowMs);
    const name = spoke.definition.name;
    const root = expressionRoot({ id, source: name, receivedAtMs: nowMs, ...publication });
    const { call } = extra;
    const routes = call === undefined ? (publication.routes ?? deps.registry.routesFor(name, publication.type)) : [call.route];
    const path = call?.path ?? publication.request?.path;
    const bindings = callBindings({ ...extra, headers: publication.headers, path });
    const planned = await planRoutes(routes, root, publication.orderingKey, nowMs, '', id, bindings);
    const key = await deps.sealer.keyFor(`spoke:${name}`, nowMs);
    const { query, method } = extra;
    const content = { headers: publication.headers, query, method, path, body: publication.body };
    const traceparent = publication.headers['traceparent'];
    const message: NewMessage = {
      id,
      spoke: name,
      type: publication.type,
      receivedAtMs: nowMs,
      content: key.seal(encodeContent(content), `message:${id}`),
      contentType: publication.contentType.slice(0, 255),
      size: publication.body.length,
      idempotencyKey: publication.idempotencyKey,
      idempotencyKeys: extra.keys,
      digest: extra.keys.length === 0 ? EMPTY : sha256(publication.body),
      idempotencyExpiresAtMs: nowMs + (spoke.inbound?.definition.idempotencyWindowMs ?? DEFAULT_WINDOW_MS),
      correlationId: publication.correlationId,
      causationId: publication.causationId ?? null,
      orderingKey: publication.orderingKey,
      traceparent: traceparent !== undefined && TRACEPARENT.test(traceparent) ? traceparent : null,
      unrouted: planned.unrouted,
      businessKeys: await businessKeys(spoke.inbound, publication, extra, id, nowMs),
      deliveries: planned.deliveries,
    };
    return { message, content, data: publication.data };
  }

  async function businessKeys(
    inbound: CompiledInbound | null,
    publication: Publication,
    { query, method }: { query: Readonly<Record<string, string>>; method: string },
    seed: string,
    nowMs: number,
  ) {
    if (inbound === null || inbound.keys.length === 0) return [];
    const found: { name: string; hash: Uint8Array }[] = [];
    for (const { name, expression } of inbound.keys) {
      const value = textOf(
        await evaluateInbound(expression, publication.data, { headers: publication.headers, query, method }, seed, nowMs, `keys/${name}`),
      );
      if (value !== null) found.push({ name, hash: deps.businessKeyHash(name, value) });
    }
    return found;
  }

  async function understand(
    spoke: CompiledSpoke,
    inbound: CompiledInbound,
    request: RawRequest,
    verdict: AcceptedVerdict,
    call?: AcceptedCall,
  ): Promise<OpenMessage> {
    const contentType = request.headers['content-type'] ?? 'application/octet-stream';
    const parsed = parseBody(contentType, request.body);
    if (!parsed.ok) throw new HubError('request.malformed', { detail: parsed.reason });
    const problems = inbound.schemaProblems(parsed.data);
    if (problems.length > 0) throw new HubError('ingress.schema', { errors: problems });
    const nowMs = deps.clock.now();
    const seed = spoke.definition.name;
    const evaluate = (expression: CompiledExpression | null, where: string) =>
      expression === null ? Promise.resolve(undefined) : evaluateInbound(expression, parsed.data, request, seed, nowMs, where);
    const type = textOf(await evaluate(inbound.type, 'type')) ?? eventTypeOf(verdict, parsed.data) ?? call?.type ?? 'message';
    if (!isStorable(type, TYPE_MAX))
      throw new HubError('request.invalid', { detail: `The message type must be 1 to ${TYPE_MAX} characters` });
    const shown =
      signedIdOf(verdict, parsed.data, request.body) ??
      keyOf(await evaluate(inbound.idempotencyKey, 'idempotencyKey'), request.body) ??
      callerKeyOf(verdict, request);
    if (shown !== null && !isStorable(shown, KEY_MAX))
      throw new HubError('request.invalid', { detail: `The idempotency key must be 1 to ${KEY_MAX} characters` });
    const keys = shown === null ? [] : [shown];
    if (verdict.rememberDigest === true) keys.push(`sha256:${sha256(request.body).toString('base64url')}`);
    const headers = without(request.headers, inbound.sensitiveHeaders);
    const correlation = request.headers['x-correlation-id'];
    return build(
      {
        spoke,
        type,
        data: parsed.data,
        body: request.body,
        contentType,
        headers,
        idempotencyKey: shown,
        orderingKey: laneKeyOf(await evaluate(inbound.orderingKey, 'orderingKey')),
        correlationId: correlation !== undefined && isStorable(correlation, KEY_MAX) ? correlation : null,
      },
      { query: without(request.query, inbound.sensitiveQuery), method: request.method, keys, call },
    );
  }

  return {
    async hook(spoke, inbound, request, admit) {
      const verdict = await inbound.verify(request);
      if (!verdict.ok) throw refusalOf(verdict);
      if (verdict.handshake !== undefined) return verdict.handshake;
      if (admit) await admit();
      return store(await understand(spoke, inbound, request, verdict));
    },
    understand,
    async publish(publication) {
      const keys = publication.idempotencyKey === null ? [] : [publication.idempotencyKey];
      const { query = {}, method = 'POST' } = publication.request ?? {};
      return store(await build(publication, { query, method, keys }));
    },
    drained: () => commits.drained(),
    waiting: () => commits.size,
    oldestWaitMs: () => commits.oldestMs,
  };
}

/** What a caller is told whose request its scheme refuses. */
export function refusalOf({ reason, unavailable }: RefusedVerdict): HubError {
  return unavailable === true
    ? new HubError('auth.unavailable', { detail: reason, retryAfterSeconds: 5 })
    : new HubError('auth.signature', { detail: reason });
}

function without(fields: Readonly<Record<string, string>>, names: ReadonlySet<string>): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name in fields) {
    const value = fields[name];
    // A field called __proto__ is lost here, as text cannot be a prototype; nothing is polluted.
    if (value !== undefined && !names.has(name)) kept[name] = value;
  }
  return kept;
}

const EMPTY = new Uint8Array(0);
const DEFAULT_WINDOW_MS = 7 * 86_400_000;
