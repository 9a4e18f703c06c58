/** JSON for records and answers: secret fields are replaced, everything else is copied. */
import { REDACTED } from './redact-headers.ts';

/** Deeper than any accepted body (128 levels); what lies below is dropped rather than shown. */
const DEPTH_MAX = 200;

/**
 * A copy of a JSON value in which secret fields read `[redacted]`.
 * @param secrets JSON Pointers (RFC 6901, `*` matches one segment) for single places, plain names for fields anywhere (in any case)
 */
export function redactJson(value: unknown, secrets: readonly string[]): unknown {
  const names = new Set(secrets.filter((entry) => !entry.startsWith('/')).map((name) => name.toLowerCase()));
  const paths = secrets.filter((entry) => entry.startsWith('/')).map((pointer) => pointer.slice(1).split('/').map(unescapeSegment));
  return copy(value, names, paths, 0);
}

function copy(value: unknown, names: ReadonlySet<string>, paths: readonly (readonly string[])[], depth: number): unknown {
  if (paths.some((path) => path.length === 0)) return REDACTED;
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= DEPTH_MAX) return REDACTED;
  if (Array.isArray(value)) return value.map((item: unknown, index) => copy(item, names, below(paths, String(index)), depth + 1));
  const entries = Object.entries(value).map(([name, field]: [string, unknown]) => {
    if (names.has(name.toLowerCase())) return [name, REDACTED];
    return [name, copy(field, names, below(paths, name), depth + 1)];
  });
  return Object.fromEntries(entries);
}

function below(paths: readonly (readonly string[])[], segment: string): readonly (readonly string[])[] {
  if (paths.length === 0) return paths;
  return paths.filter((path) => path[0] === segment || path[0] === '*').map((path) => path.slice(1));
}

function unescapeSegment(segment: string): string {
  return segment.replaceAll('~1', '/').replaceAll('~0', '~');
}
