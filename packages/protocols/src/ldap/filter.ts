/** Search filters (RFC 4515) as data: values stay bytes, so nothing that comes from a message can become syntax. */

export type LdapFilter =
  | { kind: 'and'; filters: readonly LdapFilter[] }
  | { kind: 'or'; filters: readonly LdapFilter[] }
  | { kind: 'not'; filter: LdapFilter }
  | { kind: 'equal'; attribute: string; value: Buffer }
  | { kind: 'atLeast' | 'atMost' | 'approx'; attribute: string; value: Buffer }
  | { kind: 'present'; attribute: string }
  | { kind: 'substrings'; attribute: string; initial: Buffer | null; any: readonly Buffer[]; final: Buffer | null }
  | { kind: 'extensible'; attribute: string; rule: string; value: Buffer };

export type ParsedFilter = { ok: true; filter: LdapFilter } | { ok: false; reason: string };

const DEPTH_MAX = 32;
const LENGTH_MAX = 10_000;
const EXPRESSION = /^([A-Za-z0-9.;-]*)(?::([A-Za-z0-9.-]+):)?(=|>=|<=|~=)/;
const ATTRIBUTE = /^(?:[A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)*)(?:;[A-Za-z0-9-]+)*$/;
const PLACEHOLDER = /\{([A-Za-z_][\w.-]{0,99})\}/g;

export function equal(attribute: string, value: string | Buffer): LdapFilter {
  return { kind: 'equal', attribute, value: typeof value === 'string' ? Buffer.from(value) : value };
}

export function allOf(...filters: readonly LdapFilter[]): LdapFilter {
  return { kind: 'and', filters };
}

/** A value as it may stand in a written filter: `*`, brackets, backslash and NUL become hex pairs (RFC 4515 section 3). Bytes are all written so. */
export function escapeFilterValue(value: string | Buffer): string {
  if (typeof value !== 'string') return [...value].map(hexPair).join('');
  return value.replace(/[*()\\\0]/g, (character) => hexPair(character.charCodeAt(0)));
}

/** Puts values into a written filter, `(uid={uid})`; each escaped. Null when one is missing. */
export function fillFilter(template: string, valueFor: (name: string) => string | undefined): string | null {
  let missing = false;
  const filled = template.replace(PLACEHOLDER, (_all, name: string) => {
    const value = valueFor(name);
    if (value === undefined || value === '') missing = true;
    return escapeFilterValue(value ?? '');
  });
  return missing ? null : filled;
}

/** Whether a name can be that of an attribute, options included. */
export function isAttributeName(text: string): boolean {
  return text.length <= 200 && ATTRIBUTE.test(text);
}

/** Reads a written filter; says what is wrong without quoting values. */
export function parseFilter(text: string): ParsedFilter {
  if (text.length > LENGTH_MAX) return { ok: false, reason: `a filter has at most ${LENGTH_MAX} characters` };
  const whole = text.trim();
  try {
    const { filter, next } = parseAt(whole.startsWith('(') ? whole : `(${whole})`, 0, 0);
    const expected = whole.startsWith('(') ? whole.length : whole.length + 2;
    if (next !== expected) throw new FilterProblem('there is something behind its last bracket');
    return { ok: true, filter };
  } catch (error) {
    if (error instanceof FilterProblem) return { ok: false, reason: error.message };
    throw error;
  }
}

class FilterProblem extends Error {}

function parseAt(text: string, at: number, depth: number): { filter: LdapFilter; next: number } {
  if (depth > DEPTH_MAX) throw new FilterProblem('it is nested too deeply');
  if (text[at] !== '(') throw new FilterProblem('an opening bracket is missing');
  const sign = text[at + 1];
  if (sign === '&' || sign === '|') {
    const filters: LdapFilter[] = [];
    let next = at + 2;
    while (text[next] === '(') {
      const inner = parseAt(text, next, depth + 1);
      filters.push(inner.filter);
      next = inner.next;
    }
    return { filter: sign === '&' ? { kind: 'and', filters } : { kind: 'or', filters }, next: closing(text, next) };
  }
  if (sign === '!') {
    const inner = parseAt(text, at + 2, depth + 1);
    return { filter: { kind: 'not', filter: inner.filter }, next: closing(text, inner.next) };
  }
  const end = text.indexOf(')', at);
  if (end === -1) throw new FilterProblem('a closing bracket is missing');
  return { filter: parseExpression(text.slice(at + 1, end)), next: end + 1 };
}

function closing(text: string, at: number): number {
  if (text[at] !== ')') throw new FilterProblem('a closing bracket is missing');
  return at + 1;
}

function parseExpression(text: string): LdapFilter {
  const match = EXPRESSION.exec(text);
  if (match === null) throw new FilterProblem('a part is not attribute=value');
  const [all, attribute = '', rule, sign] = match;
  const rest = text.slice(all.length);
  if (!isAttributeName(attribute)) throw new FilterProblem('a part has no attribute');
  if (rule !== undefined) {
    if (sign !== '=') throw new FilterProblem('a matching rule is written attribute:rule:=value');
    return { kind: 'extensible', attribute, rule, value: bytesOf(rest) };
  }
  if (sign === '>=') return { kind: 'atLeast', attribute, value: bytesOf(rest) };
  if (sign === '<=') return { kind: 'atMost', attribute, value: bytesOf(rest) };
  if (sign === '~=') return { kind: 'approx', attribute, value: bytesOf(rest) };
  if (rest === '*') return { kind: 'present', attribute };
  if (!rest.includes('*')) return { kind: 'equal', attribute, value: bytesOf(rest) };
  const parts = rest.split('*').map(bytesOf);
  const [first, last] = [parts[0], parts.at(-1)];
  return {
    ...{ kind: 'substrings', attribute, any: parts.slice(1, -1).filter((part) => part.length > 0) },
    initial: first === undefined || first.length === 0 ? null : first,
    final: last === undefined || last.length === 0 ? null : last,
  };
}

function bytesOf(text: string): Buffer {
  const parts: Buffer[] = [];
  let start = 0;
  for (let at = text.indexOf('\\'); at !== -1; at = text.indexOf('\\', start)) {
    const pair = text.slice(at + 1, at + 3);
    if (!/^[0-9A-Fa-f]{2}$/.test(pair)) throw new FilterProblem('a backslash is followed by something other than two hex digits');
    parts.push(Buffer.from(text.slice(start, at)), Buffer.from(pair, 'hex'));
    start = at + 3;
  }
  const rest = text.slice(start);
  if (/[(\0]/.test(rest)) throw new FilterProblem('a bracket stands in a value');
  return Buffer.concat([...parts, Buffer.from(rest)]);
}

function hexPair(byte: number): string {
  return `\\${byte.toString(16).padStart(2, '0')}`;
}
