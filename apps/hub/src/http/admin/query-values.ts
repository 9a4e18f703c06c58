/** Query parameters of lists as values: several words with commas, moments as milliseconds. */
import { HubError, typePatternProblem } from '@nave/core';

/** Values of a comma-separated parameter; none when it is absent. */
export function wordsOf(text: string | undefined): string[] {
  return text === undefined ? [] : [...new Set(text.split(','))];
}

/** The words that are members of `known`, in its order; the schema has refused all others. */
export function membersOf<T extends string>(text: string | undefined, known: readonly T[]): T[] {
  const words: readonly string[] = wordsOf(text);
  return known.filter((word) => words.includes(word));
}

/** Milliseconds since the epoch of an RFC 3339 moment. */
export function momentOf(text: string | undefined): number | null {
  return text === undefined ? null : Date.parse(text);
}

/** @throws HubError `request.malformed` for a broken pattern over message types */
export function typePatternsOf(text: string | undefined): string[] {
  const patterns = wordsOf(text);
  const errors = patterns.flatMap((pattern) => {
    const message = typePatternProblem(pattern);
    return message === null ? [] : [{ path: '/query/type', message }];
  });
  if (errors.length > 0) throw new HubError('request.malformed', { detail: 'The type is no pattern.', errors });
  return patterns;
}
