/** Reads the envelope of a caller: strictly, for what is ambiguous could mean one thing to who checked it and another to who works with it. */
import type { SoapVersion } from '../wsdl/wsdl-model.ts';
import { SOAP11_NS, SOAP12_NS } from '../xml/namespaces.ts';
import { readXml, type XmlLimits } from '../xml/read-xml.ts';
import { childElements, isElement, type XmlElement } from '../xml/xml-element.ts';
import { envelopeNs } from './soap-envelope.ts';

export interface SoapRequest {
  version: SoapVersion;
  headers: readonly XmlElement[];
  /** The one child of the body. */
  call: XmlElement;
}

/** `problem`: `version` for an envelope that is neither SOAP 1.1 nor 1.2, `xml` for what is no XML, `envelope` for all else. */
export type SoapRequestRead = { ok: true; request: SoapRequest } | { ok: false; problem: 'version' | 'xml' | 'envelope'; reason: string };

/** An envelope with at most one header, exactly one body, and one element in it. Reasons quote nothing of the text. */
export function readSoapRequest(text: string, limits?: XmlLimits): SoapRequestRead {
  const read = readXml(text, limits);
  if (!read.ok) return { ok: false, problem: 'xml', reason: read.reason };
  const { root } = read;
  if (root.local !== 'Envelope') return broken('XML that is no SOAP envelope');
  const version = root.ns === SOAP11_NS ? '1.1' : root.ns === SOAP12_NS ? '1.2' : null;
  if (version === null) return { ok: false, problem: 'version', reason: 'a SOAP envelope of an unknown version: 1.1 and 1.2 are known' };
  const ns = envelopeNs(version);
  const parts = childElements(root);
  const own = (local: string) => parts.filter((part) => part.ns === ns && part.local === local);
  const [header, body] = [own('Header'), own('Body')];
  const [onlyBody] = body;
  if (onlyBody === undefined) return broken('a SOAP envelope without a body');
  if (body.length > 1 || header.length > 1) return broken('a SOAP envelope with more than one header or body');
  if (parts.length !== body.length + header.length || parts.at(-1) !== onlyBody || hasText(root))
    return broken('a SOAP envelope has a header and a body, in this order, and nothing else');
  const [call, second] = childElements(onlyBody);
  if (call === undefined) return broken('an empty SOAP body');
  if (second !== undefined || hasText(onlyBody)) return broken('a SOAP body with more than one element');
  const headers = header.flatMap(childElements);
  return { ok: true, request: { version, headers, call } };
}

function hasText({ children }: XmlElement): boolean {
  return children.some((child) => !isElement(child) && (typeof child !== 'string' || child.trim() !== ''));
}

function broken(reason: string): SoapRequestRead {
  return { ok: false, problem: 'envelope', reason };
}
