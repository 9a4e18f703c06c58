/** Reads JSON Schemas as data: what the server's own reading says (unions told apart by a literal), for forms. */

export type JsonObject = Readonly<Record<string, unknown>>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An own property, so that `constructor` and the like in outside data find nothing. */
export function ownValue(object: unknown, key: string): unknown {
  return isJsonObject(object) && Object.hasOwn(object, key) ? object[key] : undefined;
}

export function textOf(schema: JsonObject, key: string): string | null {
  const value = schema[key];
  return typeof value === 'string' && value !== '' ? value : null;
}

export function numberOf(schema: JsonObject, key: string): number | null {
  const value = schema[key];
  return typeof value === 'number' ? value : null;
}

export function propertiesOf(schema: JsonObject): JsonObject {
  const properties = schema['properties'];
  return isJsonObject(properties) ? properties : {};
}

export function requiredOf(schema: JsonObject): ReadonlySet<string> {
  const required = schema['required'];
  return new Set(Array.isArray(required) ? required.filter((name) => typeof name === 'string') : []);
}

export function branchesOf(schema: JsonObject): readonly JsonObject[] | null {
  const branches = schema['anyOf'] ?? schema['oneOf'];
  return Array.isArray(branches) ? branches.filter(isJsonObject) : null;
}

/** The values a schema of literals allows (`const`, `enum`, a union of them); null when it allows more. */
export function literalsOf(schema: unknown): readonly unknown[] | null {
  if (!isJsonObject(schema)) return null;
  if (Object.hasOwn(schema, 'const')) return [schema['const']];
  if (Array.isArray(schema['enum'])) return schema['enum'];
  const branches = branchesOf(schema);
  if (branches === null || branches.length === 0) return null;
  const literals = branches.map(literalsOf);
  return literals.every((list) => list !== null) ? literals.flat() : null;
}

/** The field that tells the branches of a union apart: a literal in every branch. */
export function discriminatorOf(branches: readonly JsonObject[]): string | null {
  const [first] = branches;
  if (first === undefined || branches.length < 2) return null;
  const fits = (name: string) => branches.every((branch) => literalsOf(ownValue(propertiesOf(branch), name)) !== null);
  return Object.keys(propertiesOf(first)).find(fits) ?? null;
}

export function isSecret(schema: unknown): boolean {
  if (!isJsonObject(schema)) return false;
  if (schema['x-nave-secret'] === true || schema['secret'] === true || isSecret(schema['items'])) return true;
  return branchesOf(schema)?.some(isSecret) ?? false;
}

/** The schema of a field that may have any name that its patterns allow; undefined: no other fields. */
export function otherFieldSchema(schema: JsonObject, name: string): unknown {
  const patterns = schema['patternProperties'];
  if (isJsonObject(patterns)) {
    for (const [pattern, each] of Object.entries(patterns)) if (regExpOf(pattern)?.test(name) !== false) return each;
  }
  return schema['additionalProperties'] === false ? undefined : (schema['additionalProperties'] ?? true);
}

const compiled = new Map<string, RegExp | null>();

/** Null for what is no pattern of ECMAScript: the server decides then. */
export function regExpOf(pattern: string): RegExp | null {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  let made: RegExp | null = null;
  try {
    made = new RegExp(pattern, 'u');
  } catch {
    // Not checked here.
  }
  compiled.set(pattern, made);
  return made;
}
