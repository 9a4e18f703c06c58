/** What reads answer instead of secrets: they are left out, and `"set": true` stands on the object that holds one (contract section 3). */
import type { TSchema } from 'typebox';
import { fieldSchema, isJsonObject, isSecret, resolveSchema } from './schema-shape.ts';

/** The flag on an object of which at least one secret is stored. */
export const SET_FLAG = 'set';

/** A copy without secrets. Safe for values that do not fit the schema too: a field that is secret in any branch it could be is left out. */
export function maskSecrets(schema: TSchema, value: unknown): unknown {
  return mask(schema, value);
}

function mask(schema: unknown, value: unknown): unknown {
  if (Array.isArray(value)) {
    const { items } = resolveSchema(schema, value);
    return value.map((item) => mask(items, item));
  }
  if (!isJsonObject(value)) return value;
  const resolved = resolveSchema(schema, value);
  const fields: [string, unknown][] = [];
  let set = false;
  for (const [name, field] of Object.entries(value)) {
    const child = fieldSchema(resolved, name);
    if (isSecret(child)) set ||= field !== undefined && field !== null;
    else fields.push([name, mask(child, field)]);
  }
  return Object.fromEntries(set ? [...fields.filter(([name]) => name !== SET_FLAG), [SET_FLAG, true]] : fields);
}
