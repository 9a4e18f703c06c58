/** `$uuid()`: ids that look random and come out the same when the mapping runs again. */
import { hash } from 'node:crypto';

/** Namespace of the ids, chosen once at random. */
const NAMESPACE = Buffer.from('6f2c1c1e9d0b4a5e8a3b7d4c2e9f1a60', 'hex');

/** A UUID version 5 (RFC 9562 section 5.5) of `name`. */
function uuidOf(name: string): string {
  const bytes = hash('sha1', Buffer.concat([NAMESPACE, Buffer.from(name, 'utf8')]), 'buffer').subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Counts the calls per place in the text, so that the ids do not depend on the order in which a lane evaluates. */
export class UuidSequence {
  readonly #seed: string;
  /** Made with the first id: most expressions ask for none. */
  #calls: Map<number, number> | null = null;

  constructor(seed: string) {
    this.#seed = seed;
  }

  /** The next id of the call at `position`. */
  next(position: number): string {
    this.#calls ??= new Map();
    const call = this.#calls.get(position) ?? 0;
    this.#calls.set(position, call + 1);
    return uuidOf(`${this.#seed}\n${position}\n${call}`);
  }
}
