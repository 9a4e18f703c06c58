/** Errors as the outside sees them: RFC 9457 problem documents (contract section 3), and the one place where a category becomes a status. */
import type { Problem } from '@nave/api-schema';
import { ERROR_CATALOGUE, type ErrorCategory, type FieldProblem, HubError, isHubError, type Logger } from '@nave/core';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { discardBody } from './discard-body.ts';
import { fieldProblems } from './field-problems.ts';

const STATUS: Readonly<Record<ErrorCategory, number>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  gone: 410,
  method: 405,
  conflict: 409,
  stale: 412,
  'too-large': 413,
  'media-type': 415,
  unprocessable: 422,
  limited: 429,
  internal: 500,
  'bad-gateway': 502,
  unavailable: 503,
  'gateway-timeout': 504,
};

/** Seconds told when an error that is worth repeating does not say them itself. */
const RETRY_AFTER_SECONDS = 2;

export interface ProblemAnswer {
  status: number;
  headers: Record<string, string>;
  body: Problem;
}

/** The answer for an error. `instance` is the path of the request, without its query (which may hold personal data). */
export function problemOf(error: HubError, instance: string): ProblemAnswer {
  const status = STATUS[error.category];
  const headers: Record<string, string> = { 'content-type': 'application/problem+json' };
  if (status === 401) headers['www-authenticate'] = 'Bearer realm="nave"';
  if (error.retryable || error.retryAfterSeconds !== undefined)
    headers['retry-after'] = String(error.retryAfterSeconds ?? RETRY_AFTER_SECONDS);
  const body: Problem = {
    type: `urn:nave:problem:${error.code}`,
    title: ERROR_CATALOGUE[error.code].title,
    status,
    // What an internal error says is for the log only.
    detail: error.category === 'internal' ? 'The hub logged what happened under this path and time.' : error.detail,
    instance,
    code: error.code,
  };
  if (error.errors.length > 0) body.errors = error.errors.map(({ path, message }) => ({ path, message }));
  return { status, headers, body };
}

/** The `HubError` for anything thrown while a request is served: our own, Fastify's, or a bug. */
export function hubErrorOf(error: unknown): HubError {
  if (isHubError(error)) return error;
  if (!isFastifyError(error)) return new HubError('hub.internal', { cause: error });
  if (error.validation) {
    const part = error.validationContext ?? 'body';
    const errors: FieldProblem[] = fieldProblems(error.validation, part === 'body' ? '' : `/${part === 'querystring' ? 'query' : part}`);
    return new HubError(part === 'body' ? 'request.invalid' : 'request.malformed', { detail: summary(errors), errors });
  }
  switch (error.statusCode) {
    case 400:
      return new HubError('request.malformed', { detail: malformed(error.code) });
    case 404:
      return new HubError('resource.not-found');
    case 413:
      return new HubError('request.too-large');
    case 414:
    case 431:
      return new HubError('request.malformed', { detail: 'The path or a path parameter is too long.' });
    case 415:
      return new HubError('request.media-type');
    case 503:
      return new HubError('hub.stopping', { retryAfterSeconds: 5 });
    default:
      return new HubError('hub.internal', { cause: error });
  }
}

/** Answers a request with a problem; what is our fault is logged with its cause. */
export async function sendProblem(request: FastifyRequest, reply: FastifyReply, thrown: unknown, logger: Logger): Promise<void> {
  const error = hubErrorOf(thrown);
  const answer = problemOf(error, pathOf(request.url));
  if (answer.status >= 500) {
    const log = { code: error.code, method: request.method, route: request.routeOptions.url ?? null, reason: reasonOf(error) };
    if (error.category === 'internal') logger.error(log, 'request failed');
    // Its begin and end are told once; a line for each refusal would add to the load.
    else if (error.code === 'limit.overload') logger.debug(log, 'request refused');
    else logger.warn(log, 'request refused');
  }
  // What is not read to its end must not be taken for the next request on the connection; and a sender that wants it closed would lose the answer with it.
  if (answer.status === 413 || request.raw.readableFlowing === false || !request.raw.complete) {
    if (await discardBody(request.raw)) reply.removeHeader('connection');
    else reply.header('connection', 'close');
  }
  await reply.code(answer.status).headers(answer.headers).send(answer.body);
}

/** The path of a request target, without its query. */
export function pathOf(target: string): string {
  const end = target.search(/[?#]/);
  return (end === -1 ? target : target.slice(0, end)).slice(0, 512);
}

/** One sentence over several field problems. */
export function summary(errors: readonly FieldProblem[]): string {
  const [first] = errors;
  if (!first) return 'The request is not valid.';
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return `${first.path === '' ? 'The body' : first.path}: ${first.message}${more}`;
}

function malformed(code: string): string {
  if (code === 'FST_ERR_CTP_EMPTY_JSON_BODY') return 'The body is empty, expected JSON.';
  if (code === 'FST_ERR_CTP_INVALID_JSON_BODY') return 'The body is not valid JSON.';
  if (code === 'FST_ERR_BAD_URL') return 'The path cannot be decoded.';
  return 'The request cannot be read.';
}

function isFastifyError(error: unknown): error is FastifyError {
  return error instanceof Error && 'code' in error && 'statusCode' in error;
}

function reasonOf(error: HubError): string {
  const cause = error.cause instanceof Error ? error.cause : error;
  return (cause.stack ?? cause.message).slice(0, 2_000);
}
