/** Text in queries: bounded, without NUL (which PostgreSQL's text cannot hold), several values with commas where a filter takes them. */
import { Type } from 'typebox';

/** One value. */
export function queryText(description: string, lengthMax = 255) {
  return Type.String({ minLength: 1, maxLength: lengthMax, pattern: '^[^\\u0000]+$', description });
}

/** Comma-separated values without NUL; none of them empty. */
export function queryTexts(description: string) {
  return Type.String({
    minLength: 1,
    maxLength: 2_000,
    pattern: '^[^\\u0000,]+(,[^\\u0000,]+)*$',
    description: `${description}; several with commas`,
  });
}

/** Comma-separated words out of a list. */
export function queryWords(words: readonly string[], description: string) {
  const word = `(${words.join('|')})`;
  return Type.String({
    maxLength: 500,
    pattern: `^${word}(,${word})*$`,
    description: `${description}; several with commas: ${words.join(', ')}`,
  });
}
