/** Writes a tree as XML: every namespace declared once on the root, everything escaped, nothing that XML cannot hold. */
import { PREFERRED_PREFIXES, XML_NS } from './namespaces.ts';
import { type QName, splitQName } from './qname.ts';
import { isElement, type QNameText, type XmlElement, type XmlNode } from './xml-element.ts';

export const XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>';

/** Prefixes by namespace. */
type Prefixes = Map<string, string>;

/** The element as text, without the XML declaration. Characters that XML 1.0 does not have are the caller's to refuse (`xmlTextProblem`). */
export function writeXml(root: XmlElement): string {
  const prefixes: Prefixes = new Map();
  collect(root, prefixes);
  const declarations = [...prefixes]
    .filter(([ns]) => ns !== XML_NS)
    .map(([ns, prefix]) => ` xmlns:${prefix}="${escapeAttribute(ns)}"`)
    .join('');
  return write(root, prefixes, declarations);
}

// Everything outside the Char production of XML 1.0, lone surrogates included.
const NOT_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/** What is wrong with a text for XML 1.0, or null. */
export function xmlTextProblem(text: string): string | null {
  return NOT_XML.test(text) ? 'expected text without control characters, which XML cannot hold' : null;
}

export function escapeText(text: string): string {
  return /[&<>\r]/.test(text) ? text.replace(/[&<>\r]/g, (char) => ESCAPES[char] ?? char) : text;
}

export function escapeAttribute(text: string): string {
  return /[&<>"\t\n\r]/.test(text) ? text.replace(/[&<>"\t\n\r]/g, (char) => ESCAPES[char] ?? char) : text;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

function collect(node: XmlNode, prefixes: Prefixes): void {
  if (typeof node === 'string') return;
  if (!isElement(node)) {
    declare(splitQName(node.qname).ns, prefixes);
    return;
  }
  declare(node.ns, prefixes);
  for (const { ns, value } of node.attributes) {
    declare(ns, prefixes);
    if (typeof value !== 'string') declare(splitQName(value.qname).ns, prefixes);
  }
  for (const child of node.children) collect(child, prefixes);
}

function declare(ns: string, prefixes: Prefixes): void {
  if (ns === '' || prefixes.has(ns)) return;
  const preferred = PREFERRED_PREFIXES.get(ns);
  const taken = new Set(prefixes.values());
  prefixes.set(ns, preferred !== undefined && !taken.has(preferred) ? preferred : `n${prefixes.size + 1}`);
}

function write(node: XmlElement, prefixes: Prefixes, declarations = ''): string {
  const name = prefixed(node.ns, node.local, prefixes);
  let text = `<${name}${declarations}`;
  for (const { ns, local, value } of node.attributes)
    text += ` ${prefixed(ns, local, prefixes)}="${escapeAttribute(plain(value, prefixes))}"`;
  if (node.children.length === 0) return `${text}/>`;
  text += '>';
  for (const child of node.children) {
    if (typeof child === 'string') text += escapeText(child);
    else text += isElement(child) ? write(child, prefixes) : escapeText(plain(child, prefixes));
  }
  return `${text}</${name}>`;
}

function plain(value: string | QNameText, prefixes: Prefixes): string {
  return typeof value === 'string' ? value : `${nameText(value.qname, prefixes)}${value.suffix ?? ''}`;
}

function nameText(name: QName, prefixes: Prefixes): string {
  const { ns, local } = splitQName(name);
  return prefixed(ns, local, prefixes);
}

function prefixed(ns: string, local: string, prefixes: Prefixes): string {
  const prefix = prefixes.get(ns);
  return prefix === undefined ? local : `${prefix}:${local}`;
}
