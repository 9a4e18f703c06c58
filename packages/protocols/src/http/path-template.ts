/** Path templates such as `/invoices/{number}`: values come from the input, are URL-encoded, and cannot add or remove a segment. */
import { exactNumberText } from '@nave/adapter-kit';

export type PathResult = { ok: true; path: string } | { ok: false; reason: string };
export type PathTemplate = (input: unknown) => PathResult;

const PLACEHOLDER = /\{([^{}]*)\}/g;
const NAME = /^[^\s{}/\\]{1,100}$/;
const VALUE_LENGTH_MAX = 1_024;

/** What is wrong with a template, or null. */
export function pathTemplateProblem(template: string): string | null {
  if (!template.startsWith('/')) return 'expected a path that starts with /';
  if (template.length > 2_000) return 'expected at most 2000 characters';
  for (const [, name = ''] of template.matchAll(PLACEHOLDER)) if (!NAME.test(name)) return 'expected a field name between { and }';
  const literal = template.replace(PLACEHOLDER, 'x');
  if (/[{}]/.test(literal)) return 'expected { and } in pairs';
  if (/[?#]/.test(literal)) return 'expected a path without ? and #: query parameters have their own field';
  if (/[\s\\\p{Cc}]/u.test(literal)) return 'expected a path without spaces, backslashes and control characters';
  if (template.split('/').some((segment) => isDots(segment))) return 'expected a path without . and .. segments';
  return null;
}

/**
 * Compiles a template that has no problem. `{a}` takes the input's field `a`, `{a.b}` its field `a.b` or, when there is none, field `b` of `a`.
 * A slash in a value becomes `%2F` (RFC 3986 section 2.2: data, not a delimiter), so `2024/001` stays one segment. A value that is empty, has a `.` or `..`
 * between slashes, or contains an already encoded slash (for servers that decode twice) is refused.
 */
export function compilePathTemplate(template: string): PathTemplate {
  const parts = template.split(/\{([^{}]*)\}/).map((part, index) => (index % 2 === 0 ? { literal: encodeLiteral(part) } : { name: part }));
  if (parts.length === 1) {
    const path = encodeLiteral(template);
    return () => ({ ok: true, path });
  }
  return (input) => {
    let path = '';
    for (const part of parts) {
      if ('literal' in part) {
        path += part.literal;
        continue;
      }
      const text = textOf(valueAt(input, part.name));
      if (text === null) return { ok: false, reason: `path parameter {${part.name}}: expected text or a number in the input` };
      const problem = valueProblem(text);
      if (problem !== null) return { ok: false, reason: `path parameter {${part.name}}: ${problem}` };
      path += encodeURIComponent(text);
    }
    // `{a}{b}` could join two harmless values into `..`.
    return path.split(/\/|%2f|%5c/i).some(isDots)
      ? { ok: false, reason: 'path parameters: together they make a . or .. segment' }
      : { ok: true, path };
  };
}

function valueProblem(text: string): string | null {
  if (text === '') return 'it is empty';
  if (text.length > VALUE_LENGTH_MAX) return `it is longer than ${VALUE_LENGTH_MAX} characters`;
  if (text.split(/[/\\]/).some(isDots)) return 'it has a . or .. segment';
  if (/%(?:25)*(?:2f|5c)/i.test(text)) return 'it contains an encoded slash, which a server that decodes twice would take for a segment';
  if (/%(?:25)*2e/i.test(text)) return 'it contains an encoded dot';
  if (/\p{Cc}/u.test(text)) return 'it contains control characters';
  return text.isWellFormed() ? null : 'it is not well-formed text';
}

function isDots(segment: string): boolean {
  return /^(?:\.|%2e){1,2}$/i.test(segment);
}

function encodeLiteral(literal: string): string {
  return literal.replace(/[^\x21-\x7e]+/gu, (text) => encodeURIComponent(text.toWellFormed()));
}

function valueAt(input: unknown, name: string): unknown {
  const direct = field(input, name);
  if (direct !== undefined || !name.includes('.')) return direct;
  let at = input;
  for (const key of name.split('.')) at = field(at, key);
  return at;
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, key)?.value : undefined;
}

function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) return String(value);
  return exactNumberText(value);
}
