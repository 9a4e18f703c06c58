/** Undoes `Content-Encoding` (RFC 9110 section 8.4) with a hard cap on what comes out, against decompression bombs. */
import { promisify } from 'node:util';
import { brotliDecompress, constants, gunzip, inflate, inflateRaw } from 'node:zlib';

export type DecodedContent = { ok: true; body: Uint8Array } | { ok: false; failure: 'oversized' | 'malformed'; detail: string };

const CODINGS_MAX = 3;
const run = { gzip: promisify(gunzip), zlib: promisify(inflate), raw: promisify(inflateRaw), br: promisify(brotliDecompress) };

/**
 * The body as its sender meant it. Several codings are undone in reverse order.
 * @param encoding value of the header; empty or `identity` gives the body back
 * @param bytesMax cap on the size after every step
 */
export async function decodeContent(body: Uint8Array, encoding: string, bytesMax: number): Promise<DecodedContent> {
  const codings = encoding
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity');
  if (codings.length > CODINGS_MAX) return { ok: false, failure: 'malformed', detail: 'the answer is encoded more often than allowed' };
  let decoded = body;
  for (const coding of codings.reverse()) {
    if (decoded.byteLength === 0) break;
    const decode = decoderOf(coding, decoded);
    if (!decode) return { ok: false, failure: 'malformed', detail: 'the answer has a content encoding the hub does not know' };
    try {
      decoded = await decode(decoded, { maxOutputLength: bytesMax });
    } catch (error) {
      if (error instanceof RangeError || Reflect.get(Object(error), 'code') === 'ERR_BUFFER_TOO_LARGE')
        return { ok: false, failure: 'oversized', detail: `the answer is larger than ${bytesMax} bytes when decompressed` };
      return { ok: false, failure: 'malformed', detail: `the answer is not valid ${coding}` };
    }
  }
  return { ok: true, body: decoded };
}

type Decode = (body: Uint8Array, options: { maxOutputLength: number }) => Promise<Uint8Array>;

function decoderOf(coding: string, body: Uint8Array): Decode | null {
  if (coding === 'gzip' || coding === 'x-gzip') return run.gzip;
  if (coding === 'br')
    return (bytes, options) => run.br(bytes, { ...options, params: { [constants.BROTLI_DECODER_PARAM_LARGE_WINDOW]: 0 } });
  // `deflate` means zlib (RFC 1950), but some servers send the bare stream (RFC 1951).
  if (coding === 'deflate') return ((body[0] ?? 0) & 0x0f) === 8 ? run.zlib : run.raw;
  return null;
}
