/** The stored answer of a delivery: status, headers and exact body, for later steps and for people. */
import type { OutcomeResponse } from '@nave/core';

/** Layout: 4 bytes length of the JSON head (big endian), the head, the body. */
export function encodeOutput(response: OutcomeResponse): Uint8Array {
  const head = Buffer.from(
    JSON.stringify({ status: response.status, headers: response.headers, contentType: response.contentType }),
    'utf8',
  );
  const length = Buffer.allocUnsafe(4);
  length.writeUInt32BE(head.length, 0);
  return Buffer.concat([length, head, response.body]);
}

/** The reverse of `encodeOutput`. */
export function decodeOutput(bytes: Uint8Array): OutcomeResponse {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headEnd = 4 + view.readUInt32BE(0);
  const head: unknown = JSON.parse(view.toString('utf8', 4, headEnd));
  if (!isHead(head)) throw new TypeError('a stored output has no head');
  return { ...head, body: view.subarray(headEnd) };
}

function isHead(head: unknown): head is Omit<OutcomeResponse, 'body'> {
  return (
    typeof head === 'object' &&
    head !== null &&
    'status' in head &&
    typeof head.status === 'number' &&
    'headers' in head &&
    'contentType' in head
  );
}
