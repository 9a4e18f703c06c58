/** From a stored definition to what the hot path uses: expressions compiled, verification ready, schema ready. */
import type { ErasedAdapter } from '@nave/adapter-kit';
import type { Clock, CompiledExpression, ExpressionEngine, FieldProblem, InboundDefinition, SpokeDefinition } from '@nave/core';
import type { CompiledInbound, CompiledSpoke } from '@nave/pipeline';
import { compileVerifier, type NonceMemory, sensitiveHeaders, sensitiveQuery } from '@nave/security';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

export interface CompileDeps {
  kinds: ReadonlyMap<string, ErasedAdapter>;
  expressions: ExpressionEngine;
  clock: Clock;
  /** Fetches a JWKS document through the guarded client. */
  fetchJwks: (url: string) => Promise<{ keys: readonly unknown[] }>;
  /** Shared by all hubs; absent: each process remembers for itself. */
  nonces?: NonceMemory;
}

/** @throws HubError when something does not compile, which the admin API had refused; `null` kinds are left without operations */
export function compileSpoke(definition: SpokeDefinition, deps: CompileDeps): CompiledSpoke {
  const kind = deps.kinds.get(definition.kind);
  const operations = kind?.operationsOf(definition.config) ?? [];
  const byName = new Map(operations.map((operation) => [operation.name, operation]));
  const only = operations.length === 1 ? (operations[0] ?? null) : null;
  return {
    definition,
    inbound: definition.inbound === null ? null : compileInbound(definition.inbound, { ...deps, ...noncesOf(definition.name, deps) }),
    operation: (name) => (name === null || name === '' ? only : (byName.get(name) ?? null)),
  };
}

/** Each spoke has its own callers: a nonce of one says nothing about those of another. */
function noncesOf(spoke: string, { nonces }: CompileDeps): Pick<CompileDeps, 'nonces'> {
  return nonces === undefined ? {} : { nonces: { firstUse: (key, forMs) => nonces.firstUse(`${spoke}:${key}`, forMs) } };
}

function compileInbound(definition: InboundDefinition, deps: CompileDeps): CompiledInbound {
  const compile = (text: string | null): CompiledExpression | null =>
    text === null ? null : deps.expressions.compile(text, { lane: 'simple' });
  return {
    definition,
    verify: compileVerifier(definition.verify, { clock: deps.clock, fetchJwks: deps.fetchJwks, nonces: deps.nonces }),
    sensitiveHeaders: sensitiveHeaders(definition.verify),
    sensitiveQuery: sensitiveQuery(definition.verify),
    type: compile(definition.type),
    idempotencyKey: compile(definition.idempotencyKey),
    orderingKey: compile(definition.orderingKey),
    keys: Object.entries(definition.keys).map(([name, text]) => ({ name, expression: deps.expressions.compile(text, { lane: 'simple' }) })),
    schemaProblems: definition.schema === null ? () => [] : compileSchema(definition.schema),
  };
}

/** A validator that tells every problem with its place and what was expected. @throws Error when the schema itself is not valid */
export function compileSchema(schema: Readonly<Record<string, unknown>>): (data: unknown) => FieldProblem[] {
  const ajv = new Ajv2020({
    allErrors: true,
    strict: false,
    coerceTypes: false,
    removeAdditional: false,
    useDefaults: false,
    validateFormats: true,
    // It would print what it thinks of unknown formats.
    logger: false,
  });
  addFormats.default(ajv);
  const validate = ajv.compile(schema);
  return (data) => {
    if (validate(data) === true) return [];
    return (validate.errors ?? []).slice(0, 100).map((error) => ({ path: error.instancePath, message: error.message ?? 'is not valid' }));
  };
}
