/** Bodies as data for routing and mapping. The exact bytes are kept elsewhere; what cannot be read is a reason, never an exception. */
import { isUtf8 } from 'node:buffer';
import { type BodyKind, bodyKindOf, parseContentType } from './content-type.ts';
import { parseForm } from './form.ts';
import { isDeeperThan, JSON_DEPTH_MAX } from './json-depth.ts';
import { parseXml } from './xml.ts';

export type ParsedBody = { ok: true; data: unknown; kind: BodyKind } | { ok: false; reason: string };

/**
 * Reads a body by its content type: JSON (also `+json`), XML (also `+xml`), forms, text; anything else is binary with `data` null.
 * Text must be valid in its charset (UTF-8 unless told otherwise); a byte order mark is dropped. Reasons never quote the body.
 *
 * Keys such as `__proto__` and `constructor` are kept as own properties of the data: nothing is polluted by reading them, the sender's
 * bytes mean what they say. Code that copies data must define properties (spread, `Object.fromEntries`), not assign them.
 */
export function parseBody(contentType: string | undefined, bytes: Uint8Array): ParsedBody {
  const { essence, charset } = parseContentType(contentType);
  const kind = bodyKindOf(essence);
  if (kind === 'binary') return { ok: true, data: null, kind };
  const text = decodeText(bytes, kind === 'xml' ? (charset ?? declaredEncoding(bytes)) : kind === 'json' ? null : charset);
  if (typeof text !== 'string') return text;
  if (kind === 'json') return parseJson(text);
  if (kind === 'text') return { ok: true, data: text, kind };
  const result = kind === 'xml' ? parseXml(text) : parseForm(text);
  return result.ok ? { ok: true, data: result.data, kind } : result;
}

function parseJson(text: string): ParsedBody {
  if (isDeeperThan(text)) return { ok: false, reason: `JSON nested deeper than ${JSON_DEPTH_MAX} levels` };
  try {
    const data: unknown = JSON.parse(text);
    return { ok: true, data, kind: 'json' };
  } catch (error) {
    // V8 quotes the text around the error; only the position may be told.
    const position = error instanceof SyntaxError ? /at position (\d+)/.exec(error.message)?.[1] : undefined;
    if (text.trim() === '') return { ok: false, reason: 'an empty body is not JSON' };
    return { ok: false, reason: position === undefined ? 'not valid JSON' : `not valid JSON at position ${position}` };
  }
}

/** Decodes strictly: a byte sequence that the charset does not allow is a refusal, not a replacement character. */
function decodeText(bytes: Uint8Array, charset: string | null): string | { ok: false; reason: string } {
  if (charset === null || charset === 'utf-8' || charset === 'utf8') {
    if (!isUtf8(bytes)) return { ok: false, reason: 'not valid UTF-8' };
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
    return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  }
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes);
  } catch (error) {
    return {
      ok: false,
      reason: error instanceof RangeError ? 'a charset the hub does not know' : 'bytes that are not valid in their charset',
    };
  }
}

/** The encoding an XML declaration names, read from its first bytes (XML 1.0 appendix F). */
function declaredEncoding(bytes: Uint8Array): string | null {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 200)).toString('latin1');
  return /^(?:\u00ef\u00bb\u00bf)?<\?xml[^>]{0,150}?encoding=["']([A-Za-z0-9._-]{1,40})["']/.exec(head)?.[1]?.toLowerCase() ?? null;
}
