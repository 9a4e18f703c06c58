/** Patterns over dotted message types: `*` is one segment, `**` any number of segments (also none). */
export type TypeMatcher = (type: string) => boolean;

/** What is wrong with a pattern, or null when it is fine. */
export function typePatternProblem(pattern: string): string | null {
  if (pattern.length === 0 || pattern.length > 200) return 'expected 1 to 200 characters';
  const segments = pattern.split('.');
  if (segments.some((segment) => segment === '')) return 'expected segments separated by single dots';
  if (segments.some((segment) => segment.includes('*') && segment !== '*' && segment !== '**'))
    return 'expected * or ** as a whole segment';
  if (segments.filter((segment) => segment === '**').length > 3) return 'expected at most three ** segments';
  return null;
}

/** True when the pattern names one type only. */
export function isExactType(pattern: string): boolean {
  return !pattern.includes('*');
}

/** Compiles a valid pattern into a predicate. */
export function compileTypePattern(pattern: string): TypeMatcher {
  if (pattern === '**') return () => true;
  if (isExactType(pattern)) return (type) => type === pattern;
  const segments = pattern.split('.');
  return (type) => matches(segments, 0, type.split('.'), 0);
}

function matches(pattern: readonly string[], p: number, type: readonly string[], t: number): boolean {
  if (p === pattern.length) return t === type.length;
  const segment = pattern[p];
  if (segment === '**') {
    for (let skip = t; skip <= type.length; skip++) if (matches(pattern, p + 1, type, skip)) return true;
    return false;
  }
  return t < type.length && (segment === '*' || segment === type[t]) && matches(pattern, p + 1, type, t + 1);
}
