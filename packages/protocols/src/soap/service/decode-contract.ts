/** Elements of a call as JSON, by its contract: numbers as numbers with every digit, lists as lists however many there are, `xsi:nil` as null. */
import { joinPointer, parseExact } from '@nave/adapter-kit';
import type { FieldProblem } from '@nave/core';
import { XSI_NS } from '../xml/namespaces.ts';
import { attributeOf, childElements, isElement, textOf, type XmlElement } from '../xml/xml-element.ts';
import { builtinForm, readBuiltin } from '../xsd/builtin-types.ts';
import type { ContractNode, ListNode, RecordNode, ScalarNode } from './contract-node.ts';
import { ITEM } from './write-contract-xsd.ts';

export type ContractDecoded = { ok: true; data: Record<string, unknown> } | { ok: false; problems: FieldProblem[] };

const PROBLEMS_MAX = 100;
const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?$/;
const DOUBLE = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/;
const XSD = '{http://www.w3.org/2001/XMLSchema}';

/**
 * Reads the children of an element. What the contract does not know is a problem; what is missing is left to the JSON Schema.
 * Numbers that a double cannot hold come as `RawJson`, for `stringifyExact`.
 */
export function decodeContract(element: XmlElement, record: RecordNode, namespace: string): ContractDecoded {
  const decoder = new Decoder(namespace);
  const data = decoder.record(element, record, '');
  return decoder.problems.length === 0 ? { ok: true, data } : { ok: false, problems: decoder.problems.slice(0, PROBLEMS_MAX) };
}

class Decoder {
  readonly problems: FieldProblem[] = [];
  readonly #namespace: string;

  constructor(namespace: string) {
    this.#namespace = namespace;
  }

  record(element: XmlElement, node: RecordNode, path: string): Record<string, unknown> {
    if (element.children.some((child) => typeof child === 'string' && child.trim() !== ''))
      this.#refuse(path, 'text where only elements may stand');
    const byName = this.#childrenByName(element, path, (name) => node.fields.some((field) => field.name === name));
    const entries = node.fields.flatMap(({ name, node: inner, required }): [string, unknown][] => {
      const found = byName.get(name) ?? [];
      const at = joinPointer(path, name);
      if (inner.kind === 'list') return found.length === 0 && !required ? [] : [[name, this.#items(found, inner, at)]];
      const [only, second] = found;
      if (second !== undefined) this.#refuse(at, 'stands there more than once');
      return only === undefined ? [] : [[name, this.#value(only, inner, at)]];
    });
    // Defined, not assigned: a field called __proto__ is a field.
    return Object.fromEntries(entries);
  }

  #childrenByName(element: XmlElement, path: string, known: (name: string) => boolean): Map<string, XmlElement[]> {
    const byName = new Map<string, XmlElement[]>();
    for (const child of childElements(element)) {
      const same = byName.get(child.local);
      if (child.ns !== this.#namespace) this.#refuse(joinPointer(path, child.local), `is not in the namespace ${this.#namespace}`);
      else if (!known(child.local)) this.#refuse(joinPointer(path, child.local), 'unknown element');
      else if (same === undefined) byName.set(child.local, [child]);
      else same.push(child);
    }
    return byName;
  }

  #items(elements: readonly XmlElement[], { item }: ListNode, path: string): unknown[] {
    return elements.map((each, index) => this.#value(each, item, joinPointer(path, String(index))));
  }

  #value(element: XmlElement, node: ContractNode, path: string): unknown {
    const nil = attributeOf(element, 'nil', XSI_NS)?.trim();
    if (nil === 'true' || nil === '1') {
      if (!node.nullable) return this.#refuse(path, 'may not be nil');
      return element.children.length === 0 ? null : this.#refuse(path, 'is nil and has content');
    }
    if (node.kind === 'record') return this.record(element, node, path);
    if (node.kind === 'list') {
      const found = this.#childrenByName(element, path, (name) => name === ITEM);
      return this.#items(found.get(ITEM) ?? [], node, path);
    }
    if (element.children.some(isElement)) return this.#refuse(path, 'elements where a value has to stand');
    return this.#scalar(textOf(element), node, path);
  }

  #scalar(text: string, { form, type }: ScalarNode, path: string): unknown {
    if (form === 'string') return type === 'string' ? text : readText(type, text);
    const trimmed = text.trim();
    if (form === 'boolean') {
      const value = readBuiltin(`${XSD}boolean`, trimmed);
      return typeof value === 'boolean' ? value : this.#refuse(path, 'expected true or false');
    }
    const number = jsonNumber(trimmed, type === 'double' || type === 'float');
    if (number === null || (form === 'integer' && /[.eE]/.test(number)))
      return this.#refuse(path, form === 'integer' ? 'expected a whole number' : 'expected a number');
    return parseExact(number);
  }

  #refuse(path: string, message: string): null {
    if (this.problems.length <= PROBLEMS_MAX) this.problems.push({ path, message });
    return null;
  }
}

/** White space around dates, addresses and base64 means nothing (XML Schema part 2, section 4.3.6). */
function readText(type: string, text: string): unknown {
  const trimmed = text.trim();
  return builtinForm(`${XSD}${type}`) === 'base64' ? trimmed.replace(/\s+/g, '') : trimmed;
}

/** A number of XML Schema as JSON writes it: no plus, no zeros in front, no bare point. */
function jsonNumber(text: string, withExponent: boolean): string | null {
  const [whole, sign = '', digits = '', fraction = '', exponent] = (withExponent ? DOUBLE : DECIMAL).exec(text) ?? [];
  if (whole === undefined || (digits === '' && fraction === '')) return null;
  const integral = digits === '' ? '0' : digits.replace(/^0+(?=\d)/, '');
  return `${sign === '-' ? '-' : ''}${integral}${fraction === '' ? '' : `.${fraction}`}${exponent === undefined ? '' : `e${exponent}`}`;
}
