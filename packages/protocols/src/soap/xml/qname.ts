/** Qualified names in one string (James Clark's notation): `{urn:shop}order`, or `order` for a name in no namespace. */
export type QName = string;

/** Writes a qualified name. */
export function qname(namespace: string, local: string): QName {
  return namespace === '' ? local : `{${namespace}}${local}`;
}

/** Splits a qualified name. */
export function splitQName(name: QName): { ns: string; local: string } {
  const end = name.startsWith('{') ? name.indexOf('}') : -1;
  return end === -1 ? { ns: '', local: name } : { ns: name.slice(1, end), local: name.slice(end + 1) };
}

// Names of XML 1.0 without colons (NCName), ASCII and the letters above; enough to keep markup out of names.
const NCNAME = /^[A-Za-z_\u00c0-\ufffd][A-Za-z0-9_.\-\u00b7-\ufffd]{0,511}$/;

/** True for a local name that may be written as an element or attribute. */
export function isNcName(local: string): boolean {
  return NCNAME.test(local);
}
