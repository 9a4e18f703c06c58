/** Answers as envelopes of the caller's version: what it asked for, or a fault (SOAP 1.1 section 4.4 and 6.2, SOAP 1.2 part 1 section 5.4 and part 2 section 7). */
import { HubError } from '@nave/core';
import {
  element,
  envelopeType,
  faultCode,
  faultElement,
  nameOf,
  qname,
  SOAP11_NS,
  SOAP12_NS,
  type SoapVersion,
  WSSE_NS,
  writeEnvelope,
  type XmlElement,
  xmlTextProblem,
} from '@nave/protocols';
import { problemOf } from '../problem.ts';
import { type Addressing, addressingOf, faultAction } from './addressing.ts';
import type { SoapRefusal } from './soap-refusal.ts';

export interface SoapAnswer {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** Of the detail of a fault and of subcodes. */
const PROBLEM_NS = 'urn:nave:problem';

/** @param action of the answer, for callers with WS-Addressing */
export function writeAnswer(version: SoapVersion, addressing: Addressing | null, action: string, content: XmlElement): SoapAnswer {
  const headers = addressing === null ? [] : addressingOf(addressing, action);
  return { status: 200, headers: typed(version), body: writeEnvelope({ version, headers, body: [content] }) };
}

/** @param instance path of the request */
export function writeFault(
  version: SoapVersion,
  addressing: Addressing | null,
  { error, code, notUnderstood, messageId, answer }: SoapRefusal,
  instance: string,
): SoapAnswer {
  const { status, headers, body } = problemOf(error, instance);
  const isSender = status < 500;
  const ns = version === '1.1' ? SOAP11_NS : SOAP12_NS;
  const failedAuthentication = qname(WSSE_NS, 'FailedAuthentication');
  const side = faultCode(version, isSender ? 'sender' : 'receiver');
  const subcode = status === 401 ? failedAuthentication : qname(PROBLEM_NS, error.code);
  // SOAP 1.1 has no subcodes: WS-Security has its own codes stand there (WSS 1.0, section 12).
  const first = code !== null ? qname(ns, code) : status === 401 && version === '1.1' ? failedAuthentication : side;
  const problem = element(qname(PROBLEM_NS, 'problem'), [
    ...['type', 'title', 'status', 'detail', 'instance', 'code'].map((name) => textElement(name, Reflect.get(body, name))),
    ...(body.errors ?? []).map(({ path, message }) =>
      element(qname(PROBLEM_NS, 'error'), [textElement('path', path), textElement('message', message)]),
    ),
    ...(messageId === null ? [] : [textElement('messageId', messageId)]),
    ...(answer === null ? [] : [textElement('answer', answer)]),
  ]);
  const fault = faultElement(version, {
    code: first,
    subcodes: version === '1.2' && code === null ? [subcode] : [],
    reason: printable(reasonOf(body.title, body.detail, body.errors)),
    actor: null,
    // A detail is about the body (SOAP 1.1 section 4.4).
    detail: code === null ? element('detail', [problem]) : null,
  });
  const about =
    version === '1.2' ? notUnderstood.map((header) => element(qname(ns, 'NotUnderstood'), [], { qname: { qname: nameOf(header) } })) : [];
  const addressed = addressing === null ? [] : addressingOf(addressing, faultAction(addressing.ns));
  const { 'retry-after': retryAfter } = headers;
  return {
    status: version === '1.2' && (isSender || code !== null) ? 400 : 500,
    headers: { ...typed(version), ...(retryAfter === undefined ? {} : { 'retry-after': retryAfter }) },
    body: writeEnvelope({ version, headers: [...about, ...addressed], body: [fault] }),
  };
}

function typed(version: SoapVersion): Record<string, string> {
  return { 'content-type': `${envelopeType(version)}; charset=utf-8` };
}

function reasonOf(title: string, detail: string, errors: readonly { path: string; message: string }[] | undefined): string {
  const said = detail === '' || detail === title ? title : `${title}: ${detail}`;
  const [first] = errors ?? [];
  if (first === undefined) return said;
  const more = errors === undefined || errors.length === 1 ? '' : ` (and ${errors.length - 1} more)`;
  return `${said}: ${first.path === '' ? 'the call' : first.path} ${first.message}${more}`;
}

function textElement(name: string, value: unknown): XmlElement {
  return element(
    qname(PROBLEM_NS, name),
    [printable(String(value ?? ''))].filter((text) => text !== ''),
  );
}

/** What a caller sent may be quoted in a path: without what XML cannot hold. */
function printable(text: string): string {
  return xmlTextProblem(text) === null ? text : [...text].map((char) => (xmlTextProblem(char) === null ? char : '\ufffd')).join('');
}

/** For an answer that cannot be written although the call was made. */
export function unanswerable(why: string): HubError {
  return new HubError('reply.mapping', { detail: `The route did its part, but ${why}` });
}
