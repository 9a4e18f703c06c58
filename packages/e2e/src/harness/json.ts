/** Reading answers without trusting their shape: a path into parsed JSON, and lists of records. */

/** The value under a dotted path; undefined where there is none. */
export function at(value: unknown, path: string): unknown {
  let found = value;
  for (const name of path.split('.')) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = Reflect.get(found, name);
  }
  return found;
}

/** The text under a path. @throws when there is none */
export function textAt(value: unknown, path: string): string {
  const found = at(value, path);
  if (typeof found !== 'string') throw new Error(`no text under ${path} in ${JSON.stringify(value)?.slice(0, 500)}`);
  return found;
}

/** The list under a path (`''` = the value itself). @throws when there is none */
export function listAt(value: unknown, path: string): unknown[] {
  const found = path === '' ? value : at(value, path);
  if (!Array.isArray(found)) throw new Error(`no list under ${path} in ${JSON.stringify(value)?.slice(0, 500)}`);
  return found;
}
