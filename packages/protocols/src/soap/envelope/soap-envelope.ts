/** SOAP envelopes (SOAP 1.1 section 4, SOAP 1.2 part 1 section 5): written from parts, read into parts. */

import type { SoapVersion } from '../wsdl/wsdl-model.ts';
import { SOAP11_NS, SOAP12_NS } from '../xml/namespaces.ts';
import { qname } from '../xml/qname.ts';
import { readXml, type XmlLimits } from '../xml/read-xml.ts';
import { writeXml, XML_DECLARATION } from '../xml/write-xml.ts';
import { childElements, childOf, element, type XmlElement } from '../xml/xml-element.ts';

export interface SoapEnvelope {
  version: SoapVersion;
  headers: readonly XmlElement[];
  /** Children of the body: one for most, several with SOAP encoding, none for an empty answer. */
  body: readonly XmlElement[];
}

export type EnvelopeRead = { ok: true; envelope: SoapEnvelope } | { ok: false; reason: string };

/** The namespace of a version's envelope. */
export function envelopeNs(version: SoapVersion): string {
  return version === '1.1' ? SOAP11_NS : SOAP12_NS;
}

/** The content type of a version's envelope. */
export function envelopeType(version: SoapVersion): 'text/xml' | 'application/soap+xml' {
  return version === '1.1' ? 'text/xml' : 'application/soap+xml';
}

/** Writes an envelope as a document. The header is there when it has something to hold. */
export function writeEnvelope({ version, headers, body }: SoapEnvelope): string {
  const ns = envelopeNs(version);
  const header = headers.length === 0 ? [] : [element(qname(ns, 'Header'), headers)];
  return `${XML_DECLARATION}${writeXml(element(qname(ns, 'Envelope'), [...header, element(qname(ns, 'Body'), body)]))}`;
}

/** Reads an envelope of either version. Reasons quote nothing of the text. */
export function readEnvelope(text: string, limits?: XmlLimits): EnvelopeRead {
  const read = readXml(text, limits);
  if (!read.ok) return read;
  const { root } = read;
  if (root.local !== 'Envelope') return { ok: false, reason: 'XML that is no SOAP envelope' };
  const version = root.ns === SOAP11_NS ? '1.1' : root.ns === SOAP12_NS ? '1.2' : null;
  if (version === null) return { ok: false, reason: 'a SOAP envelope of an unknown version' };
  const body = childOf(root, root.ns, 'Body');
  if (!body) return { ok: false, reason: 'a SOAP envelope without a body' };
  const header = childOf(root, root.ns, 'Header');
  return { ok: true, envelope: { version, headers: header ? childElements(header) : [], body: childElements(body) } };
}
