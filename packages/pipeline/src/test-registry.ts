/** A registry for tests of the pipeline: spokes and routes made of plain functions instead of compiled configuration. */
import type { OperationDeclaration, SendRequest, SpokeConnection } from '@nave/adapter-kit';
import {
  type CompiledExpression,
  DEFAULT_POLICY,
  type ExpressionScope,
  HubError,
  type InboundDefinition,
  type Outcome,
  type RawRequest,
  type SpokePolicy,
  type Verdict,
} from '@nave/core';
import type { CompiledInbound, CompiledRoute, CompiledSpoke, Registry } from './registry.ts';

/** An expression that is a function. */
export function expression(evaluate: (root: unknown, scope: ExpressionScope | undefined) => unknown): CompiledExpression {
  return { text: 'test', simple: true, evaluate: async (root, scope) => evaluate(root, scope) };
}

/** An expression that selects a dotted path, as the simplest JSONata does. */
export function path(text: string): CompiledExpression {
  return expression((root) =>
    text
      .split('.')
      .reduce<unknown>((value, name) => (typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined), root),
  );
}

export function failing(code: 'expression.evaluate' | 'expression.limit' = 'expression.evaluate', detail = 'no'): CompiledExpression {
  return expression(() => {
    throw new HubError(code, { detail });
  });
}

export interface TestInbound extends Partial<Omit<CompiledInbound, 'definition' | 'verify'>> {
  verdict?: Verdict | ((request: RawRequest) => Verdict);
  windowMs?: number;
}

export function inboundOf({ verdict = { ok: true }, windowMs = 1_000_000, ...rest }: TestInbound = {}): CompiledInbound {
  const definition: InboundDefinition = {
    ...{ verify: [], type: null, idempotencyKey: null, orderingKey: null, keys: {}, schema: null, maxBytes: 1_000_000 },
    idempotencyWindowMs: windowMs,
    rate: null,
    retentionMs: null,
    polls: {},
  };
  return {
    definition,
    verify: async (request) => (typeof verdict === 'function' ? verdict(request) : verdict),
    ...{ sensitiveHeaders: new Set(), sensitiveQuery: new Set(), type: null, idempotencyKey: null, orderingKey: null, keys: [] },
    schemaProblems: () => [],
    ...rest,
  };
}

export interface TestSpoke {
  name: string;
  inbound?: CompiledInbound | null;
  policy?: Partial<SpokePolicy>;
  operation?: Partial<OperationDeclaration>;
  paused?: boolean;
  enabled?: boolean;
}

export function spokeOf({ name, inbound = null, policy = {}, operation = {}, paused = false, enabled = true }: TestSpoke): CompiledSpoke {
  const declared: OperationDeclaration = { name: 'create', title: '', input: {}, idempotent: 'key', ...operation };
  return {
    definition: {
      ...{ name, kind: 'rest', title: name, enabled, paused, version: 1, config: {}, credentials: null, inbound: null },
      policy: { ...DEFAULT_POLICY, retry: { attempts: 3, baseMs: 1_000, maxMs: 60_000, factor: 2, jitter: false }, ...policy },
    },
    inbound,
    operation: (asked) => (asked === null || asked === '' || asked === declared.name ? declared : null),
  };
}

export interface TestRoute {
  name: string;
  version?: number;
  when?: CompiledExpression | null;
  orderingKey?: CompiledExpression | null;
  steps?: readonly { name?: string; to?: string; input?: CompiledExpression | null; atMostOnce?: boolean }[];
}

export function routeOf({ name, version = 1, when = null, orderingKey = null, steps = [{}] }: TestRoute): CompiledRoute {
  const compiled = steps.map(({ name: step, to = 'erp', input = null, atMostOnce = false }, index) => ({
    definition: { name: step ?? `step${index}`, to, operation: null, input: input === null ? null : 'test', atMostOnce },
    operation: 'create',
    input,
  }));
  return {
    definition: {
      ...{
        name,
        version,
        enabled: true,
        from: { spoke: 'shop', type: '**' },
        when: null,
        orderingKey: null,
        mode: 'async',
        timeoutMs: null,
      },
      steps: compiled.map(({ definition }) => definition),
    },
    ...{ when, orderingKey, steps: compiled },
  };
}

export interface TestRegistry extends Registry {
  /** Every request that connections were asked to send. */
  sent: SendRequest[];
  /** How often it was asked to load anew. */
  refreshed: number;
}

/** @param answer what a connection does with a request */
export function testRegistry(
  spokes: readonly CompiledSpoke[],
  routes: readonly CompiledRoute[],
  answer: (request: SendRequest, signal: AbortSignal) => Promise<Outcome> | Outcome = ok,
): TestRegistry {
  const sent: SendRequest[] = [];
  const connection: SpokeConnection = {
    async send(request, signal) {
      sent.push(request);
      return answer(request, signal);
    },
    probe: async () => ({ ok: true, detail: '', checks: [] }),
    close: async () => undefined,
  };
  const registry: TestRegistry = {
    ...{ sent, refreshed: 0 },
    spoke: (name) => spokes.find(({ definition }) => definition.name === name) ?? null,
    async refresh() {
      registry.refreshed += 1;
    },
    routesFor: () => routes,
    route: (name) => routes.find(({ definition }) => definition.name === name) ?? null,
    routeVersion: async (name, version) =>
      routes.find(({ definition }) => definition.name === name && definition.version === version) ?? null,
    connection: async () => connection,
  };
  return registry;
}

export function ok(): Outcome {
  return answered('ok', 200, '{"done":true}');
}

export function answered(kind: Outcome['kind'], status: number, body = ''): Outcome {
  const response = { status, headers: {}, contentType: 'application/json', body: Buffer.from(body) };
  return { kind, status, detail: `HTTP ${status}`, sent: true, response };
}
