/** Judges an answer: what HTTP says of it, then what GraphQL says inside, then the operation's own rules. */
import { parseBody, stringifyExact } from '@nave/adapter-kit';
import { type ExpressionScope, isHubError, type Outcome } from '@nave/core';
import {
  type GraphqlAnswer,
  type GraphqlFailureKind,
  graphqlCostDelay,
  graphqlErrorsText,
  graphqlFailureKind,
  isPartial,
  parseRetryAfter,
  readGraphqlAnswer,
} from '@nave/protocols';
import type { CompiledGraphqlOperation } from './compile-operation.ts';

export interface JudgeContext {
  operation: CompiledGraphqlOperation;
  codes: ReadonlyMap<string, GraphqlFailureKind>;
  scope: ExpressionScope;
  /** When the answer came, for `Retry-After` as a date. */
  nowMs: number;
}

/** @param outcome what HTTP says; one without an answer stays as it is */
export async function judgeGraphql(outcome: Outcome, context: JudgeContext): Promise<Outcome> {
  const { response } = outcome;
  if (!response) return outcome;
  const { operation } = context;
  const read = readGraphqlAnswer(response.status, response.headers, response.body);
  if (read.kind === 'http') return asLookup(withCostDelay(outcome), operation);
  if (read.kind === 'unreadable') {
    // It said 200: what was asked for may have been done.
    const kind = operation.idempotent === 'never' ? 'unknown' : 'invalid';
    return { ...outcome, kind, detail: `${outcome.detail} with something that is not a GraphQL answer: ${read.reason}` };
  }
  try {
    return await judgeAnswer(outcome, read.answer, context);
  } catch (error) {
    if (!isHubError(error)) throw error;
    const kind = operation.idempotent === 'never' ? 'unknown' : 'invalid';
    return { ...outcome, kind, detail: `${outcome.detail}; a rule of the operation failed: ${error.detail}` };
  }
}

async function judgeAnswer(outcome: Outcome, answer: GraphqlAnswer, context: JudgeContext): Promise<Outcome> {
  const { operation, scope } = context;
  const root = { status: answer.status, data: answer.data, errors: answer.rawErrors, extensions: answer.extensions };
  const { success, reject, declared } = operation;
  if (reject && holds(await reject.evaluate(root, scope)))
    return { ...outcome, kind: 'rejected', detail: `${outcome.detail}, and the operation's reject rule holds` };
  if (success && holds(await success.evaluate(root, scope))) return withResult(succeeded(outcome), root, operation, scope);
  if (answer.errors.length > 0) return asLookup(judgeErrors(outcome, answer, context), operation);
  if (success) return { ...outcome, kind: 'rejected', detail: `${outcome.detail}, but the operation's success rule does not hold` };
  if (outcome.kind !== 'ok') return asLookup(outcome, operation);
  const refused = reject ? null : userErrorsOf(answer.data, declared.rootFields);
  if (refused !== null) return { ...outcome, kind: 'rejected', detail: `${outcome.detail} with userErrors of ${refused}` };
  return withResult(outcome, root, operation, scope);
}

function judgeErrors(outcome: Outcome, answer: GraphqlAnswer, { operation, codes, nowMs }: JudgeContext): Outcome {
  const { declared, idempotent } = operation;
  const detail = `${outcome.detail} with ${graphqlErrorsText(answer.errors, declared)}`;
  if (declared.type === 'mutation' && idempotent === 'never' && isPartial(answer))
    return { ...outcome, kind: 'unknown', detail: `${detail}; another part of it was done` };
  const kind = graphqlFailureKind(answer.errors, codes);
  if (kind !== 'throttled') return { ...outcome, kind, detail };
  const delay = graphqlCostDelay(answer);
  if (delay.kind === 'impossible')
    return { ...outcome, kind: 'rejected', detail: `${detail}: it costs more than the system ever grants at once` };
  const header = outcome.response?.headers['retry-after'];
  const told = header === undefined ? null : parseRetryAfter(header, nowMs);
  const retryAfterMs = Math.max(told ?? 0, delay.kind === 'wait' ? delay.waitMs : 0);
  return { ...outcome, kind, detail, ...(retryAfterMs > 0 ? { retryAfterMs } : {}) };
}

/** A refusal, and a missing endpoint, say nothing about what a lookup looks for: only its own rules and an empty result mean "not done". */
function asLookup(outcome: Outcome, { isLookup }: CompiledGraphqlOperation): Outcome {
  return isLookup && outcome.kind === 'rejected' ? { ...outcome, kind: 'invalid' } : outcome;
}

/** A 429 may carry the cost too, whatever its media type. */
function withCostDelay(outcome: Outcome): Outcome {
  const { response, kind, retryAfterMs } = outcome;
  if (kind !== 'throttled' || retryAfterMs !== undefined || !response) return outcome;
  const parsed = parseBody(response.contentType, response.body);
  const extensions: unknown = parsed.ok ? Reflect.get(Object(parsed.data), 'extensions') : null;
  const delay = graphqlCostDelay({ extensions });
  return delay.kind === 'wait' ? { ...outcome, retryAfterMs: delay.waitMs } : outcome;
}

/** Shopify and its kin put what a person can correct into the payload of a mutation. The field that has such errors, or null. */
function userErrorsOf(data: unknown, rootFields: ReadonlySet<string>): string | null {
  for (const name of rootFields) {
    const errors: unknown = Reflect.get(Object(Reflect.get(Object(data), name)), 'userErrors');
    if (Array.isArray(errors) && errors.length > 0) return name;
  }
  return null;
}

function succeeded(outcome: Outcome): Outcome {
  return { ...outcome, kind: 'ok', retryAfterMs: undefined };
}

async function withResult(outcome: Outcome, root: unknown, { result }: CompiledGraphqlOperation, scope: ExpressionScope): Promise<Outcome> {
  if (!result || !outcome.response) return outcome;
  return replaceBody(outcome, await result.evaluate(root, scope));
}

/** The output of an answer whose pages were judged one by one. */
export async function applyResult(outcome: Outcome, { operation, scope }: Pick<JudgeContext, 'operation' | 'scope'>): Promise<Outcome> {
  const { response } = outcome;
  const parsed = response ? parseBody(response.contentType, response.body) : null;
  if (outcome.kind !== 'ok' || !operation.result || !response || !parsed?.ok) return outcome;
  const at = (name: string): unknown => Reflect.get(Object(parsed.data), name) ?? null;
  const root = { status: response.status, data: at('data'), errors: at('errors') ?? [], extensions: at('extensions') };
  return withResult(outcome, root, operation, scope);
}

/** The outcome with another output; the status and headers stay those of the answer. */
export function replaceBody(outcome: Outcome, output: unknown): Outcome {
  if (!outcome.response) return outcome;
  const body = Buffer.from(stringifyExact(output) ?? 'null');
  return { ...outcome, response: { ...outcome.response, contentType: 'application/json', body } };
}

/** As JSONata's `$boolean` reads values: empty texts, lists and objects, zero and nothing do not hold. */
function holds(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(holds);
  return typeof value === 'object' && value !== null ? Object.keys(value).length > 0 : Boolean(value);
}
