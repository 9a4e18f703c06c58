/** UUIDv7 (RFC 9562 section 5.7) made from given time and random bytes, and ids derived from other ids so that work can run twice. */
import { hash } from 'node:crypto';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** True for the lower-case text form of any UUID. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** Builds a UUIDv7 from milliseconds since the epoch and ten bytes of entropy (version and variant bits are set here). */
export function uuidV7(atMs: number, entropy: Uint8Array): string {
  const time = atMs.toString(16).padStart(12, '0').slice(-12);
  return assembled(`${time.slice(0, 8)}-${time.slice(8)}`, Buffer.from(entropy.buffer, entropy.byteOffset, 10).toString('hex'));
}

/** @param time the first two groups of the id. @param entropy twenty hexadecimal digits or more */
function assembled(time: string, entropy: string): string {
  // The lower two bits of a digit; letters begin one after a multiple of four, and stand for ten.
  const code = entropy.charCodeAt(4);
  const variant = VARIANTS[(code < 0x3a ? code : code + 9) & 0x3] ?? '8';
  return `${time}-7${entropy.slice(1, 4)}-${variant}${entropy.slice(5, 8)}-${entropy.slice(8, 20)}`;
}

/** The variant (binary 10) followed by two bits of entropy. */
const VARIANTS = ['8', '9', 'a', 'b'];

/** Milliseconds since the epoch carried by a UUIDv7. */
export function timeOfUuid(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

/** The smallest UUID that a UUIDv7 of this millisecond can be: the inclusive lower bound of a time range over ids. */
export function lowestUuidAt(atMs: number): string {
  const hex = atMs.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-0000-0000-000000000000`;
}

/** A UUIDv7 that keeps the timestamp of `dated` and whose rest is a hash of `parts`: the same parts always give the same id. */
export function deriveUuid(dated: string, ...parts: (string | number)[]): string {
  return assembled(dated.slice(0, 13), hash('sha256', parts.join('\u0000'), 'hex'));
}
