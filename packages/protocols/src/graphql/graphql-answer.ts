/** Reads an HTTP answer as GraphQL over HTTP prescribes: which answers are GraphQL at all, and whether they are well-formed. */
import { parseBody, parseContentType } from '@nave/adapter-kit';

export interface GraphqlError {
  /** `extensions.code` where it is one: the only part of an error that is the same for everybody. */
  code: string | null;
  path: readonly (string | number)[];
}

export interface GraphqlAnswer {
  status: number;
  data: unknown;
  errors: readonly GraphqlError[];
  /** As they came, for rules. */
  rawErrors: readonly unknown[];
  extensions: unknown;
}

/**
 * `http`: not a GraphQL answer, its status decides (a failing `application/json` may be a proxy's, GraphQL over HTTP section 6.4.1).
 * `unreadable`: it claims success and is no well-formed GraphQL answer.
 */
export type ReadGraphqlAnswer = { kind: 'graphql'; answer: GraphqlAnswer } | { kind: 'http' } | { kind: 'unreadable'; reason: string };

const ERRORS_MAX = 100;
const CODE = /^[A-Za-z][A-Za-z0-9_.-]{0,63}$/;

/** @param headers with lower-case names */
export function readGraphqlAnswer(status: number, headers: Readonly<Record<string, string>>, body: Uint8Array): ReadGraphqlAnswer {
  const contentType = headers['content-type'];
  const { essence } = parseContentType(contentType);
  const success = status >= 200 && status < 300;
  if (!success && essence !== 'application/graphql-response+json') return { kind: 'http' };
  const refuse = (reason: string): ReadGraphqlAnswer => (success ? { kind: 'unreadable', reason } : { kind: 'http' });
  if (essence !== 'application/json' && !essence.endsWith('+json')) return refuse('its content type is not one of GraphQL');
  const parsed = parseBody(contentType, body);
  if (!parsed.ok) return refuse(parsed.reason);
  const answer = wellFormed(status, parsed.data);
  return typeof answer === 'string' ? refuse(answer) : { kind: 'graphql', answer };
}

/** An answer, or why it is none (GraphQL specification, section 7.1). */
function wellFormed(status: number, value: unknown): GraphqlAnswer | string {
  if (!isRecord(value)) return 'it is not an object';
  const { data, errors, extensions } = value;
  if (data !== undefined && data !== null && !isRecord(data)) return 'its data is not an object';
  if (errors !== undefined && errors !== null && !Array.isArray(errors)) return 'its errors are not a list';
  const list: readonly unknown[] = Array.isArray(errors) ? errors : [];
  if (list.length === 0 && (data === undefined || data === null)) return 'it has neither data nor errors';
  return { status, data: data ?? null, errors: list.slice(0, ERRORS_MAX).map(errorOf), rawErrors: list, extensions: extensions ?? null };
}

function errorOf(value: unknown): GraphqlError {
  if (!isRecord(value)) return { code: null, path: [] };
  const code = isRecord(value['extensions']) ? value['extensions']['code'] : undefined;
  const path: unknown[] = Array.isArray(value['path']) ? value['path'] : [];
  return {
    code: typeof code === 'string' && CODE.test(code) ? code : null,
    path: path.slice(0, 20).filter((each) => typeof each === 'string' || typeof each === 'number'),
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
