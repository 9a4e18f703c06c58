/** Cuts a stream of bytes into LDAP messages, whatever the packets; refuses what cannot be one and what is too large before it is held. */
import { MalformedBer, readHeader } from './ber.ts';

export class OversizedFrame extends Error {}

export interface FrameReader {
  /** The messages that are complete now. @throws MalformedBer, OversizedFrame: the stream cannot be read any further */
  push(chunk: Buffer): Buffer[];
  /** Bytes of a message that is not complete. */
  pending(): number;
}

const SEQUENCE = 0x30;
/** Tag, one byte of length and four more: enough to know the extent. */
const HEADER_BYTES_MAX = 6;

/** @param bytesMax of one message */
export function createFrameReader(bytesMax: number): FrameReader {
  let chunks: Buffer[] = [];
  let held = 0;

  /** The first message, or null. Joins chunks only to read a header or once the message is complete. */
  function take(): Buffer | null {
    const [first] = chunks;
    if (first === undefined) return null;
    const head = first.length >= HEADER_BYTES_MAX ? first : Buffer.concat(chunks).subarray(0, HEADER_BYTES_MAX);
    if (head.length > 0 && head[0] !== SEQUENCE) throw new MalformedBer('not a message');
    const extent = readHeader(head, 0);
    if (extent === null) return null;
    if (extent.end > bytesMax) throw new OversizedFrame('a message is too large');
    if (held < extent.end) return null;
    const all = chunks.length === 1 ? first : Buffer.concat(chunks);
    const rest = all.subarray(extent.end);
    chunks = rest.length === 0 ? [] : [rest];
    held = rest.length;
    return all.subarray(0, extent.end);
  }

  return {
    push(chunk) {
      if (chunk.length > 0) chunks.push(chunk);
      held += chunk.length;
      const frames: Buffer[] = [];
      for (let frame = take(); frame !== null; frame = take()) frames.push(frame);
      return frames;
    },
    pending: () => held,
  };
}
