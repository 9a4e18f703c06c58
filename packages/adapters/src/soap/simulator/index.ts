/** A simulated order system with a SOAP interface: all dialects, faults, WS-Security, attachments; what happens on the wire, not a whole ERP. */
import {
  decodeBody,
  element,
  encodeBody,
  envelopeType,
  faultCode,
  faultElement,
  packMtom,
  qname,
  SchemaView,
  type SoapVersion,
  uploadedWsdl,
  type Wsdl,
  type WsdlOperation,
  type WsdlPort,
  writeEnvelope,
  type XmlElement,
} from '@nave/protocols';
import { type SimulatedAnswer, type SimulatedRequest, type Simulator, startSimulator } from '../../simulator-kit/start-simulator.ts';
import { readAnswer } from '../read-answer.ts';
import { checkUsernameToken } from './check-username-token.ts';
import { multiRefPrices } from './multi-ref-prices.ts';
import { ORDERS_NS, ORDERS_XSD, ordersWsdl } from './wsdl.ts';

export { ORDERS_NS, ORDERS_XSD, ordersWsdl } from './wsdl.ts';

export interface OrderSystem extends Simulator {
  /** Orders by number, as the system understood them. */
  orders(): ReadonlyMap<string, unknown>;
  /** SOAP headers of the last message. */
  headers(): readonly XmlElement[];
}

export interface OrderSystemOptions {
  port?: number;
  /** Asked for as a UsernameToken, text or digest; a nonce counts once. */
  user?: { username: string; password: string };
  /** Orders with a document are given back as MTOM. */
  mtom?: boolean;
}

/**
 * `GET ?wsdl`, `GET /orders.xsd`; `POST /orders` (document/literal, SOAP 1.1 and 1.2), `/sums` (rpc/literal), `/prices` (rpc/encoded, answers
 * with `multiRef`). A number that is taken is refused (`Client.Duplicate`, `Sender`), one that is not there too (`Client.NotFound`), number
 * `BUSY` fails for now (`Server.Busy`).
 */
export async function startOrderSystem({ port, user, mtom = false }: OrderSystemOptions = {}): Promise<OrderSystem> {
  const orders = new Map<string, unknown>();
  const nonces = new Set<string>();
  let headers: readonly XmlElement[] = [];
  let url = '';

  function answer(request: SimulatedRequest): SimulatedAnswer {
    const { pathname, search } = new URL(request.target, 'http://orders.invalid');
    if (request.method === 'GET' && search.toLowerCase() === '?wsdl') return xml(200, ordersWsdl(url));
    if (request.method === 'GET' && pathname === '/orders.xsd') return xml(200, ORDERS_XSD);
    if (request.method !== 'POST') return { status: 405, headers: { Allow: 'POST' }, body: 'send SOAP messages with POST' };
    const read = readAnswer(request.headers['content-type'] ?? '', request.body);
    if (!read.ok) return fault('1.1', 400, 'sender', 'Malformed', read.reason);
    const { version, body } = read.envelope;
    headers = read.envelope.headers;
    const expected = envelopeType(version);
    if (!request.headers['content-type']?.includes(expected)) return fault(version, 415, 'sender', 'ContentType', `expected ${expected}`);
    if (version === '1.1' && request.headers['soapaction'] === undefined) return fault(version, 500, 'sender', 'Action', 'no SOAPAction');
    const problem = user ? checkUsernameToken(headers, user, nonces) : null;
    if (problem !== null) return securityFault(version, problem);
    const port = service(url).ports.find((each) => each.address === `${url}${pathname}` && each.version === version);
    if (!port) return fault(version, 500, 'sender', 'Address', 'no such service');
    const operation = port.operations.find(
      ({ name, input }) => body[0]?.local === name || input.parts[0]?.element?.endsWith(`}${body[0]?.local ?? ''}`),
    );
    if (!operation) return fault(version, 500, 'sender', 'Operation', 'no such operation');
    return call(port, operation, body);
  }

  function call(port: WsdlPort, operation: WsdlOperation, body: readonly XmlElement[]): SimulatedAnswer {
    const { version } = port;
    const view = new SchemaView(service(url).schemas);
    const decoded = decodeBody({ view, version, operation, direction: 'input' }, body);
    if (!decoded.ok) return fault(version, 500, 'sender', 'Schema', decoded.reason);
    if (operation.name === 'setPrices')
      return xml(200, writeEnvelope({ version, headers: [], body: multiRefPrices(decoded.data) }), version);
    const done = act(operation.name, Object(decoded.data), decoded.data);
    if ('fault' in done)
      return fault(version, done.side === 'sender' && version === '1.2' ? 400 : 500, done.side, done.fault, done.reason, done.number);
    if (operation.output === null) return { status: 202 };
    const binaries: string[] = [];
    const encoded = encodeBody({ view, version, operation, direction: 'output', onBinary: (text) => binaries.push(text) }, done.answer);
    if (!encoded.ok) return fault(version, 500, 'receiver', 'Bug', encoded.reason);
    const envelope = writeEnvelope({ version, headers: [], body: encoded.body });
    if (!mtom || binaries.length === 0) return xml(200, envelope, version);
    const packed = packMtom(envelope, binaries, version, '', 'answer');
    return { status: 200, headers: { 'Content-Type': packed.contentType }, body: packed.body };
  }

  type Done = { answer: unknown } | { fault: string; side: 'sender' | 'receiver'; reason: string; number: string };

  function act(name: string, data: Readonly<Record<string, unknown>>, whole: unknown): Done {
    if (name === 'sum') return { answer: { result: (Number(data['a']) + Number(data['b'])).toFixed(2) } };
    if (name === 'orderSeen') {
      orders.set(`seen:${String(whole)}`, whole);
      return { answer: {} };
    }
    if (name === 'getOrder') {
      const number = String(data['number']);
      const order = orders.get(number);
      return order === undefined ? { fault: 'NotFound', side: 'sender', reason: 'no such order', number } : { answer: { order } };
    }
    const order: Readonly<Record<string, unknown>> = Object(data['order']);
    const number = String(order['number']);
    if (number === 'BUSY') return { fault: 'Busy', side: 'receiver', reason: 'the books are closed for now', number };
    if (orders.has(number)) return { fault: 'Duplicate', side: 'sender', reason: 'the number is taken', number };
    orders.set(number, order);
    return { answer: { id: orders.size, state: 'booked' } };
  }

  const simulator = await startSimulator(answer, port);
  url = simulator.url;
  return { ...simulator, orders: () => orders, headers: () => headers };
}

function service(url: string): Wsdl {
  const read = uploadedWsdl(ordersWsdl(url), { 'orders.xsd': ORDERS_XSD });
  if (!read.ok) throw new Error(`the simulator's own WSDL: ${read.reason}`);
  return read.wsdl;
}

function xml(status: number, body: string, version: SoapVersion = '1.1'): SimulatedAnswer {
  return { status, headers: { 'Content-Type': `${envelopeType(version)}; charset=utf-8` }, body };
}

/** The code: dotted in SOAP 1.1, a subcode in 1.2. */
function fault(
  version: SoapVersion,
  status: number,
  side: 'sender' | 'receiver',
  sub: string,
  reason: string,
  number?: string,
): SimulatedAnswer {
  const code = faultCode(version, side);
  const detail =
    number === undefined
      ? null
      : element('detail', [element(qname(ORDERS_NS, 'OrderFault'), [element(qname(ORDERS_NS, 'number'), [number])])]);
  const said = { reason, actor: null, detail };
  const body = faultElement(
    version,
    version === '1.1' ? { ...said, code: `${code}.${sub}`, subcodes: [] } : { ...said, code, subcodes: [qname(ORDERS_NS, sub)] },
  );
  return xml(status, writeEnvelope({ version, headers: [], body: [body] }), version);
}

function securityFault(version: SoapVersion, sub: string): SimulatedAnswer {
  const code = qname('http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd', sub);
  const said = { reason: 'the security token could not be authenticated', actor: null, detail: null };
  const body = faultElement(
    version,
    version === '1.1' ? { ...said, code, subcodes: [] } : { ...said, code: faultCode(version, 'sender'), subcodes: [code] },
  );
  return xml(500, writeEnvelope({ version, headers: [], body: [body] }), version);
}
