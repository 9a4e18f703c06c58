/** Builds the request of an operation from its input: path, query, headers and body, compiled once per spoke. */
import { exactNumberText, type HttpExchangeRequest, type OperationInput, type SendRequest, stringifyExact } from '@nave/adapter-kit';
import { type CompiledExpression, type ExpressionEngine, type ExpressionScope, isHubError, isUuid, timeOfUuid } from '@nave/core';
import { compilePathTemplate, headerValueProblem, type PathTemplate, withDeliveryHeaders, withHeader } from '@nave/protocols';
import type { RestOperation } from './config.ts';
import { type EncodedBody, encodeBody, passOn } from './encode-body.ts';

export type BuiltRequest = { ok: true; request: HttpExchangeRequest } | { ok: false; reason: string };

/** An operation ready to be used. */
export interface CompiledOperation {
  operation: RestOperation;
  path: PathTemplate;
  query: readonly (readonly [string, CompiledExpression])[];
  headers: readonly (readonly [string, CompiledExpression])[];
  /** Null: the whole input. */
  body: CompiledExpression | null;
  hasBody: boolean;
  success: CompiledExpression | null;
}

/** @throws HubError `expression.compile` for an expression that does not compile */
export function compileOperation(operation: RestOperation, expressions: ExpressionEngine): CompiledOperation {
  const all = (texts: Readonly<Record<string, string>> = {}) =>
    Object.entries(texts).map(([name, text]) => [name, expressions.compile(text)] as const);
  const wholeInput = operation.body === undefined || operation.body.trim() === '$';
  return {
    operation,
    path: compilePathTemplate(operation.path),
    query: all(operation.query),
    headers: all(operation.headers),
    body: wholeInput || operation.body === undefined ? null : expressions.compile(operation.body),
    hasBody: operation.body !== undefined || ['POST', 'PUT', 'PATCH'].includes(operation.method),
    success: operation.success === undefined ? null : expressions.compile(operation.success),
  };
}

/** What a request of this delivery sees as the present and as chance: the same on every attempt, so that retries send the same bytes. */
export function scopeOf({ deliveryId }: SendRequest, nowMs: number): ExpressionScope {
  return { nowMs: isUuid(deliveryId) ? timeOfUuid(deliveryId) : nowMs, seed: deliveryId };
}

/** The request without credentials, or why the input does not make one: an `invalid` outcome. */
export async function buildRequest(compiled: CompiledOperation, baseUrl: string, send: SendRequest, nowMs: number): Promise<BuiltRequest> {
  const { operation, hasBody } = compiled;
  const path = compiled.path(send.input.data);
  if (!path.ok) return path;
  try {
    const scope = scopeOf(send, nowMs);
    // What most operations do without is not waited for.
    const query = compiled.query.length === 0 ? '' : await queryOf(compiled.query, send.input, scope);
    const body = hasBody ? await bodyOf(compiled, send.input, scope) : null;
    const start = startHeaders(operation, body);
    const mapped =
      compiled.headers.length === 0 ? { ok: true as const, headers: start } : await headersOf(compiled.headers, send.input, scope, start);
    if (!mapped.ok) return mapped;
    const url = `${baseUrl.replace(/\/+$/, '')}${path.path}${query}`;
    const headers = withDeliveryHeaders(mapped.headers, send);
    return { ok: true, request: { method: operation.method, url, headers, body: body?.bytes, timeoutMs: send.timeoutMs } };
  } catch (error) {
    if (isHubError(error)) return { ok: false, reason: `an expression of the operation failed: ${error.detail}` };
    throw error;
  }
}

function startHeaders({ format }: RestOperation, body: EncodedBody | null): Record<string, string> {
  const headers: Record<string, string> = {
    Accept: format === 'xml' ? 'application/xml, */*;q=0.5' : 'application/json, */*;q=0.5',
    'User-Agent': 'Nave',
  };
  if (body) headers['Content-Type'] = body.contentType;
  return headers;
}

async function bodyOf({ body, operation }: CompiledOperation, input: OperationInput, scope: ExpressionScope): Promise<EncodedBody | null> {
  return body ? encodeBody(await body.evaluate(input.data, scope), operation.format ?? 'json') : passOn(input, operation.format);
}

async function queryOf(query: CompiledOperation['query'], input: OperationInput, scope: ExpressionScope): Promise<string> {
  const parameters = new URLSearchParams();
  for (const [name, expression] of query) {
    const value = await expression.evaluate(input.data, scope);
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each !== undefined && each !== null) parameters.append(name, textOf(each) ?? stringifyExact(each) ?? '');
    }
  }
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}

type Headers = { ok: true; headers: Record<string, string> } | { ok: false; reason: string };

async function headersOf(
  mapped: CompiledOperation['headers'],
  input: OperationInput,
  scope: ExpressionScope,
  start: Record<string, string>,
): Promise<Headers> {
  let headers = start;
  for (const [name, expression] of mapped) {
    const value = await expression.evaluate(input.data, scope);
    if (value === undefined || value === null) continue;
    const text = textOf(value);
    const problem = text === null ? 'expected text or a number' : headerValueProblem(text);
    if (text === null || problem !== null) return { ok: false, reason: `header ${name}: ${problem}` };
    headers = withHeader(headers, name, text);
  }
  return { ok: true, headers };
}

function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return exactNumberText(value);
}
