/** The SOAP message in an HTTP answer: decoded, unpacked from its parts, read. */
import {
  decodeXmlBytes,
  type MimePart,
  multipartParameters,
  readEnvelope,
  readMultipart,
  type SoapEnvelope,
  unpackMtom,
} from '@nave/protocols';

export type AnswerRead = { ok: true; envelope: SoapEnvelope; attachments: readonly MimePart[] } | { ok: false; reason: string };

/** Never throws; reasons quote nothing of the answer. */
export function readAnswer(contentType: string, bytes: Uint8Array): AnswerRead {
  if (multipartParameters(contentType) === null) return readPlain(contentType, bytes);
  const multipart = readMultipart(contentType, bytes);
  if (!multipart.ok) return multipart;
  const { root, parts } = multipart;
  const read = readPlain(root.contentType, root.body);
  if (!read.ok) return read;
  const [headers, body] = [unpackMtom(read.envelope.headers, []), unpackMtom(read.envelope.body, parts)];
  if (!headers.ok) return headers;
  if (!body.ok) return body;
  return { ok: true, envelope: { ...read.envelope, headers: headers.elements, body: body.elements }, attachments: parts };
}

function readPlain(contentType: string, bytes: Uint8Array): AnswerRead {
  const decoded = decodeXmlBytes(bytes, contentType);
  if (!decoded.ok) return decoded;
  const read = readEnvelope(decoded.text);
  return read.ok ? { ok: true, envelope: read.envelope, attachments: [] } : read;
}
