/** Takes the secrets out of a value, so that they can be sealed apart from it, and puts them back. */
import type { TSchema } from 'typebox';
import { joinPointer, pointerTokens } from './json-pointer.ts';
import { fieldSchema, isJsonObject, isSecret, resolveSchema } from './schema-shape.ts';

export interface SplitValue {
  /** The value without its secret fields. */
  open: unknown;
  /** Secrets by JSON Pointer into the value. */
  secrets: Record<string, string>;
}

/** Splits a value that fits `schema` (fields marked with `secretString`, also in unions, nested objects and lists). */
export function splitSecrets(schema: TSchema, value: unknown): SplitValue {
  const secrets = new Map<string, string>();
  const open = split(schema, value, '', secrets);
  return { open, secrets: Object.fromEntries(secrets) };
}

function split(schema: unknown, value: unknown, path: string, secrets: Map<string, string>): unknown {
  if (Array.isArray(value)) {
    const { items } = resolveSchema(schema, value);
    return value.map((item, index) => split(items, item, joinPointer(path, String(index)), secrets));
  }
  if (!isJsonObject(value)) return value;
  const resolved = resolveSchema(schema, value);
  const kept: [string, unknown][] = [];
  for (const [name, field] of Object.entries(value)) {
    const child = fieldSchema(resolved, name);
    const pointer = joinPointer(path, name);
    if (!isSecret(child)) kept.push([name, split(child, field, pointer, secrets)]);
    else if (typeof field === 'string') secrets.set(pointer, field);
    else if (Array.isArray(field)) {
      for (const [index, item] of field.entries()) if (typeof item === 'string') secrets.set(joinPointer(pointer, String(index)), item);
    }
  }
  return Object.fromEntries(kept);
}

/** The inverse of `splitSecrets`; `open` is not changed. Secrets whose object is gone are left out. */
export function joinSecrets(open: unknown, secrets: Readonly<Record<string, string>>): unknown {
  const joined: unknown = structuredClone(open);
  for (const [pointer, secret] of Object.entries(secrets)) place(joined, pointerTokens(pointer), secret);
  return joined;
}

function place(root: unknown, tokens: readonly string[], secret: string): void {
  let at = root;
  for (const [index, token] of tokens.entries()) {
    if (typeof at !== 'object' || at === null) return;
    const last = index === tokens.length - 1;
    if (last) {
      Object.defineProperty(at, token, { value: secret, writable: true, enumerable: true, configurable: true });
      return;
    }
    // Only lists of secrets are taken out as a whole, so a container that is missing was a list.
    if (!Object.hasOwn(at, token)) {
      Object.defineProperty(at, token, { value: [], writable: true, enumerable: true, configurable: true });
    }
    at = Object.getOwnPropertyDescriptor(at, token)?.value;
  }
}
