/** Reads XML from strangers: strict, namespaces resolved, no document type declaration, bounded in depth and number of nodes. */
import { JSON_DEPTH_MAX } from '@nave/adapter-kit';
import { SaxesParser } from 'saxes';
import { XML_NS, XMLNS_NS } from './namespaces.ts';
import type { XmlElement, XmlNode } from './xml-element.ts';

export type XmlRead = { ok: true; root: XmlElement } | { ok: false; reason: string };

export interface XmlLimits {
  /** Elements, attributes and pieces of text together. Default 500,000. */
  nodesMax?: number;
  /** Default 128. */
  depthMax?: number;
}

/** Why reading stopped. The text names no content. */
class Refused extends Error {}

interface Open {
  ns: string;
  local: string;
  attributes: { ns: string; local: string; value: string }[];
  children: XmlNode[];
  scope: ReadonlyMap<string, string>;
}

/**
 * Reads a document into a tree. Refused, with a reason that quotes nothing: any DOCTYPE (so there are no entities to expand and none to
 * fetch), entities other than the five of XML, prefixes that are not declared, anything else XML 1.0 or its namespaces forbid.
 * Comments and processing instructions are dropped, CDATA is text.
 */
export function readXml(text: string, { nodesMax = 500_000, depthMax = JSON_DEPTH_MAX }: XmlLimits = {}): XmlRead {
  const parser = new SaxesParser({ xmlns: true });
  const stack: Open[] = [];
  let root: XmlElement | null = null;
  let nodes = 0;

  const count = (by: number): void => {
    nodes += by;
    if (nodes > nodesMax) throw new Refused(`XML of more than ${nodesMax} nodes`);
  };
  const addText = (piece: string): void => {
    const top = stack.at(-1);
    if (!top || piece === '') return;
    count(1);
    const last = top.children.at(-1);
    if (typeof last === 'string') top.children[top.children.length - 1] = last + piece;
    else top.children.push(piece);
  };

  parser.on('doctype', () => {
    throw new Refused('XML with a document type declaration is refused');
  });
  parser.on('error', () => {
    throw new Refused(`not well-formed XML (line ${parser.line})`);
  });
  parser.on('opentag', ({ uri, local, attributes, ns }) => {
    if (stack.length >= depthMax) throw new Refused(`XML nested deeper than ${depthMax} levels`);
    const all = Object.values(attributes);
    count(1 + all.length);
    const outer = stack.at(-1)?.scope ?? ROOT_SCOPE;
    const declared = Object.entries(ns);
    stack.push({
      ns: uri,
      local,
      attributes: all.filter((each) => each.uri !== XMLNS_NS).map((each) => ({ ns: each.uri, local: each.local, value: each.value })),
      children: [],
      scope: declared.length === 0 ? outer : new Map([...outer, ...declared]),
    });
  });
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => {
    const closed = stack.pop();
    if (!closed) return;
    const parent = stack.at(-1);
    if (parent) parent.children.push(closed);
    else root = closed;
  });

  try {
    parser.write(text.startsWith('\ufeff') ? text.slice(1) : text).close();
  } catch (error) {
    if (error instanceof Refused) return { ok: false, reason: error.message };
    throw error;
  }
  return root === null ? { ok: false, reason: 'not well-formed XML' } : { ok: true, root };
}

const ROOT_SCOPE: ReadonlyMap<string, string> = new Map([
  ['xml', XML_NS],
  ['', ''],
]);
