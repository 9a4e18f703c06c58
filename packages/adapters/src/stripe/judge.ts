/** What an answer of Stripe means (docs.stripe.com/error-low-level, docs.stripe.com/api/errors, docs.stripe.com/api/idempotent_requests). */
import { isJsonObject } from '@nave/adapter-kit';
import type { Outcome } from '@nave/core';
import type { StripeOperation } from './operations.ts';

export interface StripeError {
  type: string;
  code: string;
  declineCode: string;
  param: string;
  message: string;
}

/** The error of an answer; null when it is none of Stripe's. */
export function stripeErrorOf(body: Uint8Array): StripeError | null {
  const parsed = parseJson(body);
  const error = isJsonObject(parsed) ? parsed['error'] : null;
  if (!isJsonObject(error) || typeof error['type'] !== 'string') return null;
  const text = (name: string) => (typeof error[name] === 'string' ? error[name] : '');
  return { type: text('type'), code: text('code'), declineCode: text('decline_code'), param: text('param'), message: text('message') };
}

/**
 * Refines what the status alone says.
 * - `Stripe-Should-Retry` decides where it is sent. `false` on a 5xx means that the same key would only get the same answer again: what became of a write is unknown.
 * - 409 is another request under the same key or on the same object that is still running; 400 `idempotency_error` is the same key with other parameters.
 */
export function judgeStripe(outcome: Outcome, { method, idempotent }: Pick<StripeOperation, 'method' | 'idempotent'>): Outcome {
  const { status, response } = outcome;
  if (status === null || outcome.kind === 'ok' || response === undefined) return outcome;
  const error = stripeErrorOf(response.body);
  const told = error === null ? outcome : { ...outcome, detail: `answered ${status}: ${wordsOf(error)}` };
  const should = response.headers['stripe-should-retry'];
  const replayed = response.headers['idempotent-replayed'] === 'true';
  const write = method === 'POST' && idempotent !== 'always';
  if (write && status >= 500 && (should === 'false' || replayed))
    return {
      ...told,
      kind: 'unknown',
      detail: `${told.detail}; Stripe repeats this answer under the same key, what became of the request is not known`,
    };
  if (should === 'false') return { ...told, kind: 'rejected', retryAfterMs: undefined };
  if (error?.type === 'idempotency_error' && status !== 409)
    return { ...told, kind: 'rejected', detail: `${told.detail}; the same Idempotency-Key was used with other parameters` };
  if (status === 409 || status === 429 || error?.code === 'lock_timeout') return { ...told, kind: 'throttled' };
  if (should === 'true' && outcome.kind === 'rejected') return { ...told, kind: 'fault' };
  return told;
}

const WORDS: readonly (keyof StripeError)[] = ['type', 'code', 'declineCode', 'param'];

/** One line: what Stripe calls the error, and its message without what it quotes (input, addresses, keys). */
function wordsOf(error: StripeError): string {
  const names = WORDS.map((field) => error[field].replaceAll(/[^A-Za-z0-9_[\].-]/g, '').slice(0, 100)).filter((word) => word !== '');
  const message = error.message
    .replaceAll(/'[^']*'|"[^"]*"|`[^`]*`/g, '…')
    .replaceAll(/\S+@\S+|\b(?:sk|rk|pk)_\S+|\d{7,}/g, '…')
    .replaceAll(/\s+/g, ' ')
    .slice(0, 200);
  return message === '' ? names.join(' ') : `${names.join(' ')} (${message})`;
}

export function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    return null;
  }
}
