/** How a call ended for its caller. */
import { HubError, type OutcomeKind } from '@nave/core';
import type { Reply } from './make-reply.ts';

export type CallEnd = Replied | NotReplied;

interface Ended {
  /** Null when nothing was stored. */
  messageId: string | null;
  /** The answer belongs to an earlier call under the same key. */
  duplicate: boolean;
}

export interface Replied extends Ended {
  kind: 'reply';
  reply: Reply;
}

export interface NotReplied extends Ended {
  kind: 'problem';
  error: HubError;
  /** Of the last attempt; null when there was none. */
  outcome: OutcomeKind | null;
  /** What the spoke answered with, where it did. */
  spokeStatus: number | null;
}

export interface LastAttempt {
  outcome: OutcomeKind;
  status: number | null;
  /** What the system asked the caller to wait. */
  retryAfterMs?: number | undefined;
}

/** Why a delivery of a call ended, as shown in `reason`. */
export const CALL_REASONS = {
  timeout: 'call.timeout',
  failed: 'call.failed',
  hangup: 'call.hangup',
  held: 'call.held',
} as const;

export type Unfinished = Omit<NotReplied, keyof Ended | 'kind'>;

/** Paused, broken or asked to be left alone. @param forMs until trying again makes sense */
export function held(spoke: string, forMs: number, stays: boolean): Unfinished {
  const what = stays ? 'The call is stored and made when that is over.' : 'Nothing was sent.';
  const detail = `The spoke ${spoke} is paused, failing or busy. ${what}`;
  return problem(new HubError('reply.held', { detail, retryAfterSeconds: Math.max(1, Math.min(600, Math.ceil(forMs / 1_000))) }));
}

/** @param goesOn whether workers go on with it */
export function timedOut(goesOn: boolean): Unfinished {
  const rest = goesOn ? 'The hub goes on with it: look at the message, or call again with the same Idempotency-Key.' : 'It was cancelled.';
  return problem(new HubError('reply.timeout', { detail: `There was no answer within the route's time. ${rest}` }));
}

/** The spoke refused, or could not do it in time for the caller. */
export function refused(spoke: string, attempt: LastAttempt | null, goesOn: boolean): Unfinished {
  const rest = goesOn ? ' The hub tries again.' : '';
  if (attempt === null) return problem(new HubError('reply.refused', { detail: `The call to ${spoke} ended without an attempt.${rest}` }));
  const { outcome, status } = attempt;
  const what = status === null ? WITHOUT_STATUS[outcome] : `answered ${status}`;
  const code = status === null && outcome === 'timeout' ? 'reply.timeout' : 'reply.refused';
  const told = attempt.retryAfterMs === undefined ? {} : { retryAfterSeconds: Math.max(1, Math.ceil(attempt.retryAfterMs / 1_000)) };
  const error = new HubError(code, { detail: `The spoke ${spoke} ${what} (${outcome}).${rest}`, ...told });
  return { error, outcome, spokeStatus: status };
}

const WITHOUT_STATUS: Readonly<Record<OutcomeKind, string>> = {
  ok: 'answered',
  rejected: 'cannot take this call',
  throttled: 'asked for patience',
  timeout: 'did not answer in its own time',
  unreachable: 'could not be reached',
  fault: 'failed',
  invalid: 'could not be given this input',
  unknown: 'was lost sight of',
};

/** It may have happened: repeating it blindly may do it twice. */
export function unsure(spoke: string, attempt: LastAttempt | null): Unfinished {
  const detail = `The call to ${spoke} left and was never answered: it may have been done. Look at the message before you repeat it.`;
  return { error: new HubError('reply.unknown', { detail }), outcome: attempt?.outcome ?? 'unknown', spokeStatus: attempt?.status ?? null };
}

export function problem(error: HubError): Unfinished {
  return { error, outcome: null, spokeStatus: null };
}
