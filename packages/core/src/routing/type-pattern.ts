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
  return (type) => matches(segments, type.split('.'));
}

/** Types come from senders, so no recursion: only the last `**` seen ever has to take one segment more, whatever stood before it. */
function matches(pattern: readonly string[], type: readonly string[]): boolean {
  let p = 0;
  let t = 0;
  let open: { p: number; t: number } | null = null;
  while (t < type.length) {
    if (pattern[p] === '**') {
      open = { p: p + 1, t };
      p += 1;
    } else if (p < pattern.length && (pattern[p] === '*' || pattern[p] === type[t])) {
      p += 1;
      t += 1;
    } else if (open !== null) {
      open = { p: open.p, t: open.t + 1 };
      ({ p, t } = open);
    } else return false;
  }
  while (pattern[p] === '**') p += 1;
  return p === pattern.length;
}
