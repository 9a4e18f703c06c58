/** The answer of a call, made from what the steps of its route answered. */
import { parseBody } from '@nave/adapter-kit';
import { type ExpressionRoot, type ExpressionScope, HubError, isHubError, type OutcomeResponse } from '@nave/core';
import { expressionScope } from '../expression-root.ts';
import type { CompiledReply } from '../registry.ts';
import { replyHeaderValue } from './reply-headers.ts';

export interface Reply {
  status: number;
  /** Lower-case names. */
  headers: Readonly<Record<string, string>>;
  body: Uint8Array;
}

/** What a step answered. */
export interface StepAnswer {
  name: string;
  response: OutcomeResponse;
}

export interface ReplyFacts {
  /** Without `steps`: those are filled in here. */
  root: Omit<ExpressionRoot, 'steps'>;
  /** The delivery of the last step, and when it was made: `$uuid()` and `$now()` give the same again for a repeat. */
  seed: string;
  nowMs: number;
  bindings: Pick<ExpressionScope, 'bindings'>;
}

const EMPTY = new Uint8Array(0);
/** Statuses whose answers have no body (RFC 9110 section 15). */
const BODILESS = new Set([204, 205, 304]);
const BODY_BYTES_MAX = 10 * 1024 * 1024;

/**
 * @param facts asked for only where the route maps its answer
 * @throws HubError `reply.mapping` when the route's expressions fail or give what cannot be an answer
 */
export async function makeReply(
  reply: CompiledReply | null,
  answers: readonly StepAnswer[],
  facts: () => Promise<ReplyFacts>,
): Promise<Reply> {
  const last = answers.at(-1)?.response;
  if (reply === null) return asItIs(last);
  const { root, seed, nowMs, bindings } = await facts();
  const steps: Record<string, unknown> = {};
  const responses: Record<string, { status: number; headers: Readonly<Record<string, string>>; body: unknown }> = {};
  for (const { name, response } of answers) {
    const parsed = parseBody(response.contentType, response.body);
    const body = parsed.ok ? parsed.data : null;
    steps[name] = body;
    responses[name] = { status: response.status, headers: response.headers, body };
  }
  const scope = expressionScope(seed, nowMs, { ...bindings, responses });
  const evaluate = async (where: string, expression: { evaluate(root: unknown, scope: ExpressionScope): Promise<unknown> }) => {
    try {
      return await expression.evaluate({ ...root, steps }, scope);
    } catch (error) {
      if (!isHubError(error)) throw error;
      throw unmappable(`reply.${where} failed: ${error.detail}`);
    }
  };
  const status = await statusOf(reply.status, last, (expression) => evaluate('status', expression));
  const headers: Record<string, string> = {};
  for (const { name, expression } of reply.headers) {
    const value = await evaluate(`headers.${name}`, expression);
    // Selecting nothing leaves the header out.
    if (value === undefined || value === null) continue;
    const text = replyHeaderValue(value);
    if (text === null) throw unmappable(`reply.headers.${name} is no text of one line`);
    headers[name] = text;
  }
  if (reply.body === null) {
    const { body, headers: own } = asItIs(last);
    return bounded({ status, headers: { ...own, ...headers }, body });
  }
  const content = await evaluate('body', reply.body);
  if (content === undefined) return bounded({ status, headers, body: EMPTY });
  const isText = typeof content === 'string' && !/json/i.test(headers['content-type'] ?? '');
  const type = isText ? 'text/plain; charset=utf-8' : 'application/json';
  return bounded({ status, headers: { 'content-type': type, ...headers }, body: Buffer.from(isText ? content : JSON.stringify(content)) });
}

/** The last step's answer: status, content type and body. Its other headers are about its own connection and caches. */
function asItIs(last: OutcomeResponse | undefined): Reply {
  if (last === undefined) return { status: 200, headers: {}, body: EMPTY };
  const type = replyHeaderValue(last.contentType);
  return bounded({
    status: isFinal(last.status) ? last.status : 200,
    headers: last.body.length === 0 || type === null || type === '' ? {} : { 'content-type': type },
    body: last.body,
  });
}

async function statusOf(
  status: CompiledReply['status'],
  last: OutcomeResponse | undefined,
  evaluate: (expression: Exclude<CompiledReply['status'], number | null>) => Promise<unknown>,
): Promise<number> {
  if (typeof status === 'number') return status;
  if (status === null) return last !== undefined && isFinal(last.status) ? last.status : 200;
  const value = await evaluate(status);
  if (typeof value === 'number' && isFinal(value)) return value;
  throw unmappable('reply.status is no status from 200 to 599');
}

/** Of an answer that ends a call (RFC 9110 section 15): 1xx does not. */
function isFinal(status: number): boolean {
  return Number.isInteger(status) && status >= 200 && status <= 599;
}

function bounded(reply: Reply): Reply {
  if (reply.body.length > BODY_BYTES_MAX) throw unmappable(`the answer has more than ${BODY_BYTES_MAX} bytes`);
  if (!BODILESS.has(reply.status)) return reply;
  const { 'content-type': _none, ...headers } = reply.headers;
  return { ...reply, headers, body: EMPTY };
}

function unmappable(why: string): HubError {
  return new HubError('reply.mapping', { detail: `The spoke did its part, but ${why}` });
}
