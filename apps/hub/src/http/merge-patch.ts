/** JSON merge patches (RFC 7396), for documents whose secrets are not in sight. */
import { joinPointer } from '@nave/adapter-kit';

export interface Patched {
  document: unknown;
  /**
   * Where the patch removes something that is not in the target. The null stays in the document: what is not in sight may be a stored secret, and
   * null is what removes it. Dropped by `dropNulls` once secrets are merged.
   */
  nulls: string[];
}

/** The target is not changed. */
export function mergePatch(target: unknown, patch: unknown): Patched {
  const nulls: string[] = [];
  return { document: merge(target, patch, '', nulls), nulls };
}

function merge(target: unknown, patch: unknown, path: string, nulls: string[]): unknown {
  if (!isJsonObject(patch)) return patch;
  const fields = new Map<string, unknown>(isJsonObject(target) ? Object.entries(target) : []);
  for (const [name, value] of Object.entries(patch)) {
    const place = joinPointer(path, name);
    if (value === null && fields.has(name)) fields.delete(name);
    else if (value === null) {
      fields.set(name, null);
      nulls.push(place);
    } else fields.set(name, merge(fields.get(name), value, place, nulls));
  }
  return Object.fromEntries(fields);
}

/** Takes the nulls that a patch left out of a document again. */
export function dropNulls(document: unknown, nulls: readonly string[], path = ''): unknown {
  if (!isJsonObject(document) || nulls.length === 0) return document;
  const kept = Object.entries(document).filter(([name, value]) => !(value === null && nulls.includes(joinPointer(path, name))));
  return Object.fromEntries(kept.map(([name, value]) => [name, dropNulls(value, nulls, joinPointer(path, name))]));
}

function isJsonObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
