/** What a schema cannot say about a `rest` spoke: that its expressions compile, its paths hold, its names point somewhere. */
import { joinPointer, type ValidateContext } from '@nave/adapter-kit';
import { type FieldProblem, isHubError } from '@nave/core';
import {
  DELIVERY_HEADERS,
  type HttpCredentials,
  headerNameProblem,
  httpCredentialProblems,
  httpTlsProblems,
  parseHttpTarget,
  pathTemplateProblem,
} from '@nave/protocols';
import type { RestConfig, RestOperation, RestPoll } from './config.ts';
import { idempotencyOf } from './operations.ts';

/** All problems, with pointers below the spoke. */
export function validateRest(config: RestConfig, credentials: HttpCredentials, context: ValidateContext): FieldProblem[] {
  const { baseUrl, operations = {}, check, tls } = config;
  const problems: FieldProblem[] = [...httpTlsProblems(tls, baseUrl, '/config/tls'), ...httpCredentialProblems(credentials)];
  const base = baseUrlProblem(baseUrl);
  if (base !== null) problems.push({ path: '/config/baseUrl', message: base });
  if (check) {
    const problem =
      pathTemplateProblem(check.path) ?? (check.path.includes('{') ? 'expected a path without {}: a check has no input' : null);
    if (problem !== null) problems.push({ path: '/config/check/path', message: problem });
  }
  for (const [name, operation] of Object.entries(operations)) {
    problems.push(...operationProblems(operation, joinPointer('/config/operations', name), operations, context));
  }
  for (const [name, poll] of Object.entries(config.polls ?? {}))
    problems.push(...pollProblems(poll, joinPointer('/config/polls', name), context));
  return problems;
}

function pollProblems(poll: RestPoll, at: string, context: ValidateContext): FieldProblem[] {
  const { path, query = {}, headers = {}, items, id, type, orderingKey, cursor, more } = poll;
  const texts = { items, id, type, orderingKey, cursor, more };
  const found = [
    {
      path: `${at}/path`,
      message: pathTemplateProblem(path) ?? (/[{?#]/.test(path) ? 'expected a path without {}, query and fragment' : null),
    },
    ...Object.entries(texts).map(([field, text]) => ({ path: `${at}/${field}`, message: compileProblem(text, context) })),
    ...Object.entries(query).map(([name, text]) => ({ path: joinPointer(`${at}/query`, name), message: compileProblem(text, context) })),
    ...Object.keys(headers).map((name) => ({ path: joinPointer(`${at}/headers`, name), message: headerNameProblem(name) })),
  ];
  return found.flatMap(({ path: place, message }) => (message === null ? [] : [{ path: place, message }]));
}

function compileProblem(text: string | undefined, { expressions }: ValidateContext): string | null {
  if (text === undefined) return null;
  try {
    expressions.compile(text);
    return null;
  } catch (error) {
    if (isHubError(error)) return error.detail;
    throw error;
  }
}

function baseUrlProblem(baseUrl: string): string | null {
  const target = parseHttpTarget(baseUrl);
  if (!target.ok) return `expected an http or https URL: ${target.reason}`;
  return /[?#]/.test(baseUrl) ? 'expected a URL without query and fragment' : null;
}

function operationProblems(
  operation: RestOperation,
  at: string,
  all: Readonly<Record<string, RestOperation>>,
  context: ValidateContext,
): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const add = (path: string, message: string | null): void => {
    if (message !== null) problems.push({ path, message });
  };
  const compiles = (text: string | undefined): string | null => compileProblem(text, context);
  add(`${at}/path`, pathTemplateProblem(operation.path));
  add(`${at}/body`, compiles(operation.body));
  add(`${at}/success`, compiles(operation.success));
  for (const [name, text] of Object.entries(operation.query ?? {})) add(joinPointer(`${at}/query`, name), compiles(text));
  for (const [name, text] of Object.entries(operation.headers ?? {})) {
    const path = joinPointer(`${at}/headers`, name);
    add(path, headerNameProblem(name) ?? (DELIVERY_HEADERS.has(name.toLowerCase()) ? 'this header is set by the hub itself' : null));
    add(path, compiles(text));
  }
  for (const field of ['lookup', 'undo'] as const) {
    const named = operation[field];
    if (named !== undefined && !Object.hasOwn(all, named))
      add(`${at}/${field}`, `expected the name of an operation of this spoke, there is none called "${named}"`);
  }
  add(`${at}/lookup`, lookupProblem(operation, all));
  return problems;
}

/** A lookup only asks: it may be repeated without harm, and its answer's body says whether something was found. */
function lookupProblem({ lookup }: RestOperation, all: Readonly<Record<string, RestOperation>>): string | null {
  const asked = lookup !== undefined && Object.hasOwn(all, lookup) ? all[lookup] : undefined;
  if (asked === undefined) return null;
  if (idempotencyOf(asked) !== 'always') return 'expected an operation that only reads: one with "idempotent": "always"';
  return asked.method === 'HEAD' ? 'expected an operation whose answer has a body: a HEAD has none' : null;
}
