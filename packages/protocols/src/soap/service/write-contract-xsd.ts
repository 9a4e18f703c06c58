/** Contracts as XML Schema: elements of the service's namespace, lists as repeated elements, `null` as `xsi:nil`. */
import { XSD_NS } from '../xml/namespaces.ts';
import { qname } from '../xml/qname.ts';
import { element, type QNameText, type XmlElement } from '../xml/xml-element.ts';
import type { ContractNode, ScalarNode } from './contract-node.ts';
import type { SoapService } from './soap-service.ts';

type Attributes = Record<string, string | QNameText>;

const xsd = (local: string): string => qname(XSD_NS, local);
/** The name of the elements of a list that stands in another list. */
export const ITEM = 'item';

/** One schema with an element for each request and each answer. */
export function serviceSchema({ namespace, operations }: SoapService): XmlElement {
  const elements = operations.flatMap(({ name, request, response }) => [
    contractElement(name, request, {}),
    ...(response === null ? [] : [contractElement(`${name}Response`, response.record, {})]),
  ]);
  return element(xsd('schema'), elements, { targetNamespace: namespace, elementFormDefault: 'qualified' });
}

function contractElement(name: string, node: ContractNode, occurs: Attributes): XmlElement {
  const attributes: Attributes = { name, ...occurs, ...(node.nullable ? { nillable: 'true' } : {}) };
  const documentation =
    node.documentation === null ? [] : [element(xsd('annotation'), [element(xsd('documentation'), [node.documentation])])];
  if (node.kind === 'scalar') {
    const restriction = restrictionOf(node);
    if (restriction === null) return element(xsd('element'), documentation, { ...attributes, type: typeName(node) });
    return element(xsd('element'), [...documentation, element(xsd('simpleType'), [restriction])], attributes);
  }
  const children =
    node.kind === 'record'
      ? node.fields.map((field) => fieldElement(field.name, field.node, field.required))
      : [fieldElement(ITEM, { ...node, nullable: false }, true)];
  return element(xsd('element'), [...documentation, element(xsd('complexType'), [element(xsd('sequence'), children)])], attributes);
}

function fieldElement(name: string, node: ContractNode, required: boolean): XmlElement {
  if (node.kind !== 'list') return contractElement(name, node, required ? {} : { minOccurs: '0' });
  const { item, itemsMin, itemsMax } = node;
  const occurs = { minOccurs: String(required ? itemsMin : 0), maxOccurs: itemsMax === null ? 'unbounded' : String(itemsMax) };
  return contractElement(name, item, occurs);
}

function restrictionOf(node: ScalarNode): XmlElement | null {
  const facets =
    node.values === null
      ? Object.entries(node.facets).map(([name, value]) => element(xsd(name), [], { value }))
      : node.values.map((value) => element(xsd('enumeration'), [], { value }));
  return facets.length === 0 ? null : element(xsd('restriction'), facets, { base: typeName(node) });
}

function typeName({ type }: ScalarNode): QNameText {
  return { qname: xsd(type) };
}
