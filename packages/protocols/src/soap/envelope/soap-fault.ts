/** SOAP faults of both versions, read into one shape and written from it (SOAP 1.1 section 4.4, SOAP 1.2 part 1 section 5.4). */
import type { OutcomeKind } from '@nave/core';
import type { SoapVersion } from '../wsdl/wsdl-model.ts';
import { SOAP11_NS, SOAP12_NS, WSSE_NS, XML_NS } from '../xml/namespaces.ts';
import { type QName, qname, splitQName } from '../xml/qname.ts';
import { childElements, childOf, element, resolveQName, textOf, type XmlElement } from '../xml/xml-element.ts';
import { envelopeNs, type SoapEnvelope } from './soap-envelope.ts';

export interface SoapFault {
  /** Qualified where the other side declared its prefix. */
  code: QName;
  /** Subcodes of SOAP 1.2, the outer one first. */
  subcodes: readonly QName[];
  reason: string;
  /** Who raised it: `faultactor`, or `Node`. */
  actor: string | null;
  detail: XmlElement | null;
}

/** The fault an envelope carries, or null. */
export function faultOf({ version, body }: SoapEnvelope): SoapFault | null {
  const ns = envelopeNs(version);
  const fault = body.find((child) => child.ns === ns && child.local === 'Fault');
  if (!fault) return null;
  return version === '1.1' ? readFault11(fault) : readFault12(fault);
}

function readFault11(fault: XmlElement): SoapFault {
  // The children are unqualified; some stacks qualify them all the same.
  const part = (local: string) => childElements(fault).find((child) => child.local === local);
  const [code, reason, actor] = [part('faultcode'), part('faultstring'), part('faultactor')];
  return {
    code: code ? codeOf(code) : '',
    subcodes: [],
    reason: reason ? textOf(reason).trim() : '',
    actor: actor ? textOf(actor).trim() : null,
    detail: part('detail') ?? null,
  };
}

function readFault12(fault: XmlElement): SoapFault {
  const part = (at: XmlElement | undefined, local: string) => at && childOf(at, SOAP12_NS, local);
  const code = part(fault, 'Code');
  const value = part(code, 'Value');
  const subcodes: QName[] = [];
  for (let at = part(code, 'Subcode'), depth = 0; at && depth < 10; at = part(at, 'Subcode'), depth++) {
    const inner = part(at, 'Value');
    if (inner) subcodes.push(codeOf(inner));
  }
  const reason = part(part(fault, 'Reason'), 'Text');
  const node = part(fault, 'Node');
  return {
    code: value ? codeOf(value) : '',
    subcodes,
    reason: reason ? textOf(reason).trim() : '',
    actor: node ? textOf(node).trim() : null,
    detail: part(fault, 'Detail') ?? null,
  };
}

function codeOf(at: XmlElement): QName {
  const text = textOf(at).trim();
  // Codes of one's own without a prefix are common and are in no namespace, whatever the default one is.
  return resolveQName(at, text, '') ?? text;
}

/** Codes that a spoke's configuration judges otherwise: local names, dotted (`Server.Busy`) or qualified; case does not count. */
export interface FaultRules {
  retryFaults?: readonly string[] | undefined;
  rejectFaults?: readonly string[] | undefined;
}

/**
 * What a fault means for the delivery: the sender's mistake is `rejected`, the receiver's a `fault` worth another try. `rejectFaults` go
 * before `retryFaults`, both before the code's own meaning. Codes nobody prescribed count by the HTTP status: 5xx may pass, others do not.
 */
export function outcomeOfFault(
  fault: SoapFault,
  status: number,
  { retryFaults = [], rejectFaults = [] }: FaultRules,
): OutcomeKind & ('rejected' | 'fault') {
  if (matchesFault(fault, rejectFaults)) return 'rejected';
  if (matchesFault(fault, retryFaults)) return 'fault';
  // A fault of WS-Security is about credentials, clocks and signatures: sending again changes nothing.
  if ([fault.code, ...fault.subcodes].some((code) => splitQName(code).ns === WSSE_NS)) return 'rejected';
  const [first = ''] = splitQName(fault.code).local.split('.');
  if (SENDER.has(first)) return 'rejected';
  if (RECEIVER.has(first)) return 'fault';
  return status >= 500 ? 'fault' : 'rejected';
}

const SENDER: ReadonlySet<string> = new Set(['Client', 'Sender', 'VersionMismatch', 'MustUnderstand', 'DataEncodingUnknown']);
const RECEIVER: ReadonlySet<string> = new Set(['Server', 'Receiver']);

/** Whether a fault's code, or a subcode, is in a list. `Server` is not `Server.Busy`. */
export function matchesFault({ code, subcodes }: SoapFault, list: readonly string[]): boolean {
  if (list.length === 0) return false;
  const wanted = new Set(list.map((each) => each.toLowerCase()));
  return [code, ...subcodes].some((each) => wanted.has(each.toLowerCase()) || wanted.has(splitQName(each).local.toLowerCase()));
}

const REASON_MAX = 300;

/** One line for the record: the code and the other side's words. */
export function describeFault({ code, subcodes, reason }: SoapFault): string {
  const codes = [code, ...subcodes].map((each) => splitQName(each).local).filter((each) => each !== '');
  const words = `${codes.join(' / ') || 'without a code'}${reason === '' ? '' : `: ${reason}`}`;
  return words
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, REASON_MAX);
}

/** The child of a body that says a fault. */
export function faultElement(version: SoapVersion, { code, subcodes, reason, actor, detail }: SoapFault): XmlElement {
  const ns = envelopeNs(version);
  if (version === '1.1') {
    return element(qname(SOAP11_NS, 'Fault'), [
      element('faultcode', [{ qname: code }]),
      element('faultstring', [reason]),
      ...(actor === null ? [] : [element('faultactor', [actor])]),
      ...(detail === null ? [] : [element('detail', detail.children)]),
    ]);
  }
  let nested: XmlElement[] = [];
  for (const each of subcodes.toReversed())
    nested = [element(qname(ns, 'Subcode'), [element(qname(ns, 'Value'), [{ qname: each }]), ...nested])];
  return element(qname(ns, 'Fault'), [
    element(qname(ns, 'Code'), [element(qname(ns, 'Value'), [{ qname: code }]), ...nested]),
    element(qname(ns, 'Reason'), [element(qname(ns, 'Text'), [reason], { [qname(XML_NS, 'lang')]: 'en' })]),
    ...(actor === null ? [] : [element(qname(ns, 'Node'), [actor])]),
    ...(detail === null ? [] : [element(qname(ns, 'Detail'), detail.children)]),
  ]);
}

/** The code of a version for a mistake of the caller, or of the one called. */
export function faultCode(version: SoapVersion, side: 'sender' | 'receiver'): QName {
  if (version === '1.1') return qname(SOAP11_NS, side === 'sender' ? 'Client' : 'Server');
  return qname(SOAP12_NS, side === 'sender' ? 'Sender' : 'Receiver');
}
