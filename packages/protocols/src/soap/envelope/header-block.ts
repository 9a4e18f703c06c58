/** What the attributes of a header block ask of its reader (SOAP 1.1 section 4.2, SOAP 1.2 part 1 section 5.2). */
import type { SoapVersion } from '../wsdl/wsdl-model.ts';
import { attributeOf, type XmlElement } from '../xml/xml-element.ts';
import { envelopeNs } from './soap-envelope.ts';

const NEXT = new Set([
  'http://schemas.xmlsoap.org/soap/actor/next',
  'http://www.w3.org/2003/05/soap-envelope/role/next',
  'http://www.w3.org/2003/05/soap-envelope/role/ultimateReceiver',
]);

/** True for a block that is for the last receiver, which the hub is: one without an actor, or for the next one. */
export function isForReceiver(header: XmlElement, version: SoapVersion): boolean {
  const role = attributeOf(header, version === '1.1' ? 'actor' : 'role', envelopeNs(version))?.trim() ?? '';
  return role === '' || NEXT.has(role);
}

export function mustUnderstand(header: XmlElement, version: SoapVersion): boolean {
  const said = attributeOf(header, 'mustUnderstand', envelopeNs(version))?.trim();
  return said === '1' || said === 'true';
}
