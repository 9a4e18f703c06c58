/** The attributes that make an element an array in SOAP encoding. */
import { SOAP11_ENCODING_NS, SOAP12_ENCODING_NS, XSD_NS } from '../xml/namespaces.ts';
import { type QName, qname, splitQName } from '../xml/qname.ts';
import { attributeOf, type QNameText, resolveQName, type XmlElement } from '../xml/xml-element.ts';

/** Which SOAP encoding: that of SOAP 1.1 (section 5) or 1.2 (part 2). */
export type EncodingRules = '1.1' | '1.2';

const ARRAY_TYPE = qname(SOAP11_ENCODING_NS, 'arrayType');

/** Type and size of an array; nothing for literal. An item type without a name is written as `xsd:anyType`. */
export function arrayAttributes(itemType: QName, size: number, rules: EncodingRules | null): Record<QName, string | QNameText> {
  if (rules === null) return {};
  const named = splitQName(itemType).local.startsWith('#') || itemType === '' ? qname(XSD_NS, 'anyType') : itemType;
  if (rules === '1.1') return { [ARRAY_TYPE]: { qname: named, suffix: `[${size}]` } };
  return { [qname(SOAP12_ENCODING_NS, 'itemType')]: { qname: named }, [qname(SOAP12_ENCODING_NS, 'arraySize')]: String(size) };
}

/** The item type an array says it has, or null when the element says nothing of an array. */
export function arrayItemType(element: XmlElement): QName | null {
  const written =
    attributeOf(element, 'arrayType', SOAP11_ENCODING_NS)?.replace(/\[[^\]]*\]$/, '') ??
    attributeOf(element, 'itemType', SOAP12_ENCODING_NS);
  if (written === undefined) return attributeOf(element, 'arraySize', SOAP12_ENCODING_NS) === undefined ? null : qname(XSD_NS, 'anyType');
  return resolveQName(element, written) ?? qname(XSD_NS, 'anyType');
}
