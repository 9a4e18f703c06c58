/** JSON Schema (2020-12) as a contract for SOAP: what XML Schema can say as well. What it cannot is a problem that names its place and what to do. */
import { joinPointer, pointerTokens } from '@nave/adapter-kit';
import type { FieldProblem } from '@nave/core';
import { isNcName } from '../xml/qname.ts';
import { xmlTextProblem } from '../xml/write-xml.ts';
import type { ContractField, ContractNode, ListNode, RecordNode } from './contract-node.ts';
import { readScalar } from './read-scalar.ts';

export type ContractRead = { ok: true; node: ContractNode } | { ok: false; problems: FieldProblem[] };

type Schema = Readonly<Record<string, unknown>>;

/** Keywords that choose between shapes, or add fields nobody named. */
const SHAPELESS = [
  ...['allOf', 'not', 'if', 'then', 'else', 'dependentSchemas', 'patternProperties'],
  ...['prefixItems', 'unevaluatedItems', '$dynamicRef', '$recursiveRef'],
];
const DEPTH_MAX = 32;
const NODES_MAX = 2_000;
const DOCUMENTATION_MAX = 1_000;
const PROBLEMS_MAX = 50;

/** Reads a schema. Problems have JSON Pointers into it. */
export function readContract(schema: Schema): ContractRead {
  const reader = new Reader(schema);
  const node = reader.read(schema, '', ['#']);
  return node !== null && reader.problems.length === 0
    ? { ok: true, node }
    : { ok: false, problems: reader.problems.slice(0, PROBLEMS_MAX) };
}

class Reader {
  readonly problems: FieldProblem[] = [];
  readonly #root: Schema;
  #nodes = 0;

  constructor(root: Schema) {
    this.#root = root;
  }

  /** Null where something is wrong: it is among the problems then. @param refs names under way, to see circles */
  read(given: unknown, path: string, refs: readonly string[]): ContractNode | null {
    if (!isSchema(given)) return this.#refuse(path, 'cannot be written as XML: say what it is');
    if (++this.#nodes > NODES_MAX) return this.#nodes === NODES_MAX + 1 ? this.#refuse(path, `more than ${NODES_MAX} schemas`) : null;
    if (refs.length > DEPTH_MAX || pointerTokens(path).length > 3 * DEPTH_MAX) return this.#refuse(path, 'nested too deep');
    const alternatives = given['anyOf'] ?? given['oneOf'];
    if (alternatives !== undefined) return this.#nullableOf(given, alternatives, path, refs);
    const { $ref } = given;
    if ($ref !== undefined) return this.#reference(given, $ref, path, refs);
    for (const keyword of SHAPELESS)
      if (given[keyword] !== undefined) this.#refuse(joinPointer(path, keyword), 'cannot be written in a WSDL; name the fields one by one');
    const types = [given['type'] ?? impliedType(given)].flat();
    const [type, more] = types.filter((each) => each !== 'null');
    if (typeof type !== 'string' || more !== undefined)
      return this.#refuse(joinPointer(path, 'type'), 'expected one type (beside "null"): a WSDL has no choice of types');
    const base = { nullable: types.includes('null'), documentation: documentationOf(given) };
    if (type === 'object') return { ...base, ...this.#record(given, path, refs) };
    if (type === 'array') return this.#list(given, base, path, refs);
    const scalar = readScalar(type, given);
    return typeof scalar === 'string' ? this.#refuse(path, scalar) : { ...base, ...scalar };
  }

  #record(schema: Schema, path: string, refs: readonly string[]): Pick<RecordNode, 'kind' | 'fields'> {
    for (const keyword of ['additionalProperties', 'unevaluatedProperties'])
      if (schema[keyword] !== undefined && schema[keyword] !== false)
        this.#refuse(joinPointer(path, keyword), 'cannot be written in a WSDL: expected false, or nothing');
    const properties = isSchema(schema['properties']) ? schema['properties'] : {};
    const required = new Set(Array.isArray(schema['required']) ? schema['required'] : []);
    for (const name of required)
      if (typeof name === 'string' && !Object.hasOwn(properties, name))
        this.#refuse(joinPointer(path, 'required'), `requires "${shown(name)}", which is not among the properties`);
    const fields = Object.entries(properties).flatMap(([name, each]): ContractField[] => {
      const at = joinPointer(joinPointer(path, 'properties'), name);
      if (!isNcName(name)) {
        this.#refuse(at, 'cannot be the name of an XML element');
        return [];
      }
      const node = this.read(each, at, refs);
      if (node?.kind === 'list' && node.nullable)
        this.#refuse(at, 'a list that may be null cannot be written as repeated elements: leave "null" out');
      return node === null ? [] : [{ name, node, required: required.has(name) }];
    });
    return { kind: 'record', fields };
  }

  #list(schema: Schema, base: Pick<ListNode, 'nullable' | 'documentation'>, path: string, refs: readonly string[]): ListNode | null {
    const item = this.read(schema['items'] ?? null, joinPointer(path, 'items'), refs);
    const { minItems, maxItems } = schema;
    if (item === null) return null;
    const itemsMax = typeof maxItems === 'number' ? maxItems : null;
    return { ...base, kind: 'list', item, itemsMin: typeof minItems === 'number' ? minItems : 0, itemsMax };
  }

  /** `anyOf: [schema, { "type": "null" }]` is the one choice that XML has: `xsi:nil`. */
  #nullableOf(schema: Schema, alternatives: unknown, path: string, refs: readonly string[]): ContractNode | null {
    const keyword = schema['anyOf'] === undefined ? 'oneOf' : 'anyOf';
    const all: unknown[] = Array.isArray(alternatives) ? alternatives : [];
    const index = all.findIndex((each) => !isNull(each));
    if (all.length !== 2 || !all.some(isNull) || index === -1 || schema['properties'] !== undefined || schema['type'] !== undefined)
      return this.#refuse(joinPointer(path, keyword), 'cannot be written in a WSDL: expected a schema and { "type": "null" }');
    const node = this.read(all[index], `${joinPointer(path, keyword)}/${index}`, refs);
    return node === null ? null : { ...node, nullable: true, documentation: documentationOf(schema) ?? node.documentation };
  }

  #reference(schema: Schema, ref: unknown, path: string, refs: readonly string[]): ContractNode | null {
    const at = joinPointer(path, '$ref');
    if (typeof ref !== 'string' || !ref.startsWith('#')) return this.#refuse(at, 'expected a place in the same schema, "#/$defs/name"');
    if (refs.includes(ref)) return this.#refuse(at, 'refers to itself, which has no end');
    let target: unknown = this.#root;
    for (const token of pointerTokens(decoded(ref.slice(1))))
      target = isSchema(target) && Object.hasOwn(target, token) ? target[token] : undefined;
    if (!isSchema(target)) return this.#refuse(at, 'points at nothing');
    const node = this.read(target, path, [...refs, ref]);
    return node === null ? null : { ...node, documentation: documentationOf(schema) ?? node.documentation };
  }

  #refuse(path: string, message: string): null {
    this.problems.push({ path, message });
    return null;
  }
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNull(schema: unknown): boolean {
  return isSchema(schema) && schema['type'] === 'null';
}

/** Schemas often leave the type out where another keyword tells it. */
function impliedType(schema: Schema): string | undefined {
  if (schema['properties'] !== undefined) return 'object';
  if (schema['items'] !== undefined) return 'array';
  const values: unknown = schema['const'] !== undefined ? [schema['const']] : schema['enum'];
  return Array.isArray(values) && values.length > 0 && values.every((each) => typeof each === 'string') ? 'string' : undefined;
}

function documentationOf({ description, title }: Schema): string | null {
  const text = typeof description === 'string' ? description : typeof title === 'string' ? title : '';
  return text === '' || xmlTextProblem(text) !== null ? null : text.slice(0, DOCUMENTATION_MAX);
}

function shown(name: string): string {
  return name.slice(0, 100);
}

/** A fragment is percent-encoded (RFC 6901 section 6). */
function decoded(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}
