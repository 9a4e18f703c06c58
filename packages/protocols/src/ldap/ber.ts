/** BER as far as LDAP uses it (X.690, RFC 4511 section 5.1): definite lengths, one-byte tags. Strict, because what it reads comes from outside. */

export interface Tlv {
  tag: number;
  value: Buffer;
}

/** What was read is not BER, or not what the protocol has at this place. Caught where frames are read; never leaves this folder. */
export class MalformedBer extends Error {}

const INTEGER = 0x02;
const LENGTH_BYTES_MAX = 4;

/** The element at an offset. @throws MalformedBer */
export function readTlv(bytes: Buffer, offset: number): Tlv & { next: number } {
  const header = readHeader(bytes, offset);
  if (header === null || header.end > bytes.length) throw new MalformedBer('an element is cut off');
  return { tag: header.tag, value: bytes.subarray(header.start, header.end), next: header.end };
}

/** Tag and extent of the element at an offset; null while too few bytes are there to tell. @throws MalformedBer */
export function readHeader(bytes: Buffer, offset: number): { tag: number; start: number; end: number } | null {
  const tag = bytes[offset];
  const first = bytes[offset + 1];
  if (tag === undefined || first === undefined) return null;
  if ((tag & 0x1f) === 0x1f) throw new MalformedBer('a tag of several bytes');
  if (first < 0x80) return { tag, start: offset + 2, end: offset + 2 + first };
  const count = first & 0x7f;
  if (count === 0 || count > LENGTH_BYTES_MAX) throw new MalformedBer('a length of unknown form');
  if (offset + 2 + count > bytes.length) return null;
  const start = offset + 2 + count;
  return { tag, start, end: start + bytes.readUIntBE(offset + 2, count) };
}

/** The elements a constructed value consists of. @throws MalformedBer */
export function childrenOf(value: Buffer): Tlv[] {
  const found: Tlv[] = [];
  for (let offset = 0; offset < value.length; ) {
    const { tag, value: inner, next } = readTlv(value, offset);
    found.push({ tag, value: inner });
    offset = next;
  }
  return found;
}

/** An integer or enumeration of at most four bytes. @throws MalformedBer */
export function integerOf(value: Buffer): number {
  if (value.length === 0 || value.length > 4) throw new MalformedBer('an integer of unknown size');
  return value.readIntBE(0, value.length);
}

/** Writes one element; parts that are text are written as UTF-8. */
export function tlv(tag: number, ...parts: readonly (Buffer | string)[]): Buffer {
  const value = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
  return Buffer.concat([Buffer.from([tag]), lengthBytes(value.length), value]);
}

/** Writes an integer in as few bytes as it takes. */
export function integer(value: number, tag: number = INTEGER): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  let start = 0;
  while (start < 3 && isPadding(bytes, start)) start++;
  return tlv(tag, bytes.subarray(start));
}

function isPadding(bytes: Buffer, at: number): boolean {
  const next = (bytes[at + 1] ?? 0) & 0x80;
  return (bytes[at] === 0 && next === 0) || (bytes[at] === 0xff && next === 0x80);
}

function lengthBytes(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const count = length < 0x1_00 ? 1 : length < 0x1_00_00 ? 2 : length < 0x1_00_00_00 ? 3 : 4;
  const bytes = Buffer.alloc(1 + count);
  bytes[0] = 0x80 | count;
  bytes.writeUIntBE(length, 1, count);
  return bytes;
}
