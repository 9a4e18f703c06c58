/** Dotted types and their patterns as routes know them (contract section 5, A route): `*` is one segment, `**` any number. */
export function matchesType(pattern: string, type: string): boolean {
  return matches(pattern.split('.'), type.split('.'));
}

function matches(pattern: readonly string[], type: readonly string[]): boolean {
  const [head, ...rest] = pattern;
  if (head === undefined) return type.length === 0;
  if (head === '**') return matches(rest, type) || (type.length > 0 && matches(pattern, type.slice(1)));
  return type.length > 0 && (head === '*' || head === type[0]) && matches(rest, type.slice(1));
}
