/** What the errors of a GraphQL answer mean for the attempt: by their codes, since HTTP says 200 to most of them. */
import type { OutcomeKind } from '@nave/core';
import type { GraphqlAnswer, GraphqlError } from './graphql-answer.ts';
import type { GraphqlOperation } from './parse-graphql-document.ts';

/** What a code may stand for. */
export type GraphqlFailureKind = Extract<OutcomeKind, 'rejected' | 'invalid' | 'throttled' | 'fault' | 'timeout' | 'unknown'>;

/** Codes in use: Apollo's list (apollographql.com/docs/apollo-server/data/errors), Shopify's THROTTLED, and what others are known to send. */
export const GRAPHQL_ERROR_CODES: ReadonlyMap<string, GraphqlFailureKind> = new Map<string, GraphqlFailureKind>([
  ['UNAUTHENTICATED', 'rejected'],
  ['FORBIDDEN', 'rejected'],
  ['ACCESS_DENIED', 'rejected'],
  ['BAD_USER_INPUT', 'invalid'],
  ['GRAPHQL_PARSE_FAILED', 'invalid'],
  ['GRAPHQL_VALIDATION_FAILED', 'invalid'],
  ['BAD_REQUEST', 'invalid'],
  ['OPERATION_RESOLUTION_FAILURE', 'invalid'],
  ['MAX_COST_EXCEEDED', 'rejected'],
  ['THROTTLED', 'throttled'],
  ['RATE_LIMITED', 'throttled'],
  ['RATE_LIMIT_EXCEEDED', 'throttled'],
  ['TOO_MANY_REQUESTS', 'throttled'],
  ['INTERNAL_SERVER_ERROR', 'fault'],
  ['SERVICE_UNAVAILABLE', 'fault'],
]);

/** The most final first: an answer with several errors is as good as its worst. */
const ORDER: readonly GraphqlFailureKind[] = ['unknown', 'rejected', 'invalid', 'timeout', 'fault', 'throttled'];

/** The kind of failure that a list of errors (not empty) stands for. `codes`: the spoke's own readings, first. An error without a known code is a refusal. */
export function graphqlFailureKind(errors: readonly GraphqlError[], codes: ReadonlyMap<string, GraphqlFailureKind>): GraphqlFailureKind {
  const kinds = new Set(
    errors.map(({ code }) => (code === null ? undefined : (codes.get(code) ?? GRAPHQL_ERROR_CODES.get(code))) ?? 'rejected'),
  );
  return ORDER.find((kind) => kinds.has(kind)) ?? 'rejected';
}

/** Some top-level fields came and others failed. For a mutation: part of it was done. */
export function isPartial({ data, errors }: Pick<GraphqlAnswer, 'data' | 'errors'>): boolean {
  if (errors.length === 0 || typeof data !== 'object' || data === null) return false;
  return Object.values(data).some((value) => value !== null);
}

/** The errors in one line: how many, their codes, and where, in words of the document itself. Messages are left out: they may quote personal data. */
export function graphqlErrorsText(errors: readonly GraphqlError[], { answerNames }: Pick<GraphqlOperation, 'answerNames'>): string {
  const texts = errors.map(({ code, path }) => {
    const known = path.every((each) => typeof each === 'number' || answerNames.has(each));
    const at = path.length > 0 && known ? ` at ${path.join('.')}` : '';
    return `${code ?? 'error without a code'}${at}`;
  });
  const shown = [...new Set(texts)].slice(0, 3).join(', ');
  return `${errors.length} GraphQL ${errors.length === 1 ? 'error' : 'errors'} (${shown})`;
}
