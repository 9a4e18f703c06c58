/** From the answer of a SOAP service to the outcome of an attempt: faults by their code, answers as JSON, what cannot be read never as success. */
import { type HttpExchangeResult, stringifyExact } from '@nave/adapter-kit';
import { type ExchangeExcerpt, type ExpressionScope, isHubError, type Outcome } from '@nave/core';
import {
  decodeBody,
  decodeHeader,
  describeFault,
  faultOf,
  type MessageContext,
  matchesFault,
  outcomeOfExchange,
  outcomeOfFault,
  type SoapFault,
} from '@nave/protocols';
import type { CompiledOperation } from './build-request.ts';
import type { SoapConfig } from './config.ts';
import { type AnswerRead, readAnswer } from './read-answer.ts';

export interface Judged {
  result: HttpExchangeResult;
  request: ExchangeExcerpt;
  compiled: CompiledOperation;
  config: SoapConfig;
  message: MessageContext;
  scope: ExpressionScope;
  nowMs: number;
  /** Takes secrets out of words of the other side. */
  redact: (text: string) => string;
}

export async function judgeAnswer(judged: Judged): Promise<Outcome> {
  const outcome = await judge(judged);
  const { kind, status } = outcome;
  // All operations have one address: that it is not there says nothing of what a lookup looks for. `notFoundFaults` and the success rule do.
  return judged.compiled.isLookup && kind === 'rejected' && (status === 404 || status === 410) ? { ...outcome, kind: 'invalid' } : outcome;
}

async function judge(judged: Judged): Promise<Outcome> {
  const { result, request, nowMs, message } = judged;
  const outcome = outcomeOfExchange(result, nowMs, request);
  if (!result.ok) {
    const { failure, status } = result;
    // The service did something and nobody can read what.
    const readable = !(status !== null && status >= 200 && status < 300 && (failure === 'oversized' || failure === 'malformed'));
    return readable ? outcome : unreadable(judged, outcome, null);
  }
  const { status, headers, body } = result;
  // What a gateway says about load, sign-in or redirection comes before anything that looks like SOAP.
  if (outcome.kind === 'throttled' || status === 401 || (status >= 300 && status < 400)) return outcome;
  const success = status >= 200 && status < 300;
  if (body.byteLength === 0) {
    if (!success || message.operation.output === null) return outcome;
    return unreadable(judged, outcome, 'an empty answer to an operation that has one');
  }
  const read = readAnswer(headers['content-type'] ?? '', body);
  if (!read.ok) return success ? unreadable(judged, outcome, read.reason) : outcome;
  const fault = faultOf(read.envelope);
  if (fault) return ofFault(judged, outcome, fault, status);
  return success ? ofAnswer(judged, outcome, read) : outcome;
}

function ofFault({ compiled, config, redact }: Judged, outcome: Outcome, fault: SoapFault, status: number): Outcome {
  const { settings } = compiled;
  const detail = `answered ${status}, fault ${redact(describeFault(fault))}`;
  if (settings.notFoundFaults && matchesFault(fault, settings.notFoundFaults)) return { ...withJson(outcome, null), kind: 'ok', detail };
  const own = ownVerdict(fault, settings);
  const kind = own ?? outcomeOfFault(fault, status, config);
  // A fault says 500, whatever the server said (SOAP 1.1 section 6.2): a success it is not, nor an answer that says "there is none".
  return {
    ...outcome,
    kind,
    detail,
    status: status < 300 ? 500 : status,
    retryAfterMs: kind === 'fault' ? outcome.retryAfterMs : undefined,
  };
}

function ownVerdict(fault: SoapFault, { rejectFaults = [], retryFaults = [] }: CompiledOperation['settings']): 'rejected' | 'fault' | null {
  if (matchesFault(fault, rejectFaults)) return 'rejected';
  return matchesFault(fault, retryFaults) ? 'fault' : null;
}

async function ofAnswer(judged: Judged, outcome: Outcome, { envelope, attachments }: Extract<AnswerRead, { ok: true }>): Promise<Outcome> {
  const { compiled, message, scope } = judged;
  const context: MessageContext = { ...message, direction: 'output' };
  const decoded = message.operation.output === null ? ({ ok: true, data: {} } as const) : decodeBody(context, envelope.body);
  if (!decoded.ok) return unreadable(judged, outcome, decoded.reason);
  let data = decoded.data;
  if (compiled.settings.answer === 'envelope') {
    const header = Object.fromEntries(envelope.headers.map((each) => [each.local, decodeHeader(context, each)]));
    const parts = attachments.map(({ id, contentType, body }) => ({ id, contentType, content: Buffer.from(body).toString('base64') }));
    data = { header, body: data, attachments: parts };
  }
  const answered = withJson(outcome, data);
  if (!compiled.success || !answered.response) return answered;
  try {
    const root = { status: answered.response.status, headers: answered.response.headers, body: data };
    if (await compiled.success.evaluate(root, scope)) return answered;
    return { ...answered, kind: 'rejected', detail: `${outcome.detail}, but the operation's success rule does not hold` };
  } catch (error) {
    if (isHubError(error))
      return { ...answered, kind: 'invalid', detail: `${outcome.detail}; the operation's success rule failed: ${error.detail}` };
    throw error;
  }
}

/** The answer as JSON: what later steps and lookups read. */
function withJson(outcome: Outcome, data: unknown): Outcome {
  const { response } = outcome;
  if (!response) return outcome;
  const body = Buffer.from(stringifyExact(data) ?? 'null');
  const { 'content-length': _length, ...headers } = response.headers;
  return {
    ...outcome,
    response: { ...response, headers: { ...headers, 'content-type': 'application/json' }, contentType: 'application/json', body },
  };
}

/** For an operation that must not be repeated it counts as not answered: it may have been done. */
function unreadable({ compiled }: Judged, outcome: Outcome, reason: string | null): Outcome {
  const kind = (compiled.settings.idempotent ?? 'never') === 'never' ? 'unknown' : 'invalid';
  return { ...outcome, kind, detail: reason === null ? outcome.detail : `${outcome.detail}; ${reason}`, sent: true };
}
