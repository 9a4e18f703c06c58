/** A service that the hub offers: operations with their contracts. The WSDL is written from it, calls are read and answered by it. */
import type { ContractNode, RecordNode } from './contract-node.ts';

export interface SoapService {
  /** An XML name: of the service in its WSDL. */
  name: string;
  /** Target namespace: of every element. */
  namespace: string;
  operations: readonly ServiceOperation[];
}

export interface ServiceOperation {
  name: string;
  /** `SOAPAction`, and the action of SOAP 1.2. */
  action: string;
  documentation: string | null;
  request: RecordNode;
  /** Null for a one-way operation. */
  response: ServiceResponse | null;
}

export interface ServiceResponse {
  record: RecordNode;
  /** True where the answer is no object: it is the one child, `result`. */
  inResult: boolean;
}

const RESULT = 'result';

/** The answer of an operation around what its schema says. */
export function responseOf(node: ContractNode): ServiceResponse {
  if (node.kind === 'record' && !node.nullable) return { record: node, inResult: false };
  const inner: ContractNode = node.kind === 'list' && node.nullable ? { ...node, nullable: false } : node;
  const record: RecordNode = {
    kind: 'record',
    nullable: false,
    documentation: null,
    fields: [{ name: RESULT, node: inner, required: true }],
  };
  return { record, inResult: true };
}

/** What callers get where nobody answers but the hub: the id of the message. */
export const ACKNOWLEDGEMENT: ServiceResponse = {
  inResult: false,
  record: {
    kind: 'record',
    nullable: false,
    documentation: null,
    fields: [
      { name: 'messageId', required: true, node: plain('string', 'The message that was stored') },
      { name: 'duplicate', required: true, node: plain('boolean', 'Whether it was stored before: by an earlier call with the same key') },
    ],
  },
};

function plain(form: 'string' | 'boolean', documentation: string): ContractNode {
  return { kind: 'scalar', form, type: form, values: null, facets: {}, nullable: false, documentation };
}

/** The action of an operation that names none: the namespace and the name. */
export function defaultAction(namespace: string, operation: string): string {
  if (/[/#:]$/.test(namespace)) return `${namespace}${operation}`;
  return `${namespace}${namespace.startsWith('urn:') ? ':' : '/'}${operation}`;
}
