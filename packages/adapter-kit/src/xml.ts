/** XML as plain data and back: no DTD, no entities but the five of XML and character references, bounded depth. */
import { XMLBuilder, XMLParser, XMLValidator } from 'fast-xml-parser';
import { exactNumberText } from './exact-json.ts';
import { JSON_DEPTH_MAX } from './json-depth.ts';

const NAMES = { attributeNamePrefix: '@', textNodeName: '#text' };

const parser = new XMLParser({
  ...NAMES,
  ignoreAttributes: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  // Text stays text: `007` and long numbers are not touched.
  parseTagValue: false,
  parseAttributeValue: false,
  processEntities: true,
  entityDecoder: { decode: decodeEntities, setExternalEntities() {}, addInputEntities() {}, reset() {}, setXmlVersion() {} },
  maxNestedTags: JSON_DEPTH_MAX,
  jPath: false,
});

const builder = new XMLBuilder({ ...NAMES, ignoreAttributes: false, suppressEmptyNode: true, suppressBooleanAttributes: false });

export type XmlResult = { ok: true; data: unknown } | { ok: false; reason: string };

/**
 * Reads XML into objects: elements by name (repeated ones as lists), attributes as `@name`, text beside attributes as `#text`, all values
 * text. Namespace prefixes stay. A document type declaration is refused, which rules out entity expansion and external entities (XXE).
 */
export function parseXml(text: string): XmlResult {
  if (hasMarkupDeclaration(text)) return { ok: false, reason: 'XML with a document type or entity declaration is refused' };
  const valid = XMLValidator.validate(text);
  if (valid !== true) return { ok: false, reason: `not well-formed XML (line ${valid.err.line})` };
  try {
    const data: unknown = parser.parse(text);
    return { ok: true, data };
  } catch (error) {
    const deep = error instanceof Error && /nested/i.test(error.message);
    return { ok: false, reason: deep ? `XML nested deeper than ${JSON_DEPTH_MAX} levels` : 'XML that cannot be read' };
  }
}

/** Writes what `parseXml` gives. Null and undefined become empty elements. */
export function stringifyXml(data: unknown): string {
  return `<?xml version="1.0" encoding="UTF-8"?>${builder.build(plain(data))}`;
}

/** True for `<!` that opens neither a comment nor CDATA. */
function hasMarkupDeclaration(text: string): boolean {
  for (let at = text.indexOf('<!'); at !== -1; at = text.indexOf('<!', at)) {
    const end = text.startsWith('<!--', at) ? '-->' : text.startsWith('<![CDATA[', at) ? ']]>' : null;
    if (end === null) return true;
    const closed = text.indexOf(end, at + 4);
    if (closed === -1) return false;
    at = closed + end.length;
  }
  return false;
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return typeof value === 'bigint' ? value.toString() : (value ?? '');
  return exactNumberText(value) ?? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
}

const FIVE = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
]);

/** One pass, so that `&amp;lt;` is the text `&lt;`. Unknown entities and characters XML does not have stay as they are written. */
function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(
    /&(?:([a-z]{2,4})|#([0-9]{1,7})|#x([0-9a-fA-F]{1,6}));/g,
    (written, name?: string, decimal?: string, hex?: string) => {
      if (name !== undefined) return FIVE.get(name) ?? written;
      const code = decimal === undefined ? Number.parseInt(hex ?? '0', 16) : Number(decimal);
      const allowed =
        code === 9 ||
        code === 10 ||
        code === 13 ||
        (code >= 0x20 && code <= 0xd7ff) ||
        (code >= 0xe000 && code <= 0xfffd) ||
        (code >= 0x10000 && code <= 0x10ffff);
      return allowed ? String.fromCodePoint(code) : written;
    },
  );
}
