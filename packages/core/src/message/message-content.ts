/** The bytes of `message.content` before sealing: what the hub keeps of the request, then the exact body, in one value so that one seal covers both. */
import type { MessageContent } from './message.ts';

/** Layout: 4 bytes length of the JSON head (big endian), the head, the body. */
export function encodeContent(content: MessageContent): Uint8Array {
  const head = Buffer.from(JSON.stringify({ h: content.headers, q: content.query, m: content.method, p: content.path }), 'utf8');
  const out = Buffer.allocUnsafe(4 + head.length + content.body.length);
  out.writeUInt32BE(head.length, 0);
  head.copy(out, 4);
  out.set(content.body, 4 + head.length);
  return out;
}

/** The reverse of `encodeContent`. The body is a view into `bytes`. */
export function decodeContent(bytes: Uint8Array): MessageContent {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headEnd = 4 + view.readUInt32BE(0);
  const head: unknown = JSON.parse(view.toString('utf8', 4, headEnd));
  if (!isHead(head)) throw new TypeError('message content has no head');
  const path = 'p' in head && typeof head.p === 'string' ? { path: head.p } : {};
  return { headers: head.h, query: head.q, method: head.m, ...path, body: view.subarray(headEnd) };
}

function isHead(head: unknown): head is { h: Record<string, string>; q: Record<string, string>; m: string } {
  return typeof head === 'object' && head !== null && 'h' in head && 'q' in head && 'm' in head && typeof head.m === 'string';
}
