/** Reads a request body as bytes: within the limit of the spoke, on the wire and after decompression. */

import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { HubError } from '@nave/core';
import type { BodyAccount } from '../limits/body-budget.ts';

const DECODERS = { gzip: promisify(gunzip), 'x-gzip': promisify(gunzip), deflate: promisify(inflate), br: promisify(brotliDecompress) };

/**
 * @param bytesMax of the body, compressed and decompressed
 * @param memory where the bytes that are held are counted; the caller closes it when the body is not needed any more
 * @throws HubError `limit.overload` when the bodies of all requests take too much memory, `request.too-large`, `request.media-type` (a content coding nobody here knows), `request.malformed` (broken compression, or the sender went away)
 */
export async function readBody(
  stream: Readable,
  headers: IncomingMessage['headers'],
  bytesMax: number,
  memory: BodyMemory,
): Promise<Buffer> {
  const declared = Number(headers['content-length'] ?? 0);
  if (declared > bytesMax) throw tooLarge(bytesMax);
  if (!memory.account.fits(declared)) throw memory.full();
  const wire = await bytesOf(stream, bytesMax, memory);
  const coding = headers['content-encoding']?.trim().toLowerCase();
  return coding === undefined || coding === 'identity' || coding === '' ? wire : decompress(wire, coding, bytesMax, memory);
}

export interface BodyMemory {
  account: BodyAccount;
  /** The refusal when there is no room. */
  full: () => HubError;
}

/** By events, not by iteration: an iterator costs as much as parsing a small body. A stream that is refused is left as it is, so that the sender is told why. */
function bytesOf(stream: Readable, bytesMax: number, memory: BodyMemory): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const done = (error: HubError | null) => {
      stream.off('data', take).off('end', end).off('error', broken).off('close', broken);
      // Someone must listen: a sender that goes away after its refusal is no one's error any more.
      stream.on('error', () => undefined);
      if (error !== null) {
        stream.pause();
        reject(error);
        return;
      }
      const [first] = chunks;
      resolve(chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks, size));
    };
    const take = (chunk: Buffer) => {
      size += chunk.length;
      if (size > bytesMax) done(tooLarge(bytesMax));
      else if (!memory.account.take(chunk.length)) done(memory.full());
      else chunks.push(chunk);
    };
    const end = () => done(null);
    const broken = (cause?: unknown) => done(new HubError('request.malformed', { detail: 'The body ended early', cause }));
    stream.on('data', take).on('end', end).on('error', broken).on('close', broken);
    // The sender went away before anybody listened, while its key was looked up: there will be no event any more.
    if (stream.destroyed) broken();
  });
}

async function decompress(wire: Buffer, coding: string, bytesMax: number, memory: BodyMemory): Promise<Buffer> {
  const decoder = Object.entries(DECODERS).find(([name]) => name === coding)?.[1];
  if (decoder === undefined)
    throw new HubError('request.media-type', { detail: 'The Content-Encoding must be gzip, deflate, br or identity' });
  const plain = await decoder(wire, { maxOutputLength: bytesMax }).catch((error: unknown) => {
    throw error instanceof RangeError
      ? tooLarge(bytesMax)
      : new HubError('request.malformed', { detail: `The body is not valid ${coding}` });
  });
  if (!memory.account.take(plain.length)) throw memory.full();
  return plain;
}

function tooLarge(bytesMax: number): HubError {
  return new HubError('request.too-large', { detail: `The body may have at most ${bytesMax} bytes, also after decompression` });
}
