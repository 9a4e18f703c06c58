/** What a spoke offers to SOAP callers, made once from its declaration: contracts, validators and the WSDL. */
import type { FieldProblem, InboundOperation } from '@nave/core';
import type { CompiledInbound, CompiledSpoke } from '@nave/pipeline';
import {
  ACKNOWLEDGEMENT,
  defaultAction,
  readContract,
  responseOf,
  type ServiceOperation,
  type ServiceResponse,
  type SoapService,
  writeWsdl,
} from '@nave/protocols';
import { compileSchema } from '../../registry/compile-spoke.ts';

export interface OfferedService {
  service: SoapService;
  /** By the local name of the element that calls it. */
  operations: ReadonlyMap<string, OfferedOperation>;
  /** @param address where it is called, as callers see it */
  wsdl(address: string): string;
}

export interface OfferedOperation extends ServiceOperation {
  requestProblems: (data: unknown) => readonly FieldProblem[];
  /** What a reply route has to answer; null: the hub answers itself. */
  answer: { response: ServiceResponse; problems: (data: unknown) => readonly FieldProblem[] } | null;
}

const offered = new WeakMap<CompiledInbound, OfferedService>();

/** Null for a spoke without operations. */
export function offeredService({ definition, inbound }: CompiledSpoke): OfferedService | null {
  if (inbound === null) return null;
  const declared = Object.entries(inbound.definition.operations ?? {});
  if (declared.length === 0) return null;
  const known = offered.get(inbound);
  if (known !== undefined) return known;
  const namespace = inbound.definition.namespace ?? `urn:nave:${definition.name}`;
  const operations = declared.flatMap(([name, operation]) => compileOperation(name, namespace, operation));
  // The names of spokes may begin with a digit, those of XML may not.
  const service = { name: /^[a-z]/.test(definition.name) ? definition.name : `_${definition.name}`, namespace, operations };
  const made: OfferedService = {
    service,
    operations: new Map(operations.map((operation) => [operation.name, operation])),
    wsdl: (address) => writeWsdl(service, address),
  };
  offered.set(inbound, made);
  return made;
}

/** None for an operation that the admin API had refused. */
function compileOperation(name: string, namespace: string, declared: InboundOperation): OfferedOperation[] {
  const { schema, response, oneWay, soapAction } = declared;
  const request = readContract(schema);
  const answer = response === null ? null : readContract(response);
  if (!request.ok || request.node.kind !== 'record' || (answer !== null && !answer.ok)) return [];
  const told = answer === null ? null : responseOf(answer.node);
  const operation: OfferedOperation = {
    name,
    action: soapAction ?? defaultAction(namespace, name),
    documentation: request.node.documentation,
    request: request.node,
    response: oneWay ? null : (told ?? ACKNOWLEDGEMENT),
    requestProblems: compileSchema(schema),
    answer: oneWay || told === null || response === null ? null : { response: told, problems: compileSchema(response) },
  };
  return [operation];
}
