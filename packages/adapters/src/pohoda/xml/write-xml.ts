/** Writes XML from plain objects: names are checked, texts escaped, so that no value can become markup. */
import { exactNumberText } from '@nave/adapter-kit';

/** Elements by name, attributes as `@name`, text beside attributes as `#text`, repeated elements as lists, undefined left out. */
export interface XmlElement {
  readonly [name: string]: XmlNode;
}
export type XmlNode = string | undefined | XmlElement | readonly XmlNode[];

export type WrittenXml = { ok: true; xml: string; prefixes: ReadonlySet<string> } | { ok: false; reason: string };

const NAME = /^(?:([A-Za-z][A-Za-z0-9]{0,30}):)?[A-Za-z_][A-Za-z0-9_.-]{0,120}$/;
// XML 1.0 section 2.2; tab, line feed and carriage return are allowed.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that must not be written
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;
const DEPTH_MAX = 64;

/**
 * The document without its declaration, and the prefixes it uses.
 * @param text turns a value into what can be written (encoding); throws nothing, answers null to refuse
 */
export function writeXml(
  name: string,
  node: XmlNode,
  text: (value: string) => { ok: true; text: string } | { ok: false; reason: string },
): WrittenXml {
  const prefixes = new Set<string>();
  const parts: string[] = [];
  let problem: string | null = null;

  function escaped(value: string, attribute: boolean): string {
    if (FORBIDDEN.test(value)) problem ??= 'a text has a control character, which XML does not allow';
    const fitted = text(value);
    if (!fitted.ok) {
      problem ??= fitted.reason;
      return '';
    }
    const content = fitted.text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\r', '&#13;');
    return attribute ? content.replaceAll('"', '&quot;').replaceAll('\n', '&#10;').replaceAll('\t', '&#9;') : content;
  }

  function element(elementName: string, value: XmlNode, depth: number): void {
    if (value === undefined || problem !== null) return;
    if (isList(value)) {
      for (const each of value) element(elementName, each, depth);
      return;
    }
    if (!checked(elementName)) return;
    if (depth > DEPTH_MAX) {
      problem ??= `elements nested deeper than ${DEPTH_MAX} levels`;
      return;
    }
    if (typeof value === 'string') {
      parts.push(value === '' ? `<${elementName}/>` : `<${elementName}>${escaped(value, false)}</${elementName}>`);
      return;
    }
    parts.push(`<${elementName}`);
    const children: [string, XmlNode][] = [];
    for (const [key, child] of Object.entries(value)) {
      if (!key.startsWith('@')) children.push([key, child]);
      else if (child !== undefined && checked(key.slice(1))) {
        if (typeof child === 'string') parts.push(` ${key.slice(1)}="${escaped(child, true)}"`);
        else problem ??= `the attribute ${key} is not a text`;
      }
    }
    parts.push('>');
    for (const [key, child] of children) {
      if (key === '#text') parts.push(typeof child === 'string' ? escaped(child, false) : '');
      else element(key, child, depth + 1);
    }
    parts.push(`</${elementName}>`);
  }

  function checked(elementName: string): boolean {
    const match = NAME.exec(elementName);
    if (!match) {
      problem ??= 'a name of an element or attribute is not an XML name';
      return false;
    }
    if (match[1] !== undefined) prefixes.add(match[1]);
    return true;
  }

  element(name, node, 0);
  return problem === null ? { ok: true, xml: parts.join(''), prefixes } : { ok: false, reason: problem };
}

function isList(value: XmlNode): value is readonly XmlNode[] {
  return Array.isArray(value);
}

/** Data of a mapping as elements: numbers as they are written, true and false as words, null as an empty element. Null for what cannot be one. */
export function xmlNodeOf(data: unknown, depth = 0): XmlNode | null {
  if (data === undefined) return undefined;
  if (data === null) return '';
  if (typeof data === 'string') return data;
  if (typeof data === 'boolean' || typeof data === 'number' || typeof data === 'bigint') return String(data);
  if (typeof data !== 'object' || depth > DEPTH_MAX) return null;
  const number = exactNumberText(data);
  if (number !== null) return number;
  if (Array.isArray(data)) {
    const nodes = data.map((each) => xmlNodeOf(each, depth + 1));
    return nodes.every((node) => node !== null) ? nodes : null;
  }
  const entries: [string, XmlNode][] = [];
  for (const [key, each] of Object.entries(data)) {
    const node = xmlNodeOf(each, depth + 1);
    if (node === null) return null;
    entries.push([key, node]);
  }
  return Object.fromEntries(entries);
}
