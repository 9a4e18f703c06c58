/** Calling a reply route: what `/call/{route}` and other doors that wait for an answer (SOAP) go through. Cached and equal calls are answered here. */
import { parseBody } from '@nave/adapter-kit';
import { HubError, isHubError } from '@nave/core';
import {
  type Call,
  type CallEnd,
  type CallRunner,
  type CompiledCall,
  type CompiledRoute,
  callBindings,
  createResponseCache,
  expressionRoot,
  expressionScope,
  type Registry,
  type Reply,
} from '@nave/pipeline';

export type CallRoute = CompiledRoute & { call: CompiledCall };

/** How a call ended, and where its answer came from. */
export type CallAnswer = CallEnd & { from: 'spoke' | 'cache' | 'shared'; ageMs: number };

export interface CallMetrics {
  /** @param seconds from the request, read and verified, to its answer */
  called(route: string, outcome: string, seconds: number): void;
}

export interface RouteCaller {
  /** The enabled reply route of this name, or null. */
  routeOf(name: string): CallRoute | null;
  /**
   * Calls a route for a caller that is already known.
   * @throws HubError for what is wrong with the request: `request.malformed`, `ingress.schema`, `store.unavailable`, `limit.overload`
   */
  callRoute(call: Call): Promise<CallAnswer>;
}

export interface RouteCallerDeps {
  registry: Pick<Registry, 'route'>;
  runner: Pick<CallRunner, 'call'>;
  metrics: CallMetrics;
  /** Milliseconds since the epoch. */
  now: () => number;
}

const KEY_MAX = 4_096;
const WAITED = "An equal call was waited for and had no answer within the route's time. Nothing was stored for this one.";
/** Monotonic. */
const clock = () => performance.now();

export function createRouteCaller({ registry, runner, metrics, now }: RouteCallerDeps): RouteCaller {
  const cache = createResponseCache(clock);
  const underWay = new Map<string, Promise<CallEnd>>();

  /** Null for calls that are never answered from memory: the route has no cache, or the caller's own key asks for a record of its own. */
  async function cacheKey({ route, spoke, request, path, inbound, type }: Call): Promise<string | null> {
    const { cache: options } = route.call;
    if (options === null || request.headers['idempotency-key'] !== undefined) return null;
    const parsed = parseBody(request.headers['content-type'] ?? 'application/octet-stream', request.body);
    if (!parsed.ok || inbound.schemaProblems(parsed.data).length > 0) return null;
    const source = spoke.definition.name;
    const facts = { id: '', type, source, data: parsed.data, headers: request.headers, receivedAtMs: now(), correlationId: null };
    try {
      const scope = expressionScope('', now(), callBindings({ ...request, path }));
      const value = await options.key.evaluate(expressionRoot(facts), scope);
      if (value === undefined || value === null) return null;
      const { name, version } = route.definition;
      const key = JSON.stringify([name, version, value]);
      return key.length > KEY_MAX ? null : key;
    } catch (error) {
      // A key that fails is no key: the call is made.
      if (!isHubError(error)) throw error;
      return null;
    }
  }

  async function answerOf(call: Call): Promise<CallAnswer> {
    const startedAt = clock();
    const key = await cacheKey(call);
    if (key === null) return own(await runner.call(call));
    const found = cache.get(key);
    if (found !== null) {
      const { reply, messageId, storedAt } = found;
      return { kind: 'reply', reply, messageId, duplicate: false, from: 'cache', ageMs: clock() - storedAt };
    }
    const first = underWay.get(key);
    if (first !== undefined) {
      const shared = await waitFor(first, call);
      // A call that failed, or whose caller went, says nothing about this one.
      if (shared !== null) return { ...shared, from: 'shared', ageMs: 0 };
      const leftMs = call.route.call.timeoutMs - (clock() - startedAt);
      return own(leftMs < 1 || call.hangup?.aborted === true ? waitedInVain() : await runner.call(withTime(call, leftMs)));
    }
    const work = runner.call(call);
    underWay.set(key, work);
    try {
      const end = await work;
      if (end.kind === 'reply' && end.messageId !== null && isSuccess(end.reply))
        cache.put(key, { reply: end.reply, messageId: end.messageId }, call.route.call.cache?.ttlMs ?? 0);
      return own(end);
    } finally {
      underWay.delete(key);
    }
  }

  return {
    routeOf(name) {
      const route = registry.route(name);
      if (route?.call === undefined || !route.definition.enabled) return null;
      return { ...route, call: route.call };
    },
    async callRoute(call) {
      const startedAt = clock();
      let outcome = 'error';
      try {
        const answer = await answerOf(call);
        outcome = outcomeOf(answer);
        return answer;
      } finally {
        metrics.called(call.route.definition.name, outcome, (clock() - startedAt) / 1_000);
      }
    },
  };
}

function own(end: CallEnd): CallAnswer {
  return { ...end, from: 'spoke', ageMs: 0 };
}

/** The time that a call waited for an equal one is part of its own. */
function withTime(call: Call, timeoutMs: number): Call {
  return { ...call, route: { ...call.route, call: { ...call.route.call, timeoutMs } } };
}

function waitedInVain(): CallEnd {
  const error = new HubError('reply.timeout', { detail: WAITED });
  return { kind: 'problem', error, messageId: null, duplicate: false, outcome: null, spokeStatus: null };
}

function isSuccess({ status }: Reply): boolean {
  return status >= 200 && status < 300;
}

/** The answer of another call, or null when it has none for us within our own time. */
async function waitFor(first: Promise<CallEnd>, { route, hangup }: Call): Promise<CallEnd | null> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, route.call.timeoutMs, null);
    hangup?.addEventListener('abort', () => resolve(null), { once: true });
  });
  try {
    const end = await Promise.race([first.catch(() => null), over]);
    return end?.kind === 'reply' && isSuccess(end.reply) ? end : null;
  } finally {
    clearTimeout(timer);
  }
}

function outcomeOf(answer: CallAnswer): string {
  if (answer.kind === 'reply') return answer.from !== 'spoke' ? answer.from : answer.duplicate ? 'repeated' : 'replied';
  const { code } = answer.error;
  return code.startsWith('reply.') ? code.slice('reply.'.length) : 'error';
}
