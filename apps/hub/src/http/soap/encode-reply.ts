/** The answer of a reply route as the element that the WSDL promises. */
import { parseBody, parseExact } from '@nave/adapter-kit';
import { HubError } from '@nave/core';
import type { Reply } from '@nave/pipeline';
import { encodeContract, type XmlElement } from '@nave/protocols';
import type { OfferedOperation } from './compile-service.ts';
import { refusal, type SoapRefusal } from './soap-refusal.ts';
import { unanswerable } from './write-answer.ts';

const ANSWER_CHARS_MAX = 2_000;

/** A reply of 4xx is the caller's fault, one of 5xx the receiver's; what it says goes along in the detail. */
export function encodeReply(
  { name, answer }: OfferedOperation,
  reply: Reply,
  messageId: string | null,
  namespace: string,
): { ok: true; content: XmlElement } | { ok: false; refusal: SoapRefusal } {
  const contentType = reply.headers['content-type'];
  const parsed = parseBody(contentType, reply.body);
  const text = parsed.ok && parsed.kind !== 'binary' ? new TextDecoder().decode(reply.body) : null;
  if (reply.status >= 400) {
    const said = text === null || text === '' ? null : text.slice(0, ANSWER_CHARS_MAX);
    const detail = `The route answered ${reply.status}`;
    return refusal(new HubError(reply.status < 500 ? 'request.invalid' : 'reply.refused', { detail }), { messageId, answer: said });
  }
  if (answer === null) return refusal(new HubError('hub.internal'), { messageId });
  if (!parsed.ok) return refusal(unanswerable(`its answer cannot be read: ${parsed.reason}`), { messageId });
  const [wrong] = answer.problems(parsed.data);
  if (wrong !== undefined)
    return refusal(
      unanswerable(`its answer breaks the response schema: ${wrong.path === '' ? 'the answer' : wrong.path} ${wrong.message}`),
      {
        messageId,
      },
    );
  const exact: unknown = parsed.kind === 'json' && text !== null ? parseExact(text) : parsed.data;
  const { record, inResult } = answer.response;
  const encoded = encodeContract(`${name}Response`, record, inResult ? { result: exact } : exact, namespace);
  return encoded.ok
    ? { ok: true, content: encoded.element }
    : refusal(unanswerable(`its answer cannot be written as XML: ${encoded.reason}`), { messageId });
}
