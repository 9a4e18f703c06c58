/** XML to JSON as a schema says. Reads tolerantly: what the schema does not know is kept, what breaks a type stays text. */
import { XSI_NS } from '../xml/namespaces.ts';
import { type QName, splitQName } from '../xml/qname.ts';
import { attributeOf, childElements, nameOf, resolveQName, textOf, type XmlElement } from '../xml/xml-element.ts';
import { ANY_TYPE, builtinForm, readBuiltin } from './builtin-types.ts';
import { XSI_TYPE_KEY } from './encode-value.ts';
import type { Field, SchemaView, Shape } from './schema-view.ts';
import { arrayItemType } from './soap-array.ts';
import { VALUE_DEPTH_MAX, ValueProblem } from './value-problem.ts';

/**
 * The value of an element of a declared type.
 * @throws ValueProblem for nesting deeper than `VALUE_DEPTH_MAX`
 */
export function decodeElement(element: XmlElement, declared: QName, view: SchemaView, depth = 0): unknown {
  if (depth > VALUE_DEPTH_MAX) throw new ValueProblem('', `nested deeper than ${VALUE_DEPTH_MAX} levels`);
  if (isNil(element)) return null;
  const written = attributeOf(element, 'type', XSI_NS);
  const said = written === undefined ? null : resolveQName(element, written);
  const saidType = said === null ? null : view.type(said);
  const type = said !== null && (saidType?.kind !== 'any' || declared === ANY_TYPE) ? said : declared;
  const known = view.type(type);
  // Only a type that says more than what was declared is worth telling; SOAP encoding repeats the declared one on every element.
  const told = type !== declared && declared !== ANY_TYPE && known.kind === 'shape' && known.shape.arrayOf === null ? type : null;
  if (known.kind === 'any')
    return arrayItemType(element) === null ? decodeUntyped(element, view, depth) : decodeArray(element, ANY_TYPE, view, depth);
  if (known.kind !== 'shape') return decodeText(element, type, textOf(element), view);
  const { shape } = known;
  if (shape.arrayOf !== null) return decodeArray(element, shape.arrayOf, view, depth);
  return decodeShape(element, shape, view, depth, told);
}

function decodeShape(element: XmlElement, shape: Shape, view: SchemaView, depth: number, told: QName | null): unknown {
  const fields = new Map<string, unknown>();
  if (told !== null) fields.set(XSI_TYPE_KEY, told);
  for (const attribute of element.attributes) {
    if (attribute.ns === XSI_NS || isEncodingAttribute(attribute) || typeof attribute.value !== 'string') continue;
    const key = `@${nameOf(attribute)}`;
    const declared = shape.attributes.find((each) => each.key === key);
    if (declared) fields.set(key, decodeText(element, declared.declaration.type, attribute.value, view));
    else if (shape.anyAttribute || shape.text === null) fields.set(key, attribute.value);
  }
  if (shape.text !== null) {
    const text = decodeText(element, shape.text, textOf(element), view);
    if (fields.size === 0 && shape.attributes.length === 0) return text;
    return Object.fromEntries([...fields, ['#text', text]]);
  }
  const any: unknown[] = [];
  for (const child of childElements(element)) {
    const field = fieldFor(child, shape);
    if (!field) {
      if (shape.any) any.push({ [nameOf(child)]: decodeAny(child, view, depth + 1) });
      else add(fields, child.local, decodeUntyped(child, view, depth + 1), false);
    } else add(fields, field.key, decodeElement(child, field.element.type, view, depth + 1), field.repeated);
  }
  if (any.length > 0) fields.set('#any', any);
  const text = shape.mixed ? textOf(element) : '';
  if (text.trim() !== '') fields.set('#text', text);
  return Object.fromEntries(fields);
}

/** By qualified name; by local name alone for systems that mix up qualified and unqualified. */
function fieldFor({ ns, local }: XmlElement, { fields }: Shape): Field | undefined {
  return (
    fields.find(({ element }) => element.local === local && element.ns === ns) ??
    fields.find(({ element }) => element.local === local && (ns === '' || element.ns === ''))
  );
}

function add(fields: Map<string, unknown>, key: string, value: unknown, repeated: boolean): void {
  const known = fields.get(key);
  if (!fields.has(key)) fields.set(key, repeated ? [value] : value);
  else if (repeated && Array.isArray(known)) known.push(value);
  else fields.set(key, Array.isArray(known) && !repeated ? [...known, value] : [known, value]);
}

function decodeArray(element: XmlElement, itemType: QName, view: SchemaView, depth: number): unknown[] {
  const said = arrayItemType(element);
  const type = itemType === ANY_TYPE && said !== null ? said : itemType;
  return childElements(element).map((child) => decodeElement(child, type, view, depth + 1));
}

function decodeAny(element: XmlElement, view: SchemaView, depth: number): unknown {
  const declared = view.element(nameOf(element));
  return declared ? decodeElement(element, declared.type, view, depth) : decodeUntyped(element, view, depth);
}

/** XML that no schema describes, the counterpart of `encodeUntyped`. */
export function decodeUntyped(element: XmlElement, view: SchemaView, depth = 0): unknown {
  if (depth > VALUE_DEPTH_MAX) throw new ValueProblem('', `nested deeper than ${VALUE_DEPTH_MAX} levels`);
  if (isNil(element)) return null;
  const children = childElements(element);
  const attributes = element.attributes.filter((attribute) => attribute.ns !== XSI_NS && !isEncodingAttribute(attribute));
  const text = textOf(element);
  if (children.length === 0 && attributes.length === 0) return text;
  const fields = new Map<string, unknown>();
  for (const attribute of attributes) fields.set(`@${nameOf(attribute)}`, attribute.value);
  for (const child of children) {
    const key = child.ns === element.ns ? child.local : child.ns === '' ? `{}${child.local}` : nameOf(child);
    const typed = attributeOf(child, 'type', XSI_NS) !== undefined || arrayItemType(child) !== null;
    add(fields, key, typed ? decodeElement(child, ANY_TYPE, view, depth + 1) : decodeAnyChild(child, key, view, depth + 1), false);
  }
  if (text.trim() !== '') fields.set('#text', text);
  return Object.fromEntries(fields);
}

function decodeAnyChild(child: XmlElement, key: string, view: SchemaView, depth: number): unknown {
  return key.startsWith('{') ? decodeAny(child, view, depth) : decodeUntyped(child, view, depth);
}

/** The text of a simple type; the first member of a union that it fits. */
function decodeText(element: XmlElement, type: QName, text: string, view: SchemaView): unknown {
  const { base, list } = view.textType(type);
  if (list && builtinForm(base) !== 'list') {
    return text
      .split(/\s+/)
      .filter((item) => item !== '')
      .map((item) => readBuiltin(base, item));
  }
  if (builtinForm(base) !== 'qname') return readBuiltin(base, text);
  return resolveQName(element, text) ?? splitQName(text.trim()).local;
}

function isNil(element: XmlElement): boolean {
  const nil = attributeOf(element, 'nil', XSI_NS);
  return nil === 'true' || nil === '1';
}

/** Attributes of SOAP itself: encoding, sizes, references. */
function isEncodingAttribute({ ns }: { ns: string }): boolean {
  return /^http:\/\/(?:schemas\.xmlsoap\.org\/soap|www\.w3\.org\/2003\/05\/soap)/.test(ns);
}
