/** Brings together all documents of a WSDL: what it imports and includes, each once, within bounds, before anything is made of them. */
import { SOAP11_ENCODING_NS, SOAP12_ENCODING_NS, WSDL_NS, WSDL20_NS, XML_NS, XSD_NS } from '../xml/namespaces.ts';
import { readXml } from '../xml/read-xml.ts';
import { attributeOf, childElements, childrenNamed, type XmlElement } from '../xml/xml-element.ts';
import type { SchemaSource } from '../xsd/read-schemas.ts';
import { resolveLocation } from './resolve-location.ts';

export interface WsdlDocuments {
  definitions: readonly XmlElement[];
  schemas: readonly SchemaSource[];
}

export type LoadedDocuments = { ok: true; documents: WsdlDocuments } | { ok: false; reason: string };
export type FetchedDocument = { ok: true; text: string } | { ok: false; reason: string };

export interface DocumentLimits {
  /** Documents in all; default 200. */
  documentsMax?: number;
  /** Characters in all; default 20,000,000. */
  charactersMax?: number;
  /** Imports in imports; default 16. */
  depthMax?: number;
}

/** A document that is still to be read. */
interface Wanted {
  location: string;
  depth: number;
  /** The namespace an included schema without its own is read into. */
  namespace: string | null;
}

/** What to read next, given what was read: a generator, so that reading uploaded texts needs no promise. */
type Steps = Generator<string, LoadedDocuments, FetchedDocument>;

/** Namespaces whose schemas are known here; servers offer them under addresses that answer to nobody. */
const KNOWN: ReadonlySet<string> = new Set([
  ...[XML_NS, XSD_NS, SOAP11_ENCODING_NS, SOAP12_ENCODING_NS, WSDL_NS],
  ...['http://schemas.xmlsoap.org/wsdl/soap/', 'http://www.w3.org/2005/05/xmlmime', 'http://schemas.xmlsoap.org/soap/envelope/'],
]);

/**
 * Loads from uploaded texts.
 * @param documents texts by the names that imports use; nothing outside is ever opened
 */
export function loadUploaded(text: string, documents: Readonly<Record<string, string>> = {}, limits: DocumentLimits = {}): LoadedDocuments {
  const steps = walk(ROOT, limits);
  let step = steps.next();
  while (!step.done) step = steps.next(step.value === ROOT ? { ok: true, text } : uploaded(step.value, documents));
  return step.value;
}

/**
 * Loads over the network, one document after another.
 * @param fetchDocument goes out through the guarded client; it is given absolute http(s) URLs only
 */
export async function loadFetched(
  url: string,
  fetchDocument: (url: string) => Promise<FetchedDocument>,
  limits: DocumentLimits = {},
): Promise<LoadedDocuments> {
  const steps = walk(url, limits);
  let step = steps.next();
  while (!step.done) step = steps.next(await fetchDocument(step.value));
  return step.value;
}

const ROOT = 'wsdl';

function uploaded(location: string, documents: Readonly<Record<string, string>>): FetchedDocument {
  const text = Object.hasOwn(documents, location) ? documents[location] : documents[location.slice(location.lastIndexOf('/') + 1)];
  return typeof text === 'string' ? { ok: true, text } : { ok: false, reason: `the document ${location.slice(0, 200)} was not uploaded` };
}

function* walk(root: string, { documentsMax = 200, charactersMax = 20_000_000, depthMax = 16 }: DocumentLimits): Steps {
  const definitions: XmlElement[] = [];
  const schemas: SchemaSource[] = [];
  const seen = new Set<string>([root]);
  const pending: Wanted[] = [{ location: root, depth: 0, namespace: null }];
  let characters = 0;
  for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
    const { location, depth, namespace } = next;
    const fetched = yield location;
    if (!fetched.ok) return fetched;
    characters += fetched.text.length;
    if (characters > charactersMax) return { ok: false, reason: `a WSDL of more than ${charactersMax} characters` };
    const read = readXml(fetched.text);
    if (!read.ok) return { ok: false, reason: `${nameOfDocument(location)}: ${read.reason}` };
    const found = partsOf(read.root, namespace);
    if (!found) return { ok: false, reason: `${nameOfDocument(location)}: ${notAWsdl(read.root)}` };
    definitions.push(...found.definitions);
    schemas.push(...found.schemas);
    for (const reference of found.references) {
      const resolved = resolveLocation(location, reference.location);
      if (!resolved.ok) return resolved;
      // A circular import is no error: what was read is not read again. A schema is read again only into another namespace.
      const key = reference.namespace === null ? resolved.location : `${resolved.location} ${reference.namespace}`;
      if (seen.has(key)) continue;
      seen.add(key);
      if (depth >= depthMax) return { ok: false, reason: `imports nested deeper than ${depthMax}` };
      if (seen.size > documentsMax) return { ok: false, reason: `a WSDL of more than ${documentsMax} documents` };
      pending.push({ location: resolved.location, depth: depth + 1, namespace: reference.namespace });
    }
  }
  return { ok: true, documents: { definitions, schemas } };
}

interface Parts {
  definitions: XmlElement[];
  schemas: SchemaSource[];
  references: Reference[];
}

interface Reference {
  location: string;
  namespace: string | null;
}

function partsOf(root: XmlElement, namespace: string | null): Parts | null {
  if (root.ns === XSD_NS && root.local === 'schema') return schemaParts(root, namespace);
  if (root.ns !== WSDL_NS || root.local !== 'definitions') return null;
  const inline = childrenNamed(root, WSDL_NS, 'types')
    .flatMap((types) => childrenNamed(types, XSD_NS, 'schema'))
    .map((schema) => schemaParts(schema, null));
  const imports = childrenNamed(root, WSDL_NS, 'import').flatMap((child): Reference[] => {
    const location = attributeOf(child, 'location');
    return location === undefined ? [] : [{ location, namespace: null }];
  });
  return {
    definitions: [root],
    schemas: inline.flatMap((parts) => parts.schemas),
    references: [...imports, ...inline.flatMap((parts) => parts.references)],
  };
}

function schemaParts(schema: XmlElement, included: string | null): Parts {
  const own = attributeOf(schema, 'targetNamespace') ?? included ?? '';
  const references = childElements(schema).flatMap((child): Reference[] => {
    const location = attributeOf(child, 'schemaLocation');
    if (child.ns !== XSD_NS || location === undefined) return [];
    if (child.local === 'import') return KNOWN.has(attributeOf(child, 'namespace') ?? '') ? [] : [{ location, namespace: null }];
    return ['include', 'redefine', 'override'].includes(child.local) ? [{ location, namespace: own }] : [];
  });
  return { definitions: [], schemas: [{ schema, targetNamespace: own }], references };
}

function notAWsdl({ ns, local }: XmlElement): string {
  return ns === WSDL20_NS && local === 'description' ? 'WSDL 2.0 is not supported, WSDL 1.1 is' : 'neither a WSDL 1.1 nor an XML Schema';
}

/** Query strings of WSDL addresses may hold keys. */
function nameOfDocument(location: string): string {
  return location.replace(/\?.*$/, '').slice(0, 200);
}
