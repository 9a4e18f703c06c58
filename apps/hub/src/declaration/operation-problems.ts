/** What is wrong with the operations that SOAP callers may call: whatever a WSDL cannot say is refused here, not when somebody calls. */
import type { InboundOperationInput } from '@nave/api-schema';
import { type FieldProblem, messageOf } from '@nave/core';
import { readContract } from '@nave/protocols';
import { compileSchema } from '../registry/compile-spoke.ts';

type Schema = Readonly<Record<string, unknown>>;

/** Namespaces that mean something else to every SOAP stack. */
const TAKEN = /^http:\/\/(?:www\.w3\.org\/|schemas\.xmlsoap\.org\/|docs\.oasis-open\.org\/)/;

/** JSON Pointers below the spoke. */
export function operationProblems(operations: Readonly<Record<string, InboundOperationInput>>, namespace: string | null): FieldProblem[] {
  const problems: FieldProblem[] = [];
  if (namespace !== null && TAKEN.test(namespace))
    problems.push({ path: '/inbound/namespace', message: 'belongs to a standard, expected one of your own' });
  const actions = new Set<string>();
  for (const [name, { schema, response, oneWay, soapAction }] of Object.entries(operations)) {
    const path = `/inbound/operations/${name}`;
    problems.push(...schemaProblems(schema, `${path}/schema`, true));
    if (response) problems.push(...schemaProblems(response, `${path}/response`, false));
    if (response && oneWay === true) problems.push({ path: `${path}/response`, message: 'a one-way operation has no answer' });
    if (Object.hasOwn(operations, `${name}Response`))
      problems.push({ path: `/inbound/operations/${name}Response`, message: `is the name of the answer of ${name}` });
    if (soapAction && actions.has(soapAction)) problems.push({ path: `${path}/soapAction`, message: 'belongs to another operation' });
    if (soapAction) actions.add(soapAction);
  }
  return problems;
}

function schemaProblems(schema: Schema, path: string, isRequest: boolean): FieldProblem[] {
  if (schema['$async'] !== undefined) return [{ path: `${path}/$async`, message: 'not supported' }];
  try {
    compileSchema(schema);
  } catch (error) {
    return [{ path, message: `not a JSON Schema (2020-12) that compiles: ${messageOf(error).slice(0, 300)}` }];
  }
  const read = readContract(schema);
  if (!read.ok) return read.problems.map((problem) => ({ path: path + problem.path, message: problem.message }));
  if (isRequest && (read.node.kind !== 'record' || read.node.nullable)) return [{ path, message: 'expected the schema of an object' }];
  return [];
}
