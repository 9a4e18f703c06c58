/** The check of a `graphql` spoke: one introspection, and what it says about the operations. */
import type { AdapterContext, ProbeResult } from '@nave/adapter-kit';
import {
  type AuthorizedExchange,
  type GraphqlAnswer,
  type GraphqlClient,
  graphqlErrorsText,
  graphqlFailureKind,
  graphqlProblemText,
  graphqlSchemaProblems,
  type HttpAuth,
  type HttpCredentials,
  introspectionOperation,
  probeOfExchange,
  probeOfTokenFailure,
  readGraphqlAnswer,
  rootFieldsOf,
  schemaOfIntrospection,
} from '@nave/protocols';
import type { CompiledGraphqlOperation } from './compile-operation.ts';
import type { GraphqlConfig } from './config.ts';
import { exchangeGraphql } from './exchange.ts';

const PROBE_TIMEOUT_MS = 10_000;
const NAMES_SHOWN = 20;

type Check = ProbeResult['checks'][number];

/** Findings: is it reachable, are the credentials taken, is it GraphQL, and does each document fit. A system that hides its schema is a warning, not a failure. */
export async function probeGraphql(
  client: GraphqlClient,
  auth: HttpAuth,
  operations: ReadonlyMap<string, CompiledGraphqlOperation>,
  config: GraphqlConfig,
  { http, credentials, policy }: AdapterContext<HttpCredentials>,
  signal: AbortSignal,
): Promise<ProbeResult> {
  const timeoutMs = Math.min(PROBE_TIMEOUT_MS, policy.timeoutMs);
  const asked = introspectionOperation();
  const exchanged: AuthorizedExchange = await client.request(asked, {}, ({ method, url, headers, body }) =>
    exchangeGraphql(http, auth, { method, url, headers: { ...headers, 'user-agent': 'Nave', ...config.headers }, body, timeoutMs }, signal),
  );
  if (!exchanged.ok) return probeOfTokenFailure(exchanged.outcome);
  const { result } = exchanged;
  const reached = probeOfExchange(result, credentials.type !== 'none');
  if (!result.ok || !reached.ok) return reached;
  const read = readGraphqlAnswer(result.status, result.headers, result.body);
  // Apollo and others refuse what they do not take with 400 and plain JSON.
  if (read.kind === 'http' && result.status === 400) return probeOf(reached, [warning('it refuses introspection (400)')]);
  if (read.kind !== 'graphql') {
    const why = read.kind === 'http' ? `answered ${result.status}` : read.reason;
    return probeOf(reached, [{ name: 'graphql', ok: false, detail: `what answers there does not speak GraphQL: ${why}` }]);
  }
  return probeOf(reached, findings(read.answer, operations));
}

function findings(answer: GraphqlAnswer, operations: ReadonlyMap<string, CompiledGraphqlOperation>): Check[] {
  if (answer.errors.length > 0) {
    const { errors } = answer;
    const text = graphqlErrorsText(errors, { answerNames: new Set() });
    if (errors.some(({ code }) => code === 'UNAUTHENTICATED' || code === 'FORBIDDEN' || code === 'ACCESS_DENIED'))
      return [{ name: 'credentials', ok: false, detail: `refused: ${text}` }];
    if (graphqlFailureKind(errors, new Map()) === 'throttled')
      return [{ name: 'graphql', ok: true, detail: `reached, but throttled: ${text}` }];
    return [warning(`it refuses introspection: ${text}`)];
  }
  const read = schemaOfIntrospection(answer);
  if (!read.ok) return [warning(read.reason)];
  const { queries, mutations } = rootFieldsOf(read.schema);
  const schema: Check = { name: 'schema', ok: true, detail: `queries ${listOf(queries)}; mutations ${listOf(mutations)}` };
  const documents = [...operations].map(([name, { declared }]): Check => {
    const [problem] = graphqlSchemaProblems(declared, read.schema);
    return { name: `operation ${name}`, ok: problem === undefined, detail: problem ? graphqlProblemText(problem) : 'fits the schema' };
  });
  return [schema, ...documents];
}

function warning(detail: string): Check {
  return { name: 'schema', ok: true, detail: `warning: ${detail}; documents cannot be checked against the system` };
}

function probeOf(reached: ProbeResult, more: readonly Check[]): ProbeResult {
  const checks = [...reached.checks.filter(({ name }) => !more.some((each) => each.name === name)), ...more];
  const failed = checks.find(({ ok }) => !ok);
  return { ok: failed === undefined, detail: failed?.detail ?? more[0]?.detail ?? reached.detail, checks };
}

function listOf(names: readonly string[]): string {
  if (names.length === 0) return 'none';
  const more = names.length - NAMES_SHOWN;
  return `${names.slice(0, NAMES_SHOWN).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
