/** Type patterns that fit what a spoke sends: its types as they are, and wider ones over several of them. */
const SUGGESTIONS_MAX = 40;

/** @param types of recent messages and of the kind's events, repeats allowed @returns those that occur first, then patterns, `**` last */
export function typeSuggestions(types: readonly string[]): string[] {
  const known = [...new Set(types)].filter((type) => type !== '');
  const patterns = new Map<string, number>();
  for (const type of known) {
    const segments = type.split('.');
    if (segments.length < 2) continue;
    const pattern = `${segments.slice(0, -1).join('.')}.*`;
    patterns.set(pattern, (patterns.get(pattern) ?? 0) + 1);
  }
  const wide = [...patterns].filter(([, count]) => count > 1).map(([pattern]) => pattern);
  return [...known.slice(0, SUGGESTIONS_MAX), ...wide, '**'];
}
