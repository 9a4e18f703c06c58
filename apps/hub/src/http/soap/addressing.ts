/** WS-Addressing of a call (W3C 1.0, and the submission of 2004): the id that makes it unique, and what an answer has to say in return. */
import {
  childElements,
  element,
  isForReceiver,
  qname,
  type SoapVersion,
  textOf,
  WSA_2004_NS,
  WSA_NS,
  type XmlElement,
} from '@nave/protocols';

export interface Addressing {
  ns: string;
  messageId: string | null;
  /** False where the answer is wanted at another address than the connection's own. */
  answersHere: boolean;
}

const NAMESPACES: readonly string[] = [WSA_NS, WSA_2004_NS];
const KNOWN: ReadonlySet<string> = new Set(['Action', 'MessageID', 'To', 'From', 'ReplyTo', 'FaultTo', 'RelatesTo']);
const HERE: ReadonlySet<string> = new Set([`${WSA_NS}/anonymous`, `${WSA_NS}/none`, `${WSA_2004_NS}/role/anonymous`]);

export function isAddressing({ ns, local }: XmlElement): boolean {
  return NAMESPACES.includes(ns) && KNOWN.has(local);
}

/** Null for a call that says nothing of it. */
export function readAddressing(headers: readonly XmlElement[], version: SoapVersion): Addressing | null {
  const own = headers.filter((header) => isAddressing(header) && isForReceiver(header, version));
  const [first] = own;
  if (first === undefined) return null;
  const id = own.find(({ local }) => local === 'MessageID');
  const messageId = id === undefined ? '' : textOf(id).trim();
  const replyTo = own.find(({ local }) => local === 'ReplyTo');
  const address = replyTo && childElements(replyTo).find(({ local }) => local === 'Address');
  return {
    ns: first.ns,
    messageId: messageId === '' ? null : messageId,
    answersHere: address === undefined || HERE.has(textOf(address).trim()),
  };
}

/** The header blocks of the answer to a call. */
export function addressingOf({ ns, messageId }: Addressing, action: string): XmlElement[] {
  const related = messageId === null ? [] : [element(qname(ns, 'RelatesTo'), [messageId])];
  return [element(qname(ns, 'Action'), [action]), ...related];
}

/** The action of every fault (WS-Addressing 1.0, SOAP Binding, section 6). */
export function faultAction(ns: string): string {
  return `${ns}/fault`;
}
