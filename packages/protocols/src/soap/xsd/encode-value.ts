/** JSON to XML as a schema says: order, namespaces, `xsi:nil`, `xsi:type`, attributes (`@name`), text beside attributes (`#text`). */

import { XSI_NS } from '../xml/namespaces.ts';
import { isNcName, type QName, qname, splitQName } from '../xml/qname.ts';
import { xmlTextProblem } from '../xml/write-xml.ts';
import { element as build, type QNameText, type XmlAttribute, type XmlElement, type XmlNode } from '../xml/xml-element.ts';
import { builtinForm, scalarText, writeBuiltin } from './builtin-types.ts';
import { encodeContent } from './encode-content.ts';
import { encodeUntyped } from './encode-untyped.ts';
import type { ElementDeclaration } from './schema-model.ts';
import type { SchemaView, Shape } from './schema-view.ts';
import { arrayAttributes, type EncodingRules } from './soap-array.ts';
import { type At, below, ValueProblem } from './value-problem.ts';

export interface EncodeOptions {
  view: SchemaView;
  /** SOAP encoding (rpc/encoded): `xsi:type` on every element, arrays with their size. Null for literal. */
  rules: EncodingRules | null;
  /** Told of every base64 text that is written, for MTOM. */
  onBinary?: ((base64: string) => void) | undefined;
}

export const XSI_TYPE_KEY = '@xsi:type';
const NIL = qname(XSI_NS, 'nil');
const TYPE = qname(XSI_NS, 'type');

/**
 * One element.
 * @throws ValueProblem where the value does not fit: a field nobody declared, one that is missing, text where a number has to be
 */
export function encodeElement(declaration: ElementDeclaration, value: unknown, at: At, options: EncodeOptions): XmlElement {
  const name = qname(declaration.ns, declaration.local);
  if (value === null || value === undefined) {
    if (declaration.nillable || options.rules) return build(name, [], { [NIL]: 'true' });
    if (declaration.fallback === null)
      throw new ValueProblem(at.path, value === null ? 'expected a value, null is not allowed' : 'required');
    return encodeTyped(name, declaration.type, declaration.fallback, at, options);
  }
  return encodeTyped(name, declaration.type, value, at, options);
}

/** An element of a type, under any name. @throws ValueProblem */
export function encodeTyped(name: QName, declared: QName, value: unknown, at: At, options: EncodeOptions): XmlElement {
  const { view, rules } = options;
  const asked = fieldOf(value, XSI_TYPE_KEY);
  const type = typeof asked === 'string' ? asked : declared;
  const known = view.type(type);
  if (asked !== undefined && (typeof asked !== 'string' || (known.kind === 'any' && builtinForm(type) === null)))
    throw new ValueProblem(`${at.path}/${XSI_TYPE_KEY}`, 'expected the qualified name of a type of the WSDL, {namespace}name');
  const typed: Record<QName, string | QNameText> =
    (type !== declared || rules) && !splitQName(type).local.startsWith('#') && known.kind !== 'any' ? { [TYPE]: { qname: type } } : {};
  if (known.kind === 'any') return encodeUntyped(name, value, at, view, encodeElementOf(options));
  if (known.kind !== 'shape') return build(name, [encodeText(type, inner(value), at, options)].filter(notEmpty), typed);
  if (known.shape.abstract && asked === undefined)
    throw new ValueProblem(at.path, `expected ${XSI_TYPE_KEY}: the type ${splitQName(type).local} is abstract`);
  return encodeShape(name, known.shape, value, at, options, typed);
}

function encodeShape(
  name: QName,
  shape: Shape,
  value: unknown,
  at: At,
  options: EncodeOptions,
  typed: Record<QName, string | QNameText>,
): XmlElement {
  if (shape.arrayOf !== null) return encodeArray(name, shape, value, at, options, typed);
  if (shape.text !== null && !isPlainObject(value)) {
    return { ...build(name, [encodeText(shape.text, value, at, options)].filter(notEmpty), typed) };
  }
  // An element without content may be given as an empty text: that is what reading an empty one of unknown type gives.
  const object = isPlainObject(value) ? value : value === '' && shape.fields.length === 0 ? {} : null;
  if (object === null) throw new ValueProblem(at.path, 'expected an object');
  const attributes = encodeAttributes(shape, object, at, options);
  const children: XmlNode[] = [];
  if (shape.text !== null) children.push(...[encodeText(shape.text, object['#text'] ?? '', at, options)].filter(notEmpty));
  else {
    if (shape.mixed && object['#text'] !== undefined) children.push(...[encodeText(TEXT, object['#text'], at, options)].filter(notEmpty));
    children.push(
      ...encodeContent(shape, object, at, (declaration, each, where) => encodeElement(declaration, each, where, options), options.view),
    );
  }
  const result = build(name, children, typed);
  return { ...result, attributes: [...result.attributes, ...attributes] };
}

const TEXT = '{http://www.w3.org/2001/XMLSchema}string';

function encodeAttributes(shape: Shape, object: Readonly<Record<string, unknown>>, at: At, options: EncodeOptions): XmlAttribute[] {
  const attributes: XmlAttribute[] = [];
  for (const { key, declaration, required } of shape.attributes) {
    const value = Object.hasOwn(object, key) ? object[key] : undefined;
    const given = value ?? (required ? declaration.fallback : null);
    if (given !== null)
      attributes.push({
        ns: declaration.ns,
        local: declaration.local,
        value: encodeText(declaration.type, given, below(at, key), options),
      });
    else if (required) throw new ValueProblem(below(at, key).path, 'required');
  }
  for (const [key, value] of Object.entries(object)) {
    if (
      !key.startsWith('@') ||
      key === XSI_TYPE_KEY ||
      shape.attributes.some((each) => each.key === key) ||
      value === null ||
      value === undefined
    )
      continue;
    const { ns, local } = splitQName(key.slice(1));
    const text = scalarText(value);
    if (!shape.anyAttribute || !isNcName(local) || text === null || xmlTextProblem(text) !== null)
      throw new ValueProblem(below(at, key).path, 'unknown attribute');
    attributes.push({ ns, local, value: text });
  }
  return attributes;
}

/** Text of a simple type; unions take what any of their members would. */
function encodeText(type: QName, value: unknown, at: At, { view, onBinary }: EncodeOptions): string | QNameText {
  const { base, list, enumeration } = view.textType(type);
  if (list && builtinForm(base) !== 'list') {
    const items = Array.isArray(value) ? value : [value];
    return items.map((item, index) => single(base, item, below(at, index))).join(' ');
  }
  if (builtinForm(base) === 'qname') {
    const { ns, local } = splitQName(typeof value === 'string' ? value : '');
    if (!isNcName(local)) throw new ValueProblem(at.path, 'expected a qualified name, {namespace}name');
    return { qname: qname(ns, local) };
  }
  const text = single(base, value, at);
  if (enumeration && !enumeration.includes(text)) throw new ValueProblem(at.path, `expected one of ${enumeration.slice(0, 20).join(', ')}`);
  if (builtinForm(base) === 'base64') onBinary?.(text);
  return text;
}

function single(base: QName, value: unknown, at: At): string {
  const written = writeBuiltin(base, value);
  if (!written.ok) throw new ValueProblem(at.path, `expected ${written.expected}`);
  const problem = xmlTextProblem(written.text);
  if (problem !== null) throw new ValueProblem(at.path, problem);
  return written.text;
}

/** A SOAP array (SOAP 1.1 section 5.4.2, SOAP 1.2 part 2 section 3.1.6). */
function encodeArray(
  name: QName,
  shape: Shape,
  value: unknown,
  at: At,
  options: EncodeOptions,
  typed: Record<QName, string | QNameText>,
): XmlElement {
  if (!Array.isArray(value)) throw new ValueProblem(at.path, 'expected a list');
  const itemType = shape.arrayOf ?? '';
  const items = value.map((item, index) => {
    const where = below(at, index);
    return item === null || item === undefined ? build('item', [], { [NIL]: 'true' }) : encodeTyped('item', itemType, item, where, options);
  });
  return build(name, items, { ...typed, ...arrayAttributes(itemType, items.length, options.rules) });
}

function encodeElementOf(options: EncodeOptions) {
  return (name: QName, value: unknown, where: At): XmlElement | null => {
    const declaration = options.view.element(name);
    return declaration ? encodeElement(declaration, value, where, options) : null;
  };
}

/** The value beside `@xsi:type`: a simple value has no other place for it. */
function inner(value: unknown): unknown {
  return isPlainObject(value) && Object.hasOwn(value, '#text') ? value['#text'] : value;
}

function fieldOf(value: unknown, key: string): unknown {
  return isPlainObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** An object of JSON; numbers kept as text are none. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && scalarText(value) === null;
}

function notEmpty(node: XmlNode): boolean {
  return node !== '';
}
