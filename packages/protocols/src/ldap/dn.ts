/** Distinguished names (RFC 4514): read, written with every special character escaped, compared. */

export interface AttributeValue {
  attribute: string;
  value: string;
}

/** The parts of one relative name; more than one where it has `+`. */
export type Rdn = readonly AttributeValue[];

const ATTRIBUTE = /^(?:[A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)*)$/;
const HEX_PAIR = /^[0-9A-Fa-f]{2}$/;
const SPECIAL = new Set(['"', '+', ',', ';', '<', '>', '\\', '=', '#']);
const RDNS_MAX = 200;

/**
 * A value as it may stand in a name. Special characters become hex pairs, which every parser reads alike, unlike a backslash before the character itself.
 * Control characters and leading or trailing spaces are escaped too.
 */
export function escapeDnValue(value: string): string {
  const characters = [...value];
  return characters
    .map((character, index) => {
      const edge = index === 0 || index === characters.length - 1;
      const escaped = SPECIAL.has(character) || character < ' ' || character === '\u007f' || (edge && character === ' ');
      return escaped ? hexOf(character) : character;
    })
    .join('');
}

/** Reads a name; null when it is none. The empty name is the root. */
export function parseDn(text: string): Rdn[] | null {
  if (text.trim() === '') return [];
  const rdns = splitUnescaped(text, ',').map((rdn) => splitUnescaped(rdn, '+').map(parsePart));
  if (rdns.length > RDNS_MAX) return null;
  const valid: Rdn[] = [];
  for (const rdn of rdns) {
    const parts = rdn.filter((part) => part !== null);
    if (parts.length !== rdn.length) return null;
    valid.push(parts);
  }
  return valid;
}

/** Writes a name. */
export function formatDn(rdns: readonly Rdn[]): string {
  return rdns.map(formatRdn).join(',');
}

export function formatRdn(rdn: Rdn): string {
  return rdn.map(({ attribute, value }) => `${attribute}=${escapeDnValue(value)}`).join('+');
}

/** The same name in the one form that this package sends; null when it is none. */
export function normaliseDn(text: string): string | null {
  const rdns = parseDn(text);
  return rdns === null ? null : formatDn(rdns);
}

/** The name of an entry below another. */
export function childDn(rdn: Rdn, parent: string): string {
  return parent === '' ? formatRdn(rdn) : `${formatRdn(rdn)},${parent}`;
}

/** The first part of a name and the name of what is above; null for the root and for what is no name. */
export function splitDn(dn: string): { rdn: Rdn; parent: string } | null {
  const [rdn, ...rest] = parseDn(dn) ?? [];
  return rdn === undefined ? null : { rdn, parent: formatDn(rest) };
}

/** Whether two names are the same for a directory that ignores case, as Active Directory and most others do. */
export function isSameDn(left: string, right: string): boolean {
  const key = dnKey(left);
  return key !== null && key === dnKey(right);
}

/** A text that is the same for all spellings of one name. */
export function dnKey(dn: string): string | null {
  const rdns = parseDn(dn);
  if (rdns === null) return null;
  const folded = rdns.map((rdn) =>
    rdn
      .map(({ attribute, value }) => ({ attribute: attribute.toLowerCase(), value: value.toLowerCase().replace(/ +/g, ' ') }))
      .sort((a, b) => (a.attribute < b.attribute ? -1 : 1)),
  );
  return formatDn(folded);
}

/** Whether an entry lies below another, or is it. */
export function isWithin(dn: string, base: string): boolean {
  const inner = parseDn(dnKey(dn) ?? '');
  const outer = parseDn(dnKey(base) ?? '');
  if (inner === null || outer === null || inner.length < outer.length) return false;
  return formatDn(inner.slice(inner.length - outer.length)) === formatDn(outer);
}

function parsePart(text: string): AttributeValue | null {
  const at = text.indexOf('=');
  const attribute = text.slice(0, at).trim();
  if (at === -1 || !ATTRIBUTE.test(attribute)) return null;
  const value = unescapeValue(trimUnescaped(text.slice(at + 1)));
  return value === null ? null : { attribute, value };
}

/** Null for a backslash that escapes nothing, a special character that stands bare, or bytes that are no UTF-8. Values in `#hex` form are refused. */
function unescapeValue(text: string): string | null {
  const bytes: Buffer[] = [];
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? '';
    if (character !== '\\') {
      if (character === '"' || character === ';' || character === '<' || character === '>' || (character === '#' && at === 0)) return null;
      bytes.push(Buffer.from(text.slice(at, at + lengthOfCharacter(text, at))));
      at += lengthOfCharacter(text, at) - 1;
      continue;
    }
    const pair = text.slice(at + 1, at + 3);
    if (HEX_PAIR.test(pair)) {
      bytes.push(Buffer.from(pair, 'hex'));
      at += 2;
    } else if (SPECIAL.has(pair[0] ?? '') || pair[0] === ' ') {
      bytes.push(Buffer.from(pair[0] ?? ''));
      at += 1;
    } else return null;
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(bytes));
  } catch {
    return null;
  }
}

function lengthOfCharacter(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}

function trimUnescaped(text: string): string {
  const left = text.trimStart();
  const right = left.trimEnd();
  // `\ ` at the end is an escaped space, unless the backslash itself is escaped.
  const backslashes = /\\*$/.exec(right)?.[0].length ?? 0;
  return backslashes % 2 === 1 && left.length > right.length ? `${right} ` : right;
}

function splitUnescaped(text: string, separator: string): string[] {
  const parts: string[] = [];
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === separator) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, text.slice(start)];
}

function hexOf(character: string): string {
  return [...Buffer.from(character)].map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('');
}
