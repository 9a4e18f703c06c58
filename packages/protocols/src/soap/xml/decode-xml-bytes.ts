/** The text of an XML document that came as bytes: its charset from the byte order mark, the content type or the XML declaration (RFC 7303). */
import { parseContentType } from '@nave/adapter-kit';

export type DecodedXml = { ok: true; text: string } | { ok: false; reason: string };

/** Decodes strictly: bytes that the charset does not allow are a refusal, not replacement characters. */
export function decodeXmlBytes(bytes: Uint8Array, contentType?: string): DecodedXml {
  const charset = markOf(bytes) ?? parseContentType(contentType).charset ?? declaredEncoding(bytes) ?? 'utf-8';
  try {
    return { ok: true, text: new TextDecoder(charset, { fatal: true }).decode(bytes) };
  } catch (error) {
    const unknown = error instanceof RangeError;
    return { ok: false, reason: unknown ? 'a charset the hub does not know' : 'bytes that are not valid in their charset' };
  }
}

function markOf([first, second, third]: Uint8Array): string | null {
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return first === 0xff && second === 0xfe ? 'utf-16le' : null;
}

function declaredEncoding(bytes: Uint8Array): string | null {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 200)).toString('latin1');
  return /^<\?xml[^>]{0,150}?encoding=["']([A-Za-z0-9._-]{1,40})["']/.exec(head)?.[1] ?? null;
}
