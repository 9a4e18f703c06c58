/** JSON as the elements of an answer, by its contract. The JSON Schema has said before that it fits. */
import { XSD_NS, XSI_NS } from '../xml/namespaces.ts';
import { qname } from '../xml/qname.ts';
import { xmlTextProblem } from '../xml/write-xml.ts';
import { element, type XmlElement } from '../xml/xml-element.ts';
import { writeBuiltin } from '../xsd/builtin-types.ts';
import { isPlainObject } from '../xsd/encode-value.ts';
import { type At, below, ValueProblem } from '../xsd/value-problem.ts';
import type { ContractNode, RecordNode, ScalarNode } from './contract-node.ts';
import { ITEM } from './write-contract-xsd.ts';

export type ContractEncoded = { ok: true; element: XmlElement } | { ok: false; reason: string };

/**
 * One element with its children. Fields that the contract does not name are left out: JSON Schema allows them, a WSDL does not.
 * The reason names the field and quotes no value.
 */
export function encodeContract(name: string, record: RecordNode, value: unknown, namespace: string): ContractEncoded {
  try {
    return { ok: true, element: encodeNode(name, record, value, { path: '', depth: 0 }, namespace) };
  } catch (error) {
    if (error instanceof ValueProblem) return { ok: false, reason: error.line };
    throw error;
  }
}

function encodeNode(name: string, node: ContractNode, value: unknown, at: At, ns: string): XmlElement {
  const own = qname(ns, name);
  if (value === null) {
    if (!node.nullable) throw new ValueProblem(at.path, 'may not be null');
    return element(own, [], { [qname(XSI_NS, 'nil')]: 'true' });
  }
  if (node.kind === 'scalar') {
    const text = scalarText(node, value, at);
    return element(own, text === '' ? [] : [text]);
  }
  if (node.kind === 'list') return element(own, encodeItems(ITEM, node.item, value, at, ns));
  return element(own, encodeFields(node, value, at, ns));
}

function encodeFields({ fields }: RecordNode, value: unknown, at: At, ns: string): XmlElement[] {
  if (!isPlainObject(value)) throw new ValueProblem(at.path, 'expected an object');
  return fields.flatMap(({ name, node, required }) => {
    const where = below(at, name);
    const given = Object.hasOwn(value, name) ? value[name] : undefined;
    if (given === undefined) {
      if (required) throw new ValueProblem(where.path, 'required');
      return [];
    }
    return node.kind === 'list' ? encodeItems(name, node.item, given, where, ns) : [encodeNode(name, node, given, where, ns)];
  });
}

function encodeItems(name: string, item: ContractNode, value: unknown, at: At, ns: string): XmlElement[] {
  if (!Array.isArray(value)) throw new ValueProblem(at.path, 'expected a list');
  return value.map((each: unknown, index) => encodeNode(name, item, each, below(at, index), ns));
}

function scalarText({ type, form }: ScalarNode, value: unknown, at: At): string {
  if (form === 'boolean' && typeof value !== 'boolean') throw new ValueProblem(at.path, 'expected true or false');
  if (form === 'string' && typeof value !== 'string') throw new ValueProblem(at.path, 'expected text');
  const written = writeBuiltin(qname(XSD_NS, type), value);
  if (!written.ok) throw new ValueProblem(at.path, `expected ${written.expected}`);
  const wrong = xmlTextProblem(written.text);
  if (wrong !== null) throw new ValueProblem(at.path, wrong);
  return written.text;
}
