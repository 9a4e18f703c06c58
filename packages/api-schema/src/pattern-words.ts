/** Patterns of fields in words a person can act on: what a schema alone would only quote. */
import { NAME_PATTERN } from './common.ts';

const WORDS: ReadonlyMap<unknown, string> = new Map([
  [NAME_PATTERN, 'expected a name: lower case letters, digits, dot, dash or underscore, at most 63 characters'],
  ['^(\\d{1,9})(ms|s|m|h|d)$', 'expected a duration such as 250ms, 30s, 5m or 1h'],
]);

/** What a text has to be; null for patterns that have no words. @param pattern as it stands in the schema */
export function patternWords(pattern: unknown): string | null {
  return WORDS.get(pattern) ?? null;
}
