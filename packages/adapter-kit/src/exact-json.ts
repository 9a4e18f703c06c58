/** JSON that keeps numbers a double cannot hold: they stay as their source text, so that `12345678901234567890` leaves as it came. */

// ECMAScript "JSON.parse source text access" (stage 4, in Node 24); the compiler's library does not declare it yet.
declare global {
  interface JSON {
    rawJSON(text: string): RawJson;
    isRawJSON(value: unknown): value is RawJson;
    parse(text: string, reviver: (this: unknown, key: string, value: unknown, context: { source?: string }) => unknown): unknown;
  }
}

/** A number kept as text. `JSON.stringify` writes it as it is. */
export interface RawJson {
  readonly rawJSON: string;
}

// Sixteen digits (a point may be among them), or an exponent of three: what is shorter survives a double.
const NEEDS_CARE = /[0-9.]{16}|[0-9][eE][+-]?[0-9]{3}/;

/**
 * Parses JSON; numbers that would change in a double become `RawJson`. Only texts with long runs of digits take the slower way.
 * @throws SyntaxError when the text is not JSON
 */
export function parseExact(text: string): unknown {
  if (!NEEDS_CARE.test(text)) return JSON.parse(text);
  return JSON.parse(text, (_key, value, { source }) => {
    if (typeof value !== 'number' || source === undefined) return value;
    return survives(source, value) ? value : JSON.rawJSON(source);
  });
}

/** Serialises what `parseExact` gave (and `bigint`) with every number as it came. Undefined, like `JSON.stringify`, for what JSON cannot say. */
export function stringifyExact(value: unknown): string | undefined {
  return JSON.stringify(value, (_key, each: unknown) => (typeof each === 'bigint' ? JSON.rawJSON(each.toString()) : each));
}

/** The text of a number kept exactly, or null for anything else. */
export function exactNumberText(value: unknown): string | null {
  if (typeof value === 'bigint') return value.toString();
  return JSON.isRawJSON(value) ? value.rawJSON : null;
}

function survives(source: string, value: number): boolean {
  return Number.isFinite(value) && canonical(source) === canonical(String(value));
}

/** One text for all spellings of a decimal: digits without zeros at the ends, and the exponent of the last digit. */
function canonical(text: string): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text);
  if (!match) return text;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const digits = trimStart(whole + fraction);
  const significant = trimEnd(digits);
  if (significant === '') return '0';
  return `${sign}${significant}e${Number(exponent) - fraction.length + (digits.length - significant.length)}`;
}

// Not regular expressions: `/0+$/` is quadratic on long runs of zeros.
function trimStart(digits: string): string {
  let at = 0;
  while (at < digits.length && digits.charCodeAt(at) === 0x30) at++;
  return digits.slice(at);
}

function trimEnd(digits: string): string {
  let at = digits.length;
  while (at > 0 && digits.charCodeAt(at - 1) === 0x30) at--;
  return digits.slice(0, at);
}
