/** Puts values that SOAP encoding writes apart (`href="#id0"` to a `multiRef`, `enc:ref`) where they are meant. */
import { SOAP11_ENCODING_NS, SOAP12_ENCODING_NS } from '../xml/namespaces.ts';
import { attributeOf, isElement, type XmlElement } from '../xml/xml-element.ts';

export type InlinedBody = { ok: true; body: readonly XmlElement[] } | { ok: false; reason: string };

/** Elements after everything was put in: a few references to references would otherwise make millions. */
const NODES_MAX = 200_000;
const DEPTH_MAX = 64;

class Refused extends Error {}

/** The body with its references resolved and without the values that stand apart. Circular references are refused, JSON cannot say them. */
export function inlineReferences(body: readonly XmlElement[]): InlinedBody {
  const targets = new Map<string, XmlElement>();
  const index = (at: XmlElement): void => {
    const id = attributeOf(at, 'id') ?? attributeOf(at, 'id', SOAP12_ENCODING_NS);
    if (id !== undefined && !targets.has(id)) targets.set(id, at);
    for (const child of at.children) if (isElement(child)) index(child);
  };
  for (const child of body) index(child);
  if (targets.size === 0) return { ok: true, body };
  let nodes = 0;
  const inline = (at: XmlElement, open: ReadonlySet<string>, depth: number): XmlElement => {
    if (++nodes > NODES_MAX || depth > DEPTH_MAX) throw new Refused('references that make the answer too large');
    const id = referenceOf(at);
    const target = id === null ? undefined : targets.get(id);
    if (id !== null && !target) throw new Refused('a reference to something that is not in the answer');
    if (id !== null && open.has(id)) throw new Refused('references that go in circles');
    const source = target ?? at;
    const within = id === null ? open : new Set([...open, id]);
    return {
      ...source,
      ns: at.ns,
      local: at.local,
      children: source.children.map((child) => (isElement(child) ? inline(child, within, depth + 1) : child)),
    };
  };
  try {
    const kept = body.filter((child, position) => position === 0 || !standsApart(child));
    return { ok: true, body: kept.map((child) => inline(child, new Set(), 0)) };
  } catch (error) {
    if (error instanceof Refused) return { ok: false, reason: error.message };
    throw error;
  }
}

function referenceOf(at: XmlElement): string | null {
  const href = attributeOf(at, 'href');
  if (href?.startsWith('#') === true) return href.slice(1);
  return attributeOf(at, 'ref', SOAP12_ENCODING_NS)?.replace(/^#/, '') ?? null;
}

/** A value with an id behind the call itself: `soapenc:root="0"`, or simply an id. */
function standsApart(at: XmlElement): boolean {
  return attributeOf(at, 'root', SOAP11_ENCODING_NS) === '0' || attributeOf(at, 'id') !== undefined;
}
