/** What a schema cannot say about a `graphql` spoke: that documents parse and fit, variables are given, names point somewhere. */
import { joinPointer, type ValidateContext } from '@nave/adapter-kit';
import { type FieldProblem, isHubError } from '@nave/core';
import {
  DELIVERY_HEADERS,
  type GraphqlOperation,
  type GraphqlProblem,
  graphqlProblemText,
  graphqlSchemaProblems,
  type HttpCredentials,
  headerNameProblem,
  headerValueProblem,
  httpCredentialProblems,
  httpTlsProblems,
  isRequiredVariable,
  parseGraphqlDocument,
  parseHttpTarget,
  readGraphqlSchema,
} from '@nave/protocols';
import type { GraphqlConfig, GraphqlSpokeOperation } from './config.ts';
import { idempotencyOf } from './operations.ts';

interface Parsed {
  operation: GraphqlSpokeOperation;
  declared: GraphqlOperation | null;
  problems: readonly GraphqlProblem[];
}

/** All problems, with pointers below the spoke. */
export function validateGraphql(config: GraphqlConfig, credentials: HttpCredentials, context: ValidateContext): FieldProblem[] {
  const { endpoint, headers = {}, schema: text, operations = {}, tls } = config;
  const problems: FieldProblem[] = [...httpTlsProblems(tls, endpoint, '/config/tls'), ...httpCredentialProblems(credentials)];
  const target = parseHttpTarget(endpoint);
  if (!target.ok) problems.push({ path: '/config/endpoint', message: `expected an http or https URL: ${target.reason}` });
  else if (endpoint.includes('#')) problems.push({ path: '/config/endpoint', message: 'expected a URL without fragment' });
  for (const [name, value] of Object.entries(headers)) {
    const problem = headerNameProblem(name) ?? (isTaken(name) ? 'this header is set by the hub itself' : headerValueProblem(value));
    if (problem !== null) problems.push({ path: joinPointer('/config/headers', name), message: problem });
  }
  const read = text === undefined ? null : readGraphqlSchema(text);
  if (read && !read.ok) problems.push({ path: '/config/schema', message: read.reason });
  const parsed = new Map<string, Parsed>();
  for (const [name, operation] of Object.entries(operations)) {
    const result = parseGraphqlDocument(operation.document, operation.operationName);
    const declared = result.ok ? result.operation : null;
    const found = result.ok ? (read?.ok ? graphqlSchemaProblems(result.operation, read.schema) : []) : result.problems;
    parsed.set(name, { operation, declared, problems: found });
  }
  for (const [name, one] of parsed) problems.push(...operationProblems(one, joinPointer('/config/operations', name), parsed, context));
  return problems;
}

function operationProblems(
  { operation, declared, problems: found }: Parsed,
  at: string,
  all: ReadonlyMap<string, Parsed>,
  { expressions }: ValidateContext,
): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const add = (path: string, message: string | null): void => {
    if (message !== null) problems.push({ path, message });
  };
  const compile = (path: string, text: string | undefined): void => {
    if (text === undefined) return;
    try {
      expressions.compile(text);
    } catch (error) {
      if (!isHubError(error)) throw error;
      add(path, error.detail);
    }
  };
  for (const problem of found) add(`${at}/document`, graphqlProblemText(problem));
  for (const field of ['success', 'reject', 'result'] as const) compile(`${at}/${field}`, operation[field]);
  const { variables, paginate } = operation;
  if (typeof variables === 'string') compile(`${at}/variables`, variables);
  else for (const [name, text] of Object.entries(variables ?? {})) compile(joinPointer(`${at}/variables`, name), text);
  if (declared) {
    problems.push(...variableProblems(operation, declared, at));
    if (paginate && declared.type === 'mutation') add(`${at}/paginate`, 'expected a query: a mutation is sent once');
  }
  for (const field of ['lookup', 'undo'] as const) {
    const named = operation[field];
    if (named !== undefined && !all.has(named))
      add(`${at}/${field}`, `expected the name of an operation of this spoke, there is none called "${named}"`);
  }
  const asked = operation.lookup === undefined ? undefined : all.get(operation.lookup);
  if (asked && idempotencyOf(asked.operation, asked.declared) !== 'always')
    add(`${at}/lookup`, 'expected an operation that only reads: a query, or one with "idempotent": "always"');
  else if (asked && asked.operation.result === undefined)
    add(`${at}/lookup`, 'expected an operation with a "result": an answer such as { "order": null } must count as nothing found');
  return problems;
}

/** Variables that are given without being declared, and declared without being given. */
function variableProblems(
  { variables, paginate }: GraphqlSpokeOperation,
  { variables: declared }: GraphqlOperation,
  at: string,
): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const names = declared.map(({ variable }) => variable.name.value);
  const declares = names.length === 0 ? 'no variables' : names.map((name) => `$${name}`).join(', ');
  const cursor = paginate?.cursor;
  if (cursor !== undefined && !names.includes(cursor))
    problems.push({ path: `${at}/paginate/cursor`, message: `expected a variable of the document, which declares ${declares}` });
  if (typeof variables !== 'object') return problems;
  for (const name of Object.keys(variables)) {
    if (!names.includes(name)) problems.push({ path: joinPointer(`${at}/variables`, name), message: `the document declares ${declares}` });
  }
  for (const each of declared) {
    const name = each.variable.name.value;
    if (isRequiredVariable(each) && !Object.hasOwn(variables, name) && name !== cursor)
      problems.push({ path: `${at}/variables`, message: `the document needs $${name}, which is not given` });
  }
  return problems;
}

/** Headers that mean something to this kind itself. */
function isTaken(name: string): boolean {
  const lower = name.toLowerCase();
  return DELIVERY_HEADERS.has(lower) || lower === 'content-type' || lower === 'accept';
}
