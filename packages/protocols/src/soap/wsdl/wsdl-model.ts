/** A WSDL 1.1 as data: its SOAP ports and what can be called on them. */

import type { QName } from '../xml/qname.ts';
import type { SchemaSet } from '../xsd/schema-model.ts';

export type SoapVersion = '1.1' | '1.2';

export interface Wsdl {
  targetNamespace: string;
  documentation: string | null;
  ports: readonly WsdlPort[];
  schemas: SchemaSet;
}

export interface WsdlPort {
  service: string;
  name: string;
  version: SoapVersion;
  /** What the WSDL says the address is; empty when it says none. */
  address: string;
  operations: readonly WsdlOperation[];
}

export interface WsdlOperation {
  /** Its name; overloads after the first are `name.inputName`. */
  key: string;
  /** Its name on the wire. */
  name: string;
  documentation: string | null;
  /** `SOAPAction`, or the `action` of SOAP 1.2. */
  action: string;
  style: 'document' | 'rpc';
  input: WsdlMessage;
  /** Null for a one-way operation. */
  output: WsdlMessage | null;
}

export interface WsdlMessage {
  use: 'literal' | 'encoded';
  /** The namespace of the wrapper of rpc. */
  namespace: string;
  parts: readonly WsdlPart[];
  headers: readonly WsdlPart[];
}

/** Declared by element (document) or by type (rpc). */
export interface WsdlPart {
  name: string;
  element: QName | null;
  type: QName | null;
}
