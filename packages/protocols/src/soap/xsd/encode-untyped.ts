/** JSON to XML where no schema says how: fields are child elements, by default in the namespace of their parent. */
import { XSI_NS } from '../xml/namespaces.ts';
import { isNcName, type QName, qname, splitQName } from '../xml/qname.ts';
import { xmlTextProblem } from '../xml/write-xml.ts';
import { element as build, type XmlElement, type XmlNode } from '../xml/xml-element.ts';
import { scalarText } from './builtin-types.ts';
import type { SchemaView } from './schema-view.ts';
import { type At, below, ValueProblem } from './value-problem.ts';

/** Encodes an element that the schemas know after all; null when they do not. */
type EncodeKnown = (name: QName, value: unknown, at: At) => XmlElement | null;

/**
 * Field names: `name` = in the parent's namespace, `{ns}name` = in that one, `{}name` = in none; `@name` attributes; `#text` the text.
 * Lists repeat their element, null is `xsi:nil`.
 * @throws ValueProblem for names and texts XML cannot hold
 */
export function encodeUntyped(name: QName, value: unknown, at: At, view: SchemaView, known: EncodeKnown): XmlElement {
  if (value === null || value === undefined) return build(name, [], { [qname(XSI_NS, 'nil')]: 'true' });
  const scalar = scalarText(value);
  if (scalar !== null) return build(name, scalar === '' ? [] : [checked(scalar, at)]);
  if (typeof value !== 'object' || Array.isArray(value)) throw new ValueProblem(at.path, 'expected an object, text or a number');
  const { ns } = splitQName(name);
  const attributes: Record<QName, string> = {};
  const children: XmlNode[] = [];
  for (const [key, field] of Object.entries(value)) {
    const where = below(at, key);
    if (field === undefined) continue;
    if (key === '#text') {
      const text = scalarText(field) ?? '';
      if (text !== '') children.push(checked(text, where));
    } else if (key.startsWith('@')) attributes[nameIn(key.slice(1), '', where)] = checked(scalarText(field) ?? '', where);
    else {
      const child = nameIn(key, ns, where);
      const items: readonly unknown[] = Array.isArray(field) ? field : [field];
      for (const [index, item] of items.entries()) {
        const place = Array.isArray(field) ? below(where, index) : where;
        children.push((key.startsWith('{') ? known(child, item, place) : null) ?? encodeUntyped(child, item, place, view, known));
      }
    }
  }
  return build(name, children, attributes);
}

function nameIn(key: string, fallback: string, at: At): QName {
  const { ns, local } = key.startsWith('{') ? splitQName(key) : { ns: fallback, local: key };
  if (!isNcName(local)) throw new ValueProblem(at.path, 'expected a name that XML can hold');
  return qname(ns, local);
}

function checked(text: string, at: At): string {
  const problem = xmlTextProblem(text);
  if (problem !== null) throw new ValueProblem(at.path, problem);
  return text;
}
