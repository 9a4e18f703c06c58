/** XML Schema as data: what encoding, decoding and JSON Schemas are derived from. Names are qualified (`{ns}local`), anonymous types have made-up ones. */
import type { QName } from '../xml/qname.ts';

/** All schemas of a WSDL, put together. */
export interface SchemaSet {
  elements: Map<QName, ElementDeclaration>;
  types: Map<QName, TypeDefinition>;
  attributes: Map<QName, AttributeDeclaration>;
  groups: Map<QName, Particle>;
  attributeGroups: Map<QName, AttributeUses>;
  /** Members by the head of their substitution group. */
  substitutes: Map<QName, QName[]>;
}

export interface ElementDeclaration {
  /** Empty for unqualified local elements. */
  ns: string;
  local: string;
  type: QName;
  nillable: boolean;
  abstract: boolean;
  /** What stands for a missing element: its `fixed` or `default`. */
  fallback: string | null;
  documentation: string | null;
}

export type TypeDefinition = SimpleType | ComplexType;

export interface SimpleType {
  kind: 'simple';
  name: QName;
  variety: 'atomic' | 'list' | 'union';
  /** Restricted type of an atomic one, item type of a list; null for a union. */
  base: QName | null;
  members: readonly QName[];
  facets: Facets;
}

export interface Facets {
  enumeration?: readonly string[];
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minInclusive?: number;
  maxInclusive?: number;
}

export interface ComplexType extends AttributeUses {
  kind: 'complex';
  name: QName;
  abstract: boolean;
  mixed: boolean;
  /** What it extends; null for a restriction, which says everything itself. */
  extends: QName | null;
  content: Particle | null;
  /** The type of the text, for simple content. */
  text: QName | null;
  /** The type of the items, for a SOAP array. */
  arrayOf: QName | null;
}

export interface AttributeUses {
  attributes: readonly AttributeUse[];
  groups: readonly QName[];
  anyAttribute: boolean;
}

export interface AttributeUse {
  declaration: AttributeDeclaration | QName;
  required: boolean;
}

export interface AttributeDeclaration {
  ns: string;
  local: string;
  type: QName;
  fallback: string | null;
}

export type Particle = ParticleBase &
  (
    | { kind: 'element'; element: ElementDeclaration | QName }
    | { kind: 'sequence' | 'choice' | 'all'; items: readonly Particle[] }
    | { kind: 'group'; ref: QName }
    | { kind: 'any' }
  );

export interface ParticleBase {
  min: number;
  /** Infinity for unbounded. */
  max: number;
}
