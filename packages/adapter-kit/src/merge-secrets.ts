/** What a PUT means for secrets: left out or `{ "set": true }` keeps the stored one, null removes it, text replaces it (contract section 3). */
import { isDeepStrictEqual } from 'node:util';
import type { TSchema } from 'typebox';
import { SET_FLAG } from './mask-secrets.ts';
import {
  branchesOf,
  discriminatorOf,
  fieldSchema,
  isJsonObject,
  isSecret,
  type JsonObject,
  ownValue,
  propertiesOf,
  resolveSchema,
} from './schema-shape.ts';

/**
 * The value to check and store: `incoming` with the secrets it keeps from `stored` (which has them in clear).
 * Open fields are the incoming ones only. When the field that tells the branches of a union apart (`type`, `scheme`) changed, nothing is kept.
 * Items of a list are matched by their open fields, else by position when the length is the same; an item that matches none keeps nothing.
 * @param incoming undefined keeps everything, null removes everything
 */
export function mergeSecrets(schema: TSchema, incoming: unknown, stored: unknown): unknown {
  return incoming === undefined ? stored : merge(schema, incoming, stored);
}

function merge(schema: unknown, incoming: unknown, stored: unknown): unknown {
  if (Array.isArray(incoming)) return mergeList(resolveSchema(schema, incoming)['items'], incoming, Array.isArray(stored) ? stored : []);
  if (!isJsonObject(incoming)) return incoming;
  const resolved = resolveSchema(schema, incoming);
  const old = isJsonObject(stored) && sameBranch(schema, incoming, stored) ? stored : {};
  const holdsSecrets = secretNames(resolved, old).length > 0;
  const fields = new Map<string, unknown>();
  for (const [name, value] of Object.entries(incoming)) {
    if (name === SET_FLAG && holdsSecrets && !Object.hasOwn(propertiesOf(resolved), SET_FLAG)) continue;
    const child = fieldSchema(resolved, name);
    if (!isSecret(child)) fields.set(name, merge(child, value, ownValue(old, name)));
    else if (isJsonObject(value) && value[SET_FLAG] === true) keep(fields, old, name);
    else if (value !== null) fields.set(name, value);
  }
  for (const name of secretNames(resolved, old)) if (!Object.hasOwn(incoming, name)) keep(fields, old, name);
  return Object.fromEntries(fields);
}

function keep(fields: Map<string, unknown>, stored: JsonObject, name: string): void {
  if (Object.hasOwn(stored, name)) fields.set(name, stored[name]);
}

/** Secret fields by name: the declared ones and those of the stored value that a pattern makes secret. */
function secretNames(schema: JsonObject, stored: JsonObject): string[] {
  const names = new Set([...Object.keys(propertiesOf(schema)), ...Object.keys(stored)]);
  return [...names].filter((name) => isSecret(fieldSchema(schema, name)));
}

function sameBranch(schema: unknown, incoming: JsonObject, stored: JsonObject): boolean {
  const branches = isJsonObject(schema) ? branchesOf(schema) : null;
  const objects = branches?.filter((branch) => branch['type'] === 'object') ?? [];
  const discriminator = objects.length > 0 ? discriminatorOf(objects) : null;
  return discriminator === null || ownValue(incoming, discriminator) === ownValue(stored, discriminator);
}

function mergeList(items: unknown, incoming: readonly unknown[], stored: readonly unknown[]): unknown[] {
  const open = stored.map((item) => withoutSecrets(items, item));
  const taken = new Set<number>();
  const matches = incoming.map((item, index) => {
    const wanted = withoutSecrets(items, item);
    const fits = (at: number): boolean => at < open.length && !taken.has(at) && isDeepStrictEqual(open[at], wanted);
    const same = open.map((_, at) => at).filter(fits);
    // Several stored items look alike: only the position can tell them apart, and only while nothing was added or removed.
    const match = fits(index) && incoming.length === stored.length ? index : same.length === 1 ? same[0] : undefined;
    if (match !== undefined) taken.add(match);
    return match;
  });
  return incoming.map((item, index) => {
    const byPosition = incoming.length === stored.length && !taken.has(index) ? index : undefined;
    const match = matches[index] ?? byPosition;
    return merge(items, item, match === undefined ? undefined : stored[match]);
  });
}

function withoutSecrets(schema: unknown, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutSecrets(resolveSchema(schema, value)['items'], item));
  if (!isJsonObject(value)) return value;
  const resolved = resolveSchema(schema, value);
  const fields: [string, unknown][] = [];
  for (const [name, field] of Object.entries(value)) {
    const child = fieldSchema(resolved, name);
    if (name !== SET_FLAG && !isSecret(child)) fields.push([name, withoutSecrets(child, field)]);
  }
  return Object.fromEntries(fields.sort(([a], [b]) => (a < b ? -1 : 1)));
}
