/** JSON Pointers (RFC 6901): the paths of fields in problems and of secrets in stored rows. */

/** Appends one unescaped token to a pointer. */
export function joinPointer(base: string, token: string): string {
  return `${base}/${token.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** The unescaped tokens of a pointer; none for the root. */
export function pointerTokens(pointer: string): string[] {
  if (pointer === '') return [];
  return pointer
    .slice(1)
    .split('/')
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}
