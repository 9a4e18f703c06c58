/** Makes a WSDL of its documents (W3C note WSDL 1.1, with the SOAP 1.2 binding extension): ports, operations, messages, schemas. */
import { WSDL_NS, WSDL_SOAP11_NS, WSDL_SOAP12_NS } from '../xml/namespaces.ts';
import { type QName, qname } from '../xml/qname.ts';
import { attributeOf, childElements, childOf, childrenNamed, resolveQName, textOf, type XmlElement } from '../xml/xml-element.ts';
import { readSchemas, SchemaProblem } from '../xsd/read-schemas.ts';
import type { WsdlDocuments } from './load-documents.ts';
import type { SoapVersion, Wsdl, WsdlMessage, WsdlOperation, WsdlPart, WsdlPort } from './wsdl-model.ts';

export type WsdlRead = { ok: true; wsdl: Wsdl } | { ok: false; reason: string };

/** Operations of a binding beyond this are left out. */
const OPERATIONS_MAX = 5_000;

/** Reads what `loadUploaded` or `loadFetched` gave. A binding that is not SOAP over HTTP is passed over. */
export function readWsdl({ definitions, schemas }: WsdlDocuments): WsdlRead {
  try {
    const index = indexOf(definitions);
    const ports = index.services.flatMap((service) => portsOf(service, index));
    if (ports.length === 0) return { ok: false, reason: 'the WSDL has no port that speaks SOAP over HTTP' };
    const [first] = definitions;
    return {
      ok: true,
      wsdl: {
        targetNamespace: (first && attributeOf(first, 'targetNamespace')) ?? '',
        documentation: first ? wsdlDocumentation(first) : null,
        ports,
        schemas: readSchemas(schemas),
      },
    };
  } catch (error) {
    if (error instanceof SchemaProblem) return { ok: false, reason: error.message };
    throw error;
  }
}

interface Index {
  services: readonly Named[];
  bindings: ReadonlyMap<QName, XmlElement>;
  portTypes: ReadonlyMap<QName, XmlElement>;
  messages: ReadonlyMap<QName, XmlElement>;
}

interface Named {
  name: string;
  element: XmlElement;
}

function indexOf(definitions: readonly XmlElement[]): Index {
  const find = (local: string): { name: QName; element: XmlElement }[] =>
    definitions.flatMap((root) =>
      childrenNamed(root, WSDL_NS, local).map((element) => ({
        name: qname(attributeOf(root, 'targetNamespace') ?? '', attributeOf(element, 'name') ?? ''),
        element,
      })),
    );
  const map = (local: string) => new Map(find(local).map(({ name, element }) => [name, element]));
  const services = find('service').map(({ element }) => ({ name: attributeOf(element, 'name') ?? '', element }));
  return { services, bindings: map('binding'), portTypes: map('portType'), messages: map('message') };
}

function portsOf({ name: service, element }: Named, index: Index): WsdlPort[] {
  return childrenNamed(element, WSDL_NS, 'port').flatMap((port) => {
    const binding = index.bindings.get(resolveQName(port, attributeOf(port, 'binding') ?? '') ?? '');
    const soap = binding && soapBinding(binding);
    if (!binding || !soap) return [];
    const address = childElements(port).find((child) => child.local === 'address' && child.ns === soap.ns);
    const location = (address && attributeOf(address, 'location')) ?? '';
    const portType = index.portTypes.get(resolveQName(binding, attributeOf(binding, 'type') ?? '') ?? '');
    const operations = operationsOf(binding, portType, soap, index);
    return [{ service, name: attributeOf(port, 'name') ?? '', version: soap.version, address: location.trim(), operations }];
  });
}

interface SoapBinding {
  ns: string;
  version: SoapVersion;
  style: 'document' | 'rpc';
}

function soapBinding(binding: XmlElement): SoapBinding | null {
  for (const [ns, version] of [[WSDL_SOAP11_NS, '1.1'] as const, [WSDL_SOAP12_NS, '1.2'] as const]) {
    const found = childOf(binding, ns, 'binding');
    if (!found) continue;
    const transport = attributeOf(found, 'transport') ?? 'http';
    if (!/http/i.test(transport.replace(/^https?:\/\//, ''))) return null;
    return { ns, version, style: attributeOf(found, 'style') === 'rpc' ? 'rpc' : 'document' };
  }
  return null;
}

function operationsOf(binding: XmlElement, portType: XmlElement | undefined, soap: SoapBinding, index: Index): WsdlOperation[] {
  const keys = new Set<string>();
  const abstracts = portType ? childrenNamed(portType, WSDL_NS, 'operation') : [];
  return childrenNamed(binding, WSDL_NS, 'operation')
    .slice(0, OPERATIONS_MAX)
    .flatMap((bound) => {
      const name = attributeOf(bound, 'name') ?? '';
      const inputName = attributeOf(childOf(bound, WSDL_NS, 'input') ?? bound, 'name');
      const declared = overload(abstracts, name, bound);
      if (!declared || name === '') return [];
      const key = keys.has(name) ? `${name}.${inputName ?? keys.size}` : name;
      keys.add(key);
      const details = childOf(bound, soap.ns, 'operation');
      const style = (details && attributeOf(details, 'style')) ?? soap.style;
      const input = messageOf('input', bound, declared, soap, index);
      if (!input) return [];
      return [
        {
          ...{ key, name, documentation: wsdlDocumentation(declared), style: style === 'rpc' ? 'rpc' : 'document' },
          action: (details && attributeOf(details, 'soapAction')) ?? '',
          input,
          output: childOf(declared, WSDL_NS, 'output') ? messageOf('output', bound, declared, soap, index) : null,
        } satisfies WsdlOperation,
      ];
    });
}

/** Overloads are told apart by the names of their inputs. */
function overload(abstracts: readonly XmlElement[], name: string, bound: XmlElement): XmlElement | undefined {
  const named = abstracts.filter((each) => attributeOf(each, 'name') === name);
  const wanted = attributeOf(childOf(bound, WSDL_NS, 'input') ?? bound, 'name');
  return named.find((each) => attributeOf(childOf(each, WSDL_NS, 'input') ?? each, 'name') === wanted) ?? named[0];
}

function messageOf(
  direction: 'input' | 'output',
  bound: XmlElement,
  declared: XmlElement,
  soap: SoapBinding,
  index: Index,
): WsdlMessage | null {
  const abstract = childOf(declared, WSDL_NS, direction);
  if (!abstract) return null;
  const message = index.messages.get(resolveQName(abstract, attributeOf(abstract, 'message') ?? '') ?? '');
  const binding = childOf(bound, WSDL_NS, direction);
  const body = binding && findBody(binding, soap.ns, 0);
  const all = message ? partsOf(message) : [];
  const wanted = (body && attributeOf(body, 'parts'))?.split(/\s+/).filter((name) => name !== '');
  const headers = (binding ? childrenNamed(binding, soap.ns, 'header') : []).flatMap((header) => {
    const headerMessage = index.messages.get(resolveQName(header, attributeOf(header, 'message') ?? '') ?? '');
    const part = attributeOf(header, 'part');
    const found = (headerMessage ? partsOf(headerMessage) : []).filter(({ name }) => name === part);
    return found.map((each) => ({ ...each, ofThisMessage: headerMessage === message }));
  });
  const inHeaders = new Set(headers.filter(({ ofThisMessage }) => ofThisMessage).map(({ name }) => name));
  return {
    use: (body && attributeOf(body, 'use')) === 'encoded' ? 'encoded' : 'literal',
    namespace: (body && attributeOf(body, 'namespace')) ?? '',
    parts: all.filter(({ name }) => (wanted ? wanted.includes(name) : !inHeaders.has(name))),
    headers: headers.map(({ name, element, type }) => ({ name, element, type })),
  };
}

/** `soap:body`, also inside the parts of a `mime:multipartRelated`. */
function findBody(at: XmlElement, ns: string, depth: number): XmlElement | undefined {
  const direct = childOf(at, ns, 'body');
  if (direct || depth > 4) return direct;
  for (const child of childElements(at)) {
    const found = findBody(child, ns, depth + 1);
    if (found) return found;
  }
  return undefined;
}

function partsOf(message: XmlElement): WsdlPart[] {
  return childrenNamed(message, WSDL_NS, 'part').map((part) => {
    const element = attributeOf(part, 'element');
    const type = attributeOf(part, 'type');
    return {
      name: attributeOf(part, 'name') ?? '',
      element: element === undefined ? null : resolve(part, element),
      type: type === undefined ? null : resolve(part, type),
    };
  });
}

function resolve(at: XmlElement, text: string): QName {
  const found = resolveQName(at, text);
  if (found === null) throw new SchemaProblem('a message of the WSDL names a prefix that is not declared');
  return found;
}

function wsdlDocumentation(at: XmlElement): string | null {
  const found = childOf(at, WSDL_NS, 'documentation');
  const text = found ? textOf(found).replace(/\s+/g, ' ').trim().slice(0, 500) : '';
  return text === '' ? null : text;
}
