/** Reads JSON Schemas as data: which fields an object may have, which branch of a union a value takes. Shared by checking and by secrets. */
import { SECRET_MARK } from './secrets.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** True for objects that are neither null nor arrays. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An own property, so that `__proto__` and `constructor` in outside data find nothing. */
export function ownValue(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** The branches of a union (`anyOf` or `oneOf`), or null when the schema is none. */
export function branchesOf(schema: JsonObject): readonly JsonObject[] | null {
  const branches = schema['anyOf'] ?? schema['oneOf'];
  return Array.isArray(branches) ? branches.filter(isJsonObject) : null;
}

/** The values a schema of literals allows (`const`, `enum` or a union of them), or null when it allows more. */
export function literalsOf(schema: unknown): readonly unknown[] | null {
  if (!isJsonObject(schema)) return null;
  if (Object.hasOwn(schema, 'const')) return [schema['const']];
  if (Array.isArray(schema['enum'])) return schema['enum'];
  const branches = branchesOf(schema);
  if (!branches || branches.length === 0) return null;
  const literals = branches.map(literalsOf);
  return literals.every((list) => list !== null) ? literals.flat() : null;
}

/** The field that tells the branches of a union apart: in every branch it is there and holds a literal. Null when there is none. */
export function discriminatorOf(branches: readonly JsonObject[]): string | null {
  const first = propertiesOf(branches[0] ?? {});
  for (const name of Object.keys(first)) {
    if (branches.every((branch) => literalsOf(ownValue(propertiesOf(branch), name)) !== null)) return name;
  }
  return null;
}

/**
 * Follows unions and intersections down to one schema for this value. Where the value does not decide, the branches are merged,
 * and a field that is a secret in one of them is a secret in the merged one: masking errs on the safe side.
 */
export function resolveSchema(schema: unknown, value: unknown): JsonObject {
  if (!isJsonObject(schema)) return {};
  if (Array.isArray(schema['allOf'])) return mergeSchemas(schema['allOf'].map((part) => resolveSchema(part, value)));
  const branches = branchesOf(schema);
  if (!branches) return schema;
  const discriminator = discriminatorOf(branches);
  if (discriminator !== null && isJsonObject(value)) {
    const wanted = ownValue(value, discriminator);
    const branch = branches.find((each) => literalsOf(ownValue(propertiesOf(each), discriminator))?.includes(wanted));
    if (branch) return resolveSchema(branch, value);
  }
  return mergeSchemas(branches.filter((branch) => mayHold(branch, value)).map((branch) => resolveSchema(branch, value)));
}

/** The schema of one field of an object whose own schema is already resolved. */
export function fieldSchema(schema: JsonObject, name: string): unknown {
  const named = ownValue(propertiesOf(schema), name);
  if (named !== undefined) return named;
  const patterns = schema['patternProperties'];
  if (isJsonObject(patterns)) {
    for (const [pattern, each] of Object.entries(patterns)) if (new RegExp(pattern, 'u').test(name)) return each;
  }
  return schema['additionalProperties'];
}

/** True for a field that holds a secret string, or a list of secret strings. */
export function isSecret(schema: unknown): boolean {
  if (!isJsonObject(schema)) return false;
  if (schema[SECRET_MARK] === true || isSecret(schema['items'])) return true;
  return branchesOf(schema)?.some(isSecret) ?? false;
}

export function propertiesOf(schema: JsonObject): JsonObject {
  const properties = schema['properties'];
  return isJsonObject(properties) ? properties : {};
}

function mayHold(schema: JsonObject, value: unknown): boolean {
  const type = schema['type'];
  if (type === 'object') return isJsonObject(value);
  if (type === 'array') return Array.isArray(value);
  return type === undefined || !(isJsonObject(value) || Array.isArray(value));
}

function mergeSchemas(schemas: readonly JsonObject[]): JsonObject {
  const [only, second] = schemas;
  if (only && !second) return only;
  const properties = new Map<string, unknown>();
  const patternProperties = new Map<string, unknown>();
  let items: unknown;
  let additionalProperties: unknown;
  for (const schema of schemas) {
    mergeInto(properties, propertiesOf(schema));
    if (isJsonObject(schema['patternProperties'])) mergeInto(patternProperties, schema['patternProperties']);
    items = isSecret(items) ? items : (schema['items'] ?? items);
    additionalProperties ??= schema['additionalProperties'];
  }
  return {
    properties: Object.fromEntries(properties),
    patternProperties: Object.fromEntries(patternProperties),
    ...(items === undefined ? {} : { items }),
    ...(additionalProperties === undefined ? {} : { additionalProperties }),
  };
}

function mergeInto(target: Map<string, unknown>, fields: JsonObject): void {
  for (const [name, schema] of Object.entries(fields)) if (!isSecret(target.get(name))) target.set(name, schema);
}
