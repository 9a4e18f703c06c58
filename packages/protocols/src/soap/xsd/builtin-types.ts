/** The simple types XML Schema brings along (part 2) and those of SOAP encoding: how each is written in JSON. */
import { exactNumberText } from '@nave/adapter-kit';
import { SOAP11_ENCODING_NS, SOAP12_ENCODING_NS, XSD_NS } from '../xml/namespaces.ts';
import { type QName, qname, splitQName } from '../xml/qname.ts';

/**
 * How a value looks in JSON. `decimal` is text, so that no digit is lost; `integer` is a number up to 2^53 and text beyond; dates, times and
 * binary stay text as they are written.
 */
export type JsonForm = 'string' | 'decimal' | 'integer' | 'int' | 'float' | 'boolean' | 'base64' | 'hex' | 'qname' | 'list' | 'any';

const FORMS: ReadonlyMap<string, JsonForm> = new Map<string, JsonForm>([
  ...(
    'string normalizedString token language Name NCName NMTOKEN ID IDREF ENTITY anyURI NOTATION duration dayTimeDuration yearMonthDuration ' +
    'dateTime dateTimeStamp date time gYear gYearMonth gMonth gMonthDay gDay'
  )
    .split(' ')
    .map((name): [string, JsonForm] => [name, 'string']),
  ...'integer long unsignedLong nonNegativeInteger positiveInteger nonPositiveInteger negativeInteger'
    .split(' ')
    .map((name): [string, JsonForm] => [name, 'integer']),
  ...'int short byte unsignedInt unsignedShort unsignedByte'.split(' ').map((name): [string, JsonForm] => [name, 'int']),
  ...'NMTOKENS IDREFS ENTITIES'.split(' ').map((name): [string, JsonForm] => [name, 'list']),
  ['decimal', 'decimal'],
  ['float', 'float'],
  ['double', 'float'],
  ['boolean', 'boolean'],
  ['base64Binary', 'base64'],
  ['base64', 'base64'],
  ['hexBinary', 'hex'],
  ['QName', 'qname'],
  ['anySimpleType', 'any'],
  ['anyAtomicType', 'any'],
]);

const FORMATS: Readonly<Record<string, string>> = { date: 'an ISO date', dateTime: 'an ISO date and time', time: 'an ISO time' };
const BOUNDS: Readonly<Record<string, readonly [number, number]>> = {
  int: [-2_147_483_648, 2_147_483_647],
  short: [-32_768, 32_767],
  byte: [-128, 127],
  unsignedInt: [0, 4_294_967_295],
  unsignedShort: [0, 65_535],
  unsignedByte: [0, 255],
};

/** True for a type that XML Schema or SOAP encoding brings along (those of SOAP encoding mirror XML Schema's). */
export function builtinForm(type: QName): JsonForm | null {
  const { ns, local } = splitQName(type);
  if (ns !== XSD_NS && ns !== SOAP11_ENCODING_NS && ns !== SOAP12_ENCODING_NS) return null;
  return FORMS.get(local) ?? null;
}

/** `xsd:anyType`: anything at all. */
export const ANY_TYPE = qname(XSD_NS, 'anyType');
export const STRING_TYPE = qname(XSD_NS, 'string');

/** The JSON Schema of a type that is brought along. */
export function builtinSchema(type: QName): Record<string, unknown> {
  const { local } = splitQName(type);
  switch (builtinForm(type)) {
    case 'decimal':
      return { type: ['string', 'number'], pattern: DECIMAL.source };
    case 'integer':
      return { type: ['integer', 'string'], pattern: INTEGER.source };
    case 'int': {
      const [minimum, maximum] = BOUNDS[local] ?? [0, 0];
      return { type: 'integer', minimum, maximum };
    }
    case 'float':
      return { anyOf: [{ type: 'number' }, { enum: ['NaN', 'INF', '-INF'] }] };
    case 'boolean':
      return { type: 'boolean' };
    case 'list':
      return { type: 'array', items: { type: 'string' } };
    case 'base64':
      return { type: 'string', contentEncoding: 'base64' };
    case 'any':
      return { type: ['string', 'number', 'boolean'] };
    default:
      return { type: 'string', ...(FORMATS[local] === undefined ? {} : { description: FORMATS[local] }) };
  }
}

const DECIMAL = /^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)$/;
const INTEGER = /^[+-]?[0-9]+$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** The text of a JSON value in a type that is brought along, or what was expected instead. QNames are the caller's. */
export function writeBuiltin(type: QName, value: unknown): { ok: true; text: string } | { ok: false; expected: string } {
  const form = builtinForm(type);
  const text = scalarText(value);
  if (form === 'list') {
    const items = Array.isArray(value) ? value.map(scalarText) : [text];
    return items.every((item) => item !== null) ? good(items.join(' ')) : bad('a list of texts');
  }
  if (text === null) return bad(form === 'boolean' ? 'true or false' : 'text or a number');
  switch (form) {
    case 'decimal': {
      const plain = plainDecimal(text);
      return plain !== null && DECIMAL.test(plain) ? good(plain) : bad('a decimal number');
    }
    case 'integer':
    case 'int': {
      const plain = plainDecimal(text) ?? '';
      if (!INTEGER.test(plain)) return bad('a whole number');
      const bounds = BOUNDS[splitQName(type).local];
      const outside = bounds !== undefined && (Number(plain) < bounds[0] || Number(plain) > bounds[1]);
      return outside ? bad(`a whole number of ${bounds[0]} to ${bounds[1]}`) : good(plain);
    }
    case 'float':
      return ['NaN', 'INF', '-INF'].includes(text) || (text.trim() !== '' && Number.isFinite(Number(text))) ? good(text) : bad('a number');
    case 'boolean':
      return ['true', 'false', '1', '0'].includes(text) ? good(text) : bad('true or false');
    case 'base64': {
      const packed = text.replace(/\s+/g, '');
      return BASE64.test(packed) ? good(packed) : bad('base64');
    }
    case 'hex':
      return /^(?:[0-9A-Fa-f]{2})*$/.test(text) ? good(text) : bad('hexadecimal digits');
    default:
      return good(text);
  }
}

/** The JSON value of a text. A text that breaks its type stays text: what the other side said is not lost. */
export function readBuiltin(type: QName, text: string): unknown {
  const form = builtinForm(type);
  if (form === 'string' || form === 'any' || form === null) return text;
  const trimmed = text.trim();
  switch (form) {
    case 'integer':
    case 'int': {
      const value = INTEGER.test(trimmed) ? Number(trimmed) : Number.NaN;
      return Number.isSafeInteger(value) ? value + 0 : trimmed;
    }
    case 'float': {
      const value = trimmed === '' ? Number.NaN : Number(trimmed);
      return Number.isFinite(value) ? value : trimmed;
    }
    case 'boolean':
      if (trimmed === 'true' || trimmed === '1') return true;
      return trimmed === 'false' || trimmed === '0' ? false : trimmed;
    case 'base64':
      return trimmed.replace(/\s+/g, '');
    case 'list':
      return trimmed === '' ? [] : trimmed.split(/\s+/);
    default:
      return trimmed;
  }
}

/** Text of a JSON scalar with every digit kept; null for anything else. */
export function scalarText(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return exactNumberText(value);
}

/** A number without exponent, as `xsd:decimal` wants it; null for what is none. Exponents beyond 400 are refused. */
function plainDecimal(text: string): string | null {
  const match = /^([+-]?)(\d{1,4000})(?:\.(\d{0,4000}))?[eE]([+-]?\d{1,3})$/.exec(text.trim());
  if (!match) return text.trim();
  const [, sign = '', whole = '', fraction = '', exponentText = '0'] = match;
  const exponent = Number(exponentText);
  if (Math.abs(exponent) > 400) return null;
  const digits = whole + fraction;
  const point = whole.length + exponent;
  const padded = point < 0 ? '0'.repeat(-point) + digits : digits.padEnd(point, '0');
  const at = Math.max(0, point);
  const tail = padded.slice(at);
  return `${sign}${padded.slice(0, at) || '0'}${/[1-9]/.test(tail) ? `.${tail}` : ''}`;
}

function good(text: string): { ok: true; text: string } {
  return { ok: true, text };
}

function bad(expected: string): { ok: false; expected: string } {
  return { ok: false, expected };
}
