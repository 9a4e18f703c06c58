/** `multipart/related` bodies (RFC 2387): written for MTOM, read within bounds from whoever answers so. */
import { createHash } from 'node:crypto';

export interface MimePart {
  /** Without angle brackets. */
  id: string;
  contentType: string;
  body: Uint8Array;
}

export type MultipartRead = { ok: true; root: MimePart; parts: readonly MimePart[] } | { ok: false; reason: string };

const PARTS_MAX = 500;
const HEAD_BYTES_MAX = 16 * 1024;

/**
 * Writes parts with a boundary that depends on the content only, so that every attempt sends the same bytes.
 * @param seed something of this message
 */
export function writeMultipart(parts: readonly MimePart[], seed: string): { boundary: string; body: Uint8Array } {
  let boundary = '';
  for (let number = 0; number < 100; number++) {
    boundary = `nave-${createHash('sha256').update(`${number} ${seed}`).digest('hex').slice(0, 40)}`;
    if (!parts.some(({ body }) => Buffer.from(body.buffer, body.byteOffset, body.byteLength).includes(boundary))) break;
  }
  const chunks = parts.flatMap(({ id, contentType, body }) => [
    Buffer.from(`--${boundary}\r\nContent-Type: ${contentType}\r\nContent-Transfer-Encoding: binary\r\nContent-ID: <${id}>\r\n\r\n`),
    body,
    Buffer.from('\r\n'),
  ]);
  return { boundary, body: Buffer.concat([...chunks, Buffer.from(`--${boundary}--\r\n`)]) };
}

/** The parameters of a `multipart/related` content type, names in lower case; null for any other type. */
export function multipartParameters(contentType: string): ReadonlyMap<string, string> | null {
  if (!/^\s*multipart\/related\s*;/i.test(contentType) || contentType.length > 4_000) return null;
  const found = new Map<string, string>();
  for (const [, name = '', quoted, plain] of contentType.matchAll(/;\s*([A-Za-z0-9-]{1,60})\s*=\s*(?:"([^"]{0,500})"|([^;\s"]{1,500}))/g)) {
    found.set(name.toLowerCase(), quoted ?? plain ?? '');
  }
  return found;
}

/** Reads a body. The root is the part that `start` names, else the first. */
export function readMultipart(contentType: string, bytes: Uint8Array): MultipartRead {
  const parameters = multipartParameters(contentType);
  const boundary = parameters?.get('boundary');
  if (!parameters || boundary === undefined || boundary === '' || boundary.length > 200)
    return { ok: false, reason: 'a multipart body without its boundary' };
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: MimePart[] = [];
  const mark = Buffer.from(`--${boundary}`);
  let at = body.indexOf(mark);
  while (at !== -1) {
    const start = at + mark.length;
    if (body.subarray(start, start + 2).toString('latin1') === '--') break;
    const next = body.indexOf(Buffer.concat([Buffer.from('\r\n'), mark]), start);
    if (next === -1) return { ok: false, reason: 'a multipart body that is cut off' };
    const part = readPart(body.subarray(start, next));
    if (!part.ok) return part;
    parts.push(part.part);
    if (parts.length > PARTS_MAX) return { ok: false, reason: `a multipart body of more than ${PARTS_MAX} parts` };
    at = next + 2;
  }
  const wanted = parameters.get('start')?.replace(/^<|>$/g, '');
  const root = parts.find(({ id }) => wanted !== undefined && id === wanted) ?? parts[0];
  if (!root) return { ok: false, reason: 'a multipart body without parts' };
  return { ok: true, root, parts: parts.filter((part) => part !== root) };
}

function readPart(bytes: Buffer): { ok: true; part: MimePart } | { ok: false; reason: string } {
  const end = bytes.subarray(0, HEAD_BYTES_MAX).indexOf('\r\n\r\n');
  if (end === -1) return { ok: false, reason: 'a multipart body whose part has no end of its headers' };
  const headers = new Map<string, string>();
  const head = bytes
    .subarray(0, end)
    .toString('latin1')
    .replace(/\r\n[ \t]+/g, ' ');
  for (const line of head.split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  const raw = bytes.subarray(end + 4);
  const encoding = headers.get('content-transfer-encoding')?.toLowerCase() ?? 'binary';
  if (!['binary', '8bit', '7bit', 'base64'].includes(encoding))
    return { ok: false, reason: 'a multipart body in an encoding the hub does not know' };
  return {
    ok: true,
    part: {
      id: (headers.get('content-id') ?? '').replace(/^<|>$/g, ''),
      contentType: headers.get('content-type') ?? 'text/plain',
      body: encoding === 'base64' ? Buffer.from(raw.toString('latin1'), 'base64') : raw,
    },
  };
}
