/** The body of a SOAP message from JSON and back, as its operation says: document (wrapped, bare) or rpc, literal or encoded. */

import type { SoapVersion, WsdlMessage, WsdlOperation, WsdlPart } from '../wsdl/wsdl-model.ts';
import { SOAP11_ENCODING_NS, SOAP12_ENCODING_NS, XSI_NS } from '../xml/namespaces.ts';
import { isNcName, type QName, qname, splitQName } from '../xml/qname.ts';
import { attributeOf, childElements, element, nameOf, type XmlElement } from '../xml/xml-element.ts';
import { ANY_TYPE } from '../xsd/builtin-types.ts';
import { decodeElement, decodeUntyped } from '../xsd/decode-value.ts';
import { encodeUntyped } from '../xsd/encode-untyped.ts';
import { type EncodeOptions, encodeElement, encodeTyped, isPlainObject } from '../xsd/encode-value.ts';
import { type JsonSchema, JsonSchemaWriter } from '../xsd/json-schema.ts';
import { SchemaProblem } from '../xsd/read-schemas.ts';
import type { SchemaView } from '../xsd/schema-view.ts';
import { type At, below, ValueProblem } from '../xsd/value-problem.ts';
import { inlineReferences } from './inline-references.ts';
import { envelopeNs } from './soap-envelope.ts';

export interface MessageContext {
  view: SchemaView;
  version: SoapVersion;
  operation: WsdlOperation;
  /** The input travels to the service, the output back. */
  direction: 'input' | 'output';
  /** Told of every base64 text that is written, for MTOM. */
  onBinary?: (base64: string) => void;
}

export type EncodedBody = { ok: true; body: readonly XmlElement[] } | { ok: false; reason: string };
export type DecodedBody = { ok: true; data: unknown } | { ok: false; reason: string };

/** Writes JSON as the children of a body. The reason names the field that does not fit and quotes no value. */
export function encodeBody(context: MessageContext, value: unknown): EncodedBody {
  const { view, version, operation, onBinary } = context;
  const message = messageOf(context);
  const options: EncodeOptions = { view, rules: message.use === 'encoded' ? version : null, onBinary };
  return guarded(() => {
    const at: At = { path: '', depth: 0 };
    if (operation.style === 'rpc') return { ok: true, body: [encodeRpc(context, message, value, at, options)] };
    const [only, second] = message.parts;
    if (!only) return { ok: true, body: [] };
    if (!second) return { ok: true, body: [encodePart(only, value ?? {}, at, options)] };
    return { ok: true, body: encodeParts(message.parts, value, at, options) };
  });
}

/** Reads the children of a body as JSON. `data` is `{}` for an empty body of an operation whose answer has no parts. */
export function decodeBody(context: MessageContext, body: readonly XmlElement[]): DecodedBody {
  const { view, operation } = context;
  const message = messageOf(context);
  return guarded(() => {
    const inlined = message.use === 'encoded' ? inlineReferences(body) : ({ ok: true, body } as const);
    if (!inlined.ok) return inlined;
    const [first, second] = inlined.body;
    if (!first) return message.parts.length === 0 ? { ok: true, data: {} } : { ok: false, reason: 'a SOAP body without its answer' };
    if (operation.style === 'rpc') return { ok: true, data: decodeRpc(message, first, view) };
    const [only, more] = message.parts;
    if (only && !more && !second) return { ok: true, data: decodePart(only, first, view) };
    if (!only) return { ok: true, data: decodeUntyped(first, view) };
    const byPart = message.parts.flatMap((part): [string, unknown][] => {
      const child = inlined.body.find((each) => nameOf(each) === part.element) ?? inlined.body.find((each) => each.local === part.name);
      return child ? [[part.name, decodePart(part, child, view)]] : [];
    });
    return { ok: true, data: Object.fromEntries(byPart) };
  });
}

/** The JSON Schema of a message, definitions included. */
export function schemaOfMessage(context: MessageContext): JsonSchema {
  const { view, operation } = context;
  const message = messageOf(context);
  const writer = new JsonSchemaWriter(view);
  const ofPart = (part: WsdlPart): JsonSchema => {
    const declared = part.element === null ? null : view.element(part.element);
    return declared ? writer.ofElement(declared) : part.type === null ? {} : writer.ofType(part.type);
  };
  try {
    const [only, second] = message.parts;
    if (operation.style === 'document' && only && !second) {
      const declared = only.element === null ? null : view.element(only.element);
      if (declared) return writer.finish(writer.ofContent(declared.type));
      return writer.finish(ofPart(only));
    }
    const properties = message.parts.map((part): [string, JsonSchema] => [part.name, ofPart(part)]);
    const required = message.use === 'encoded' ? [] : message.parts.map(({ name }) => name);
    return writer.finish({
      type: 'object',
      properties: Object.fromEntries(properties),
      ...(required.length === 0 ? {} : { required }),
      additionalProperties: false,
    });
  } catch (error) {
    if (error instanceof SchemaProblem) return {};
    throw error;
  }
}

/**
 * A SOAP header from JSON: by the name of a header part of the operation, else by qualified name (`{ns}Name`), typed where the schemas
 * know the element.
 */
export function encodeHeader(
  context: MessageContext,
  name: string,
  value: unknown,
): { ok: true; header: XmlElement } | { ok: false; reason: string } {
  const { view, version } = context;
  const message = messageOf(context);
  const options: EncodeOptions = { view, rules: message.use === 'encoded' ? version : null };
  const at: At = { path: `/headers/${name}`, depth: 0 };
  const part = message.headers.find((each) => each.name === name || (each.element !== null && splitQName(each.element).local === name));
  return guarded(() => {
    if (part) return { ok: true, header: encodePart(part, value, at, options) };
    if (!isNcName(splitQName(name).local))
      throw new ValueProblem(at.path, 'expected a header of the WSDL or a qualified name, {namespace}name');
    const declared = view.element(name);
    const header = declared
      ? encodeElement(declared, value, at, options)
      : encodeUntyped(name, value, at, view, (child, each, where) => {
          const known = view.element(child);
          return known ? encodeElement(known, each, where, options) : null;
        });
    return { ok: true, header };
  });
}

function messageOf({ operation, direction }: MessageContext): WsdlMessage {
  return direction === 'input' ? operation.input : (operation.output ?? NO_MESSAGE);
}

const NO_MESSAGE: WsdlMessage = { use: 'literal', namespace: '', parts: [], headers: [] };

/** `document`: the part is the body's child. A part declared by type has the part's name (not of the Basic Profile, but met). */
function encodePart(part: WsdlPart, value: unknown, at: At, options: EncodeOptions): XmlElement {
  const { view } = options;
  if (part.element === null) return encodeTyped(part.name, part.type ?? ANY_TYPE, value, at, options);
  const declared = view.element(part.element);
  if (declared) return encodeElement(declared, value, at, options);
  return encodeUntyped(part.element, value, at, view, () => null);
}

function encodeParts(parts: readonly WsdlPart[], value: unknown, at: At, options: EncodeOptions): XmlElement[] {
  const object = isPlainObject(value) ? value : null;
  if (object === null) throw new ValueProblem(at.path, 'expected an object with a field for each part of the message');
  for (const key of Object.keys(object)) {
    if (object[key] !== undefined && !parts.some(({ name }) => name === key)) {
      const names = parts.map(({ name }) => name).join(', ');
      throw new ValueProblem(below(at, key).path, `unknown field, expected ${names === '' ? 'none' : `one of ${names}`}`);
    }
  }
  return parts.flatMap((part) => {
    const where = below(at, part.name);
    const given = Object.hasOwn(object, part.name) ? object[part.name] : undefined;
    if (given === undefined && options.rules === null) throw new ValueProblem(where.path, 'required');
    if (given === undefined) return [];
    if (given === null) return [element(part.element ?? part.name, [], { [qname(XSI_NS, 'nil')]: 'true' })];
    return [encodePart(part, given, where, options)];
  });
}

/** `rpc`: a wrapper named after the operation (its answer: with `Response`), with the parts in it, unqualified. */
function encodeRpc(
  { operation, version, direction }: MessageContext,
  message: WsdlMessage,
  value: unknown,
  at: At,
  options: EncodeOptions,
): XmlElement {
  const local = direction === 'input' ? operation.name : `${operation.name}Response`;
  const style: Record<QName, string> =
    message.use === 'encoded'
      ? { [qname(envelopeNs(version), 'encodingStyle')]: version === '1.1' ? SOAP11_ENCODING_NS : SOAP12_ENCODING_NS }
      : {};
  return element(qname(message.namespace, local), encodeParts(message.parts, value ?? {}, at, options), style);
}

/** By the name of the part; an answer whose one child is named otherwise is that part (its name is not prescribed, SOAP 1.1 section 7.1). */
function decodeRpc(message: WsdlMessage, wrapper: XmlElement, view: SchemaView): unknown {
  const children = childElements(wrapper);
  const fields = children.map((child): [string, unknown] => {
    const named = message.parts.find(({ name }) => name === child.local);
    const part = named ?? (message.parts.length === 1 && children.length === 1 ? message.parts[0] : undefined);
    if (!part)
      return [
        child.local,
        attributeOf(child, 'type', XSI_NS) === undefined ? decodeUntyped(child, view) : decodeElement(child, ANY_TYPE, view),
      ];
    return [part.name, decodePart(part, child, view)];
  });
  return Object.fromEntries(fields);
}

function decodePart(part: WsdlPart, child: XmlElement, view: SchemaView): unknown {
  if (part.element !== null) {
    const declared = view.element(part.element);
    // An answer under another name than the WSDL's is read all the same: by its own declaration, or as it comes.
    const found = declared && (nameOf(child) === part.element || declared.local === child.local) ? declared : view.element(nameOf(child));
    return found ? decodeElement(child, found.type, view) : decodeUntyped(child, view);
  }
  return decodeElement(child, part.type ?? ANY_TYPE, view);
}

function guarded<T extends { ok: true }>(act: () => T | { ok: false; reason: string }): T | { ok: false; reason: string } {
  try {
    return act();
  } catch (error) {
    if (error instanceof ValueProblem) return { ok: false, reason: error.line };
    if (error instanceof SchemaProblem) return { ok: false, reason: `the WSDL: ${error.message}` };
    throw error;
  }
}

/** A SOAP header as JSON, typed where the schemas know it; null for one that cannot be read. */
export function decodeHeader({ view }: MessageContext, header: XmlElement): unknown {
  const declared = view.element(nameOf(header));
  const decoded = guarded(() => ({ ok: true, data: declared ? decodeElement(header, declared.type, view) : decodeUntyped(header, view) }));
  return decoded.ok ? decoded.data : null;
}
