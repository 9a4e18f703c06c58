/** From an HTTP exchange to the outcome of an attempt (contract section 5, "HTTP to outcome"). */
import type { HttpExchangeResult } from '@nave/adapter-kit';
import { type ExchangeExcerpt, type Outcome, type OutcomeKind, outcomeOfHttpStatus } from '@nave/core';
import { parseRetryAfter } from './retry-after.ts';

type Answer = Extract<HttpExchangeResult, { ok: true }>;
type Failure = Extract<HttpExchangeResult, { ok: false }>;

/**
 * The outcome of an exchange.
 * @param nowMs when the answer arrived, for `Retry-After` as a date
 * @param request what was sent, already redacted
 */
export function outcomeOfExchange(result: HttpExchangeResult, nowMs: number, request?: ExchangeExcerpt): Outcome {
  return result.ok ? outcomeOfAnswer(result, nowMs, request) : outcomeOfFailure(result, request);
}

function outcomeOfAnswer({ status, headers, body }: Answer, nowMs: number, request: ExchangeExcerpt | undefined): Outcome {
  const retryAfter = headers['retry-after'];
  const kind = outcomeOfHttpStatus(status, retryAfter !== undefined);
  const retryAfterMs = kind === 'ok' || retryAfter === undefined ? null : parseRetryAfter(retryAfter, nowMs);
  return {
    kind,
    status,
    detail: `answered ${status}`,
    sent: true,
    response: { status, headers, contentType: headers['content-type'] ?? '', body },
    ...(retryAfterMs === null ? {} : { retryAfterMs }),
    ...(request ? { request } : {}),
  };
}

const KINDS: Readonly<Record<Failure['failure'], OutcomeKind>> = {
  refused: 'rejected',
  'invalid-request': 'invalid',
  unreachable: 'unreachable',
  timeout: 'timeout',
  // The hub itself stopped waiting: whoever aborted knows why, for the record it is an answer that did not come.
  cancelled: 'timeout',
  oversized: 'invalid',
  malformed: 'invalid',
};

/**
 * An answer whose status arrived but whose rest cannot be taken: a refusing or failing status decides by itself. A success that is cut off
 * counts as unanswered (status null), so that an operation that may not be repeated is not repeated.
 */
function outcomeOfFailure({ failure, detail, sent, status }: Failure, request: ExchangeExcerpt | undefined): Outcome {
  const excerpt = request ? { request } : {};
  if (status !== null && (status < 200 || status >= 300)) {
    return { kind: outcomeOfHttpStatus(status, false), status, detail: `answered ${status}; ${detail}`, sent, ...excerpt };
  }
  const unreadable = failure === 'oversized' || failure === 'malformed';
  // Something that is not HTTP may be a proxy's or a starting server's: worth another try, unlike a readable answer with an unreadable body.
  const kind = failure === 'malformed' && status === null ? 'fault' : KINDS[failure];
  return { kind, status: unreadable ? status : null, detail: status === null ? detail : `answered ${status}; ${detail}`, sent, ...excerpt };
}
