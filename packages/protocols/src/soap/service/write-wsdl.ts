/** The WSDL 1.1 of a service (W3C note WSDL 1.1): document/literal wrapped, with a port for SOAP 1.1 and one for SOAP 1.2. */
import { WSDL_NS, WSDL_SOAP11_NS, WSDL_SOAP12_NS } from '../xml/namespaces.ts';
import { qname } from '../xml/qname.ts';
import { writeXml, XML_DECLARATION } from '../xml/write-xml.ts';
import { element, type XmlElement } from '../xml/xml-element.ts';
import type { ServiceOperation, SoapService } from './soap-service.ts';
import { serviceSchema } from './write-contract-xsd.ts';

const HTTP_TRANSPORT = 'http://schemas.xmlsoap.org/soap/http';
const BINDINGS = [
  ['Soap11', WSDL_SOAP11_NS],
  ['Soap12', WSDL_SOAP12_NS],
] as const;
const wsdl = (local: string): string => qname(WSDL_NS, local);

/** @param address where the service is called, as callers see it */
export function writeWsdl(service: SoapService, address: string): string {
  const { name, namespace, operations } = service;
  const own = (local: string) => ({ qname: qname(namespace, local) });
  const portType = `${name}PortType`;
  return `${XML_DECLARATION}${writeXml(
    element(
      wsdl('definitions'),
      [
        element(wsdl('types'), [serviceSchema(service)]),
        ...operations.flatMap((operation) => messagesOf(operation, own)),
        element(
          wsdl('portType'),
          operations.map((operation) => abstractOperation(operation, own)),
          { name: portType },
        ),
        ...BINDINGS.map(([suffix, ns]) => bindingOf(`${name}${suffix}`, ns, operations, own(portType))),
        element(
          wsdl('service'),
          BINDINGS.map(([suffix, ns]) =>
            element(wsdl('port'), [element(qname(ns, 'address'), [], { location: address })], {
              name: suffix,
              binding: own(`${name}${suffix}`),
            }),
          ),
          { name },
        ),
      ],
      { name, targetNamespace: namespace },
    ),
  )}`;
}

type Own = (local: string) => { qname: string };

function messagesOf({ name, response }: ServiceOperation, own: Own): XmlElement[] {
  const message = (suffix: string, part: string) =>
    element(wsdl('message'), [element(wsdl('part'), [], { name: 'parameters', element: own(part) })], { name: `${name}${suffix}` });
  return [message('Input', name), ...(response === null ? [] : [message('Output', `${name}Response`)])];
}

function abstractOperation({ name, documentation, response }: ServiceOperation, own: Own): XmlElement {
  return element(
    wsdl('operation'),
    [
      ...(documentation === null ? [] : [element(wsdl('documentation'), [documentation])]),
      element(wsdl('input'), [], { message: own(`${name}Input`) }),
      ...(response === null ? [] : [element(wsdl('output'), [], { message: own(`${name}Output`) })]),
    ],
    { name },
  );
}

function bindingOf(name: string, ns: string, operations: readonly ServiceOperation[], type: { qname: string }): XmlElement {
  const body = element(qname(ns, 'body'), [], { use: 'literal' });
  return element(
    wsdl('binding'),
    [
      element(qname(ns, 'binding'), [], { style: 'document', transport: HTTP_TRANSPORT }),
      ...operations.map((operation) =>
        element(
          wsdl('operation'),
          [
            element(qname(ns, 'operation'), [], { soapAction: operation.action, style: 'document' }),
            element(wsdl('input'), [body]),
            ...(operation.response === null ? [] : [element(wsdl('output'), [body])]),
          ],
          { name: operation.name },
        ),
      ),
    ],
    { name, type },
  );
}
