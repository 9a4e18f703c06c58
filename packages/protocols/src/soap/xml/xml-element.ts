/** XML as a tree with namespaces resolved: what reading gives and writing takes. */
import { type QName, qname, splitQName } from './qname.ts';

export interface XmlElement {
  /** Namespace name; empty for none. */
  readonly ns: string;
  readonly local: string;
  readonly attributes: readonly XmlAttribute[];
  readonly children: readonly XmlNode[];
  /** Prefixes in scope, for names in text (`xsi:type="p:Order"`); only on what was read. */
  readonly scope?: ReadonlyMap<string, string>;
}

export interface XmlAttribute {
  readonly ns: string;
  readonly local: string;
  readonly value: string | QNameText;
}

export type XmlNode = XmlElement | QNameText | string;

/** A qualified name as text: the writer declares and writes its prefix. */
export interface QNameText {
  readonly qname: QName;
  /** Follows the name: the size of a SOAP array, `[3]`. */
  readonly suffix?: string;
}

/** Builds an element. Attributes by qualified name. */
export function element(
  name: QName,
  children: readonly XmlNode[] = [],
  attributes: Readonly<Record<QName, string | QNameText>> = {},
): XmlElement {
  return {
    ...splitQName(name),
    attributes: Object.entries(attributes).map(([key, value]) => ({ ...splitQName(key), value })),
    children,
  };
}

export function isElement(node: XmlNode): node is XmlElement {
  return typeof node !== 'string' && !('qname' in node);
}

/** The qualified name of an element or attribute. */
export function nameOf({ ns, local }: { ns: string; local: string }): QName {
  return qname(ns, local);
}

/** Child elements, in order. */
export function childElements({ children }: XmlElement): XmlElement[] {
  return children.filter(isElement);
}

/** The first child of that name. */
export function childOf(parent: XmlElement, ns: string, local: string): XmlElement | undefined {
  return childElements(parent).find((child) => child.local === local && child.ns === ns);
}

/** All children of that name. */
export function childrenNamed(parent: XmlElement, ns: string, local: string): XmlElement[] {
  return childElements(parent).filter((child) => child.local === local && child.ns === ns);
}

/** The value of an attribute, by default in no namespace. */
export function attributeOf({ attributes }: XmlElement, local: string, ns = ''): string | undefined {
  const value = attributes.find((attribute) => attribute.local === local && attribute.ns === ns)?.value;
  return typeof value === 'string' ? value : undefined;
}

/** The text directly in an element, pieces joined. */
export function textOf({ children }: XmlElement): string {
  const [only] = children;
  if (children.length <= 1) return typeof only === 'string' ? only : '';
  return children.filter((child) => typeof child === 'string').join('');
}

/**
 * Resolves `p:Order` where it stands. Null for a prefix that is not declared.
 * @param fallback namespace of a name without prefix; default the default namespace in scope
 */
export function resolveQName({ scope }: XmlElement, text: string, fallback?: string): QName | null {
  const trimmed = text.trim();
  const colon = trimmed.indexOf(':');
  if (colon === -1) return qname(fallback ?? scope?.get('') ?? '', trimmed);
  const ns = scope?.get(trimmed.slice(0, colon));
  return ns === undefined ? null : qname(ns, trimmed.slice(colon + 1));
}
