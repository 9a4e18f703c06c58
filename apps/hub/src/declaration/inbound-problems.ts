/** What can be wrong with how a spoke receives: verification, expressions, schema. */
import type { InboundInput, VerifyInput } from '@nave/api-schema';
import { type FieldProblem, messageOf } from '@nave/core';
import { verifySchemeProblems } from '@nave/security';
import { compileSchema } from '../registry/compile-spoke.ts';
import { verifyScheme } from '../registry/verify-schemes.ts';
import { expressionProblems } from './expression-problems.ts';
import { operationProblems } from './operation-problems.ts';
import { lengthProblem } from './policy-problems.ts';
import type { ProblemContext } from './spoke-problems.ts';

/**
 * JSON Pointers below the spoke.
 * @param polls names of the polls the spoke can do; null when nobody knows, of a config that does not fit
 */
export function inboundProblems(inbound: InboundInput, context: ProblemContext, polls: readonly string[] | null): FieldProblem[] {
  const { verify, keys = {}, schema } = inbound;
  const problems: FieldProblem[] = [];
  if (Array.isArray(verify))
    for (const [index, each] of verify.entries()) problems.push(...verifyProblems(each, `/inbound/verify/${index}`, context));
  else if (verify) problems.push(...verifyProblems(verify, '/inbound/verify', context));
  for (const field of ['type', 'idempotencyKey', 'orderingKey'] as const)
    problems.push(...expressionProblems(context.expressions, inbound[field], 'simple', `/inbound/${field}`));
  for (const [name, text] of Object.entries(keys))
    problems.push(...expressionProblems(context.expressions, text, 'simple', `/inbound/keys/${name}`));
  if (schema) problems.push(...schemaProblems(schema));
  problems.push(...lengthProblem('/inbound/idempotencyWindow', inbound.idempotencyWindow, 1_000, 90 * 86_400_000));
  problems.push(...lengthProblem('/inbound/rate/per', inbound.rate?.per, 1, 86_400_000));
  problems.push(...lengthProblem('/inbound/retention', inbound.retention, 86_400_000, 3_650 * 86_400_000));
  for (const [name, { every }] of Object.entries(inbound.poll ?? {})) {
    if (polls !== null && !polls.includes(name)) problems.push({ path: `/inbound/poll/${name}`, message: unknownPoll(polls) });
    problems.push(...lengthProblem(`/inbound/poll/${name}/every`, every, 1_000, 7 * 86_400_000));
  }
  problems.push(...operationProblems(inbound.operations ?? {}, inbound.namespace ?? null));
  return problems;
}

function unknownPoll(polls: readonly string[]): string {
  return polls.length === 0 ? 'unknown poll: this kind has none' : `unknown poll, expected one of ${polls.join(', ')}`;
}

function verifyProblems(input: VerifyInput, path: string, { listensOnLoopback }: ProblemContext): FieldProblem[] {
  const scheme = verifyScheme(input);
  const problems = verifySchemeProblems(scheme).map((problem) => ({
    path: path + placeOf(problem.path, input),
    message: problem.message,
  }));
  if (input.secret !== undefined && (input.secrets?.length ?? 0) > 0)
    problems.push({ path: `${path}/secrets`, message: 'expected either secret or secrets, not both' });
  if (input.scheme === 'none' && !listensOnLoopback && scheme.options['acknowledge'] !== true)
    problems.push({
      path: `${path}/acknowledge`,
      message: 'expected true: this hub can be reached from other machines, anybody could send',
    });
  return problems;
}

/** One secret is `/secret` to the scheme, also when it was given as a list of one. */
function placeOf(path: string, input: VerifyInput): string {
  return path === '/secret' && input.secret === undefined && input.secrets?.length === 1 ? '/secrets/0/secret' : path;
}

function schemaProblems(schema: Readonly<Record<string, unknown>>): FieldProblem[] {
  if (schema['$async'] !== undefined) return [{ path: '/inbound/schema/$async', message: 'not supported' }];
  try {
    compileSchema(schema);
    return [];
  } catch (error) {
    return [{ path: '/inbound/schema', message: `not a JSON Schema (2020-12) that compiles: ${messageOf(error).slice(0, 300)}` }];
  }
}
