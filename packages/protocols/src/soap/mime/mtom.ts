/** MTOM: base64 values of a message travel as binary parts beside it (W3C MTOM and XOP, 2005). */

import { envelopeType } from '../envelope/soap-envelope.ts';
import type { SoapVersion } from '../wsdl/wsdl-model.ts';
import { XOP_NS } from '../xml/namespaces.ts';
import { attributeOf, childOf, isElement, type XmlElement } from '../xml/xml-element.ts';
import { type MimePart, writeMultipart } from './multipart.ts';

export interface PackedMessage {
  contentType: string;
  body: Uint8Array;
}

/**
 * Takes base64 texts out of an envelope. It works on the finished text, after signing: the signature is over the values as they are, which
 * is what the receiver checks after it put the parts back (XOP section 3).
 * @param binaries base64 texts as they stand in the envelope; those not found in it stay
 * @param action of SOAP 1.2; empty for none
 */
export function packMtom(envelope: string, binaries: readonly string[], version: SoapVersion, action: string, seed: string): PackedMessage {
  let text = envelope;
  const attachments: MimePart[] = [];
  for (const base64 of new Set(binaries)) {
    const id = `part-${attachments.length + 1}@nave`;
    const include = `><xop:Include xmlns:xop="${XOP_NS}" href="cid:${id}"/></`;
    const without = text.replaceAll(`>${base64}</`, include);
    if (without === text) continue;
    text = without;
    attachments.push({ id, contentType: 'application/octet-stream', body: Buffer.from(base64, 'base64') });
  }
  const type = envelopeType(version);
  const inner = version === '1.2' && action !== '' ? `${type}; action=\\"${action}\\"` : type;
  const root: MimePart = { id: 'root@nave', contentType: `application/xop+xml; charset=UTF-8; type="${inner}"`, body: Buffer.from(text) };
  const { boundary, body } = writeMultipart([root, ...attachments], seed);
  const told = version === '1.2' && action !== '' ? `; action="${action}"` : '';
  return {
    contentType: `multipart/related; type="application/xop+xml"; start="<root@nave>"; start-info="${type}"; boundary="${boundary}"${told}`,
    body,
  };
}

export type Unpacked = { ok: true; elements: readonly XmlElement[] } | { ok: false; reason: string };

class Refused extends Error {}

/** Puts the parts back as base64. A part that is not there is a refusal; one part may be named once, so that nothing multiplies. */
export function unpackMtom(elements: readonly XmlElement[], parts: readonly MimePart[]): Unpacked {
  const left = new Map(parts.map((part) => [part.id, part]));
  const put = (at: XmlElement): XmlElement => {
    const include = childOf(at, XOP_NS, 'Include');
    if (include) {
      const id = decodeId(attributeOf(include, 'href') ?? '');
      const part = left.get(id);
      if (!part) throw new Refused('a part of the answer that is named but not there');
      left.delete(id);
      return { ...at, children: [Buffer.from(part.body).toString('base64')] };
    }
    if (!at.children.some(isElement)) return at;
    return { ...at, children: at.children.map((child) => (isElement(child) ? put(child) : child)) };
  };
  try {
    return { ok: true, elements: elements.map(put) };
  } catch (error) {
    if (error instanceof Refused) return { ok: false, reason: error.message };
    throw error;
  }
}

/** `cid:` URLs are percent-encoded (RFC 2392). */
function decodeId(href: string): string {
  const id = href.replace(/^cid:/i, '');
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}
