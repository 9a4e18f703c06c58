/** The answer of a service built on Axis 1: every value apart in a `multiRef`, pointed at with `href`. */
import { element, qname, SOAP11_ENCODING_NS, SOAP11_NS, type XmlElement, XSD_NS, XSI_NS } from '@nave/protocols';
import { ORDERS_NS } from './wsdl.ts';

const RPC_NS = `${ORDERS_NS}:rpc`;
const TYPE = qname(XSI_NS, 'type');

/** Gives the prices back as they were sent. */
export function multiRefPrices(data: unknown): XmlElement[] {
  const sent: unknown = Object(data)['prices'];
  const prices: readonly unknown[] = Array.isArray(sent) ? sent : [];
  const result = element(
    'result',
    prices.map((_each, index) => element('item', [], { href: `#id${index}` })),
    {
      [TYPE]: { qname: qname(SOAP11_ENCODING_NS, 'Array') },
      [qname(SOAP11_ENCODING_NS, 'arrayType')]: { qname: qname(RPC_NS, 'Price'), suffix: `[${prices.length}]` },
    },
  );
  const count = element('count', [String(prices.length)], { [TYPE]: { qname: qname(XSD_NS, 'int') } });
  const apart = prices.map((price, index) =>
    element(
      'multiRef',
      [
        element('sku', [String(Object(price)['sku'])], { [TYPE]: { qname: qname(XSD_NS, 'string') } }),
        element('amount', [String(Object(price)['amount'])], { [TYPE]: { qname: qname(XSD_NS, 'decimal') } }),
      ],
      { id: `id${index}`, [qname(SOAP11_ENCODING_NS, 'root')]: '0', [TYPE]: { qname: qname(RPC_NS, 'Price') } },
    ),
  );
  const wrapper = element(qname(RPC_NS, 'setPricesResponse'), [result, count], { [qname(SOAP11_NS, 'encodingStyle')]: SOAP11_ENCODING_NS });
  return [wrapper, ...apart];
}
