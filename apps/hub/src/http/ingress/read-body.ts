/** Reads a request body as bytes: within the limit of the spoke, on the wire and after decompression. */

import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { HubError, isHubError } from '@nave/core';

const DECODERS = { gzip: promisify(gunzip), 'x-gzip': promisify(gunzip), deflate: promisify(inflate), br: promisify(brotliDecompress) };

/**
 * @param bytesMax of the body, compressed and decompressed
 * @throws HubError `request.too-large`, `request.media-type` (a content coding nobody here knows), `request.malformed` (broken compression, or the sender went away)
 */
export async function readBody(stream: Readable, headers: IncomingMessage['headers'], bytesMax: number): Promise<Buffer> {
  const declared = Number(headers['content-length'] ?? 0);
  if (declared > bytesMax) throw tooLarge(bytesMax);
  const wire = await bytesOf(stream, bytesMax);
  const coding = headers['content-encoding']?.trim().toLowerCase();
  return coding === undefined || coding === 'identity' || coding === '' ? wire : decompress(wire, coding, bytesMax);
}

async function bytesOf(stream: Readable, bytesMax: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    // Destroying the request when the loop ends early would close the socket before the sender is told why.
    for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
      if (!Buffer.isBuffer(chunk)) continue;
      size += chunk.length;
      if (size > bytesMax) throw tooLarge(bytesMax);
      chunks.push(chunk);
    }
  } catch (error) {
    throw isHubError(error) ? error : new HubError('request.malformed', { detail: 'The body ended early', cause: error });
  }
  const [first] = chunks;
  return chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks);
}

async function decompress(wire: Buffer, coding: string, bytesMax: number): Promise<Buffer> {
  const decoder = Object.entries(DECODERS).find(([name]) => name === coding)?.[1];
  if (decoder === undefined)
    throw new HubError('request.media-type', { detail: 'The Content-Encoding must be gzip, deflate, br or identity' });
  try {
    return await decoder(wire, { maxOutputLength: bytesMax });
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge(bytesMax);
    throw new HubError('request.malformed', { detail: `The body is not valid ${coding}` });
  }
}

function tooLarge(bytesMax: number): HubError {
  return new HubError('request.too-large', { detail: `The body may have at most ${bytesMax} bytes, also after decompression` });
}
