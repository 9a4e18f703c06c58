/** Reads fields of bodies that came over the wire, without trusting their shape. */

/** The value at a dotted path, or undefined. */
export function fieldAt(value: unknown, path: string): unknown {
  let at = value;
  for (const key of path.split('.')) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = Object.getOwnPropertyDescriptor(at, key)?.value;
  }
  return at;
}

/** The text at a path; null when there is none or it is empty. */
export function textAt(value: unknown, path: string): string | null {
  const found = fieldAt(value, path);
  return typeof found === 'string' && found !== '' ? found : null;
}

/** The finite number at a path, or null. */
export function numberAt(value: unknown, path: string): number | null {
  const found = fieldAt(value, path);
  return typeof found === 'number' && Number.isFinite(found) ? found : null;
}

/** The list at a path; empty when there is none. */
export function listAt(value: unknown, path: string): readonly unknown[] {
  const found = fieldAt(value, path);
  return Array.isArray(found) ? found : [];
}
