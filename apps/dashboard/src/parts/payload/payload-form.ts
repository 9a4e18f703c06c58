/** Decides how a body is shown: by its content type first, by what it looks like where that says nothing. */
import { prettyJson } from '../json/pretty-json.ts';
import { prettyXml } from '../json/pretty-xml.ts';

export type PayloadForm =
  | { kind: 'json' | 'xml' | 'text'; text: string }
  | { kind: 'fields'; fields: { name: string; value: string }[]; text: string }
  | { kind: 'binary'; bytes: Uint8Array<ArrayBuffer> };

const FIELDS_MAX = 1_000;
/** Longer documents are shown as they came: making them readable would hold up the page. */
const PRETTY_CHARACTERS_MAX = 8_000_000;

/** @param content either the text, or the bytes in base64 of what is none */
export function payloadForm(
  content: { text?: string | null | undefined; base64?: string | null | undefined },
  contentType: string,
): PayloadForm {
  const { text, base64 } = content;
  if (typeof text !== 'string') return bytesForm(base64 ?? '', contentType);
  return textForm(text, contentType);
}

function textForm(text: string, contentType: string): PayloadForm {
  const type = contentType.split(';')[0]?.trim().toLowerCase() ?? '';
  if (text.length > PRETTY_CHARACTERS_MAX) return { kind: 'text', text };
  if (type === 'application/x-www-form-urlencoded') return fieldsForm(text);
  const start = text.trimStart()[0] ?? '';
  if (type === 'application/json' || type.endsWith('+json') || start === '{' || start === '[') {
    const pretty = prettyJson(text);
    if (pretty !== null) return { kind: 'json', text: pretty };
  }
  const saysXml = type === 'application/xml' || type === 'text/xml' || type.endsWith('+xml');
  if (start === '<' && (saysXml || type === '' || text.trimStart().startsWith('<?xml'))) return { kind: 'xml', text: prettyXml(text) };
  return { kind: 'text', text };
}

function fieldsForm(text: string): PayloadForm {
  const fields: { name: string; value: string }[] = [];
  for (const [name, value] of new URLSearchParams(text)) {
    if (fields.length === FIELDS_MAX) break;
    fields.push({ name, value });
  }
  return { kind: 'fields', fields, text };
}

function bytesForm(base64: string, contentType: string): PayloadForm {
  const bytes = decodeBase64(base64);
  const isText = /^(?:text\/|application\/(?:json|xml|x-www-form-urlencoded)\b)|\+(?:json|xml)\b/i.test(contentType);
  if (!isText) return { kind: 'binary', bytes };
  try {
    return textForm(new TextDecoder('utf-8', { fatal: true }).decode(bytes), contentType);
  } catch {
    return { kind: 'binary', bytes };
  }
}

function decodeBase64(base64: string): Uint8Array<ArrayBuffer> {
  try {
    const characters = atob(base64);
    const bytes = new Uint8Array(characters.length);
    for (let at = 0; at < characters.length; at++) bytes[at] = characters.charCodeAt(at);
    return bytes;
  } catch {
    return new Uint8Array();
  }
}

/** Lines of sixteen bytes: place, bytes, what of it is printable ASCII. */
export function hexLines(bytes: Uint8Array, bytesMax: number): string {
  const lines: string[] = [];
  for (let at = 0; at < Math.min(bytes.length, bytesMax); at += 16) {
    const row = [...bytes.subarray(at, Math.min(at + 16, bytesMax))];
    const hex = row.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const text = row.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
    lines.push(`${at.toString(16).padStart(4, '0')}  ${hex.padEnd(47)}  ${text}`);
  }
  return lines.join('\n');
}
