/** What a lookup's answer says of the request that was never answered: done, not done, or neither. */
import { type OperationDeclaration, parseBody, parseContentType } from '@nave/adapter-kit';
import type { LookupAnswer, Outcome, OutcomeResponse } from '@nave/core';

/**
 * Found something = done. 404, 410, an empty answer, and a success that the lookup's own rule refuses = not done. Everything else is neither: a lookup that fails
 * must never make the hub send a second time.
 * @param lookup its `retryOn` statuses are no answer yet (a search index that lags behind)
 */
export function lookupAnswer(outcome: Outcome, lookup: Pick<OperationDeclaration, 'retryOn'>): LookupAnswer {
  const { kind, status, response } = outcome;
  if (kind === 'ok') return response === undefined ? 'unsure' : contentOf(response);
  if (kind !== 'rejected' || status === null || lookup.retryOn?.includes(status) === true) return 'unsure';
  return status === 404 || status === 410 || (status >= 200 && status < 300) ? 'notDone' : 'unsure';
}

function contentOf({ status, contentType, body }: OutcomeResponse): LookupAnswer {
  // A 200 of no bytes says nothing: it may stand for either.
  if (body.length === 0) return status === 204 ? 'notDone' : 'unsure';
  // Pages are for people: a sign-in form or the shell of an app answers 200 to everything.
  if (parseContentType(contentType).essence === 'text/html') return 'unsure';
  const parsed = parseBody(contentType, body);
  if (!parsed.ok) return 'unsure';
  return parsed.kind !== 'binary' && isEmpty(parsed.data) ? 'notDone' : 'done';
}

function isEmpty(data: unknown): boolean {
  if (typeof data === 'string') return data.trim() === '';
  if (typeof data === 'object' && data !== null) return Object.keys(data).length === 0;
  return data === null || data === undefined || data === false || data === 0;
}
