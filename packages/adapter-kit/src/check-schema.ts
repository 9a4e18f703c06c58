/** Checks a value against a kind's schema and says everything that is wrong, in words a person can act on. */
import type { FieldProblem } from '@nave/core';
import { Ajv, type ErrorObject } from 'ajv';
import formats from 'ajv-formats';
import type { TSchema } from 'typebox';
import { Check } from 'typebox/value';
import { joinPointer } from './json-pointer.ts';
import {
  branchesOf,
  discriminatorOf,
  fieldSchema,
  isJsonObject,
  type JsonObject,
  literalsOf,
  ownValue,
  propertiesOf,
} from './schema-shape.ts';

/** Annotation for strings with a pattern: what to write, in words ("a duration such as 30s"). */
export const EXPECTED_MARK = 'x-nave-expected';

const PROBLEMS_MAX = 100;
const DEPTH_MAX = 32;

/**
 * All problems of a value, each with a JSON Pointer (RFC 6901) that starts with `base`; empty when the value fits.
 * Unions told apart by a literal field are checked against the branch that field names, so that the problems are about that branch only.
 */
export function checkSchema(schema: TSchema, value: unknown, base = ''): FieldProblem[] {
  if (Check(schema, value)) return [];
  const problems: FieldProblem[] = [];
  const narrowed = narrow(schema, value, base, problems, 0);
  // `strict` would refuse our annotations; a compiled schema serves one value, because it was narrowed for it.
  const ajv = new Ajv({ allErrors: true, strict: false, verbose: true, validateFormats: true, addUsedSchema: false });
  formats.default(ajv);
  if (!ajv.validate(narrowed, value)) {
    for (const error of withoutBranchNoise(ajv.errors ?? [])) problems.push(problemOf(error, base));
  }
  if (problems.length === 0) problems.push({ path: base, message: 'does not fit the schema' });
  return unique(problems).slice(0, PROBLEMS_MAX);
}

/** Copies a schema with every discriminated union replaced by the branch that the value takes. */
function narrow(schema: unknown, value: unknown, path: string, problems: FieldProblem[], depth: number): JsonObject {
  if (!isJsonObject(schema) || depth > DEPTH_MAX) return {};
  const branches = branchesOf(schema);
  const discriminator = branches ? discriminatorOf(branches) : null;
  if (branches && discriminator !== null && isJsonObject(value)) {
    const wanted = ownValue(value, discriminator);
    const branch = branches.find((each) => literalsOf(ownValue(propertiesOf(each), discriminator))?.includes(wanted));
    if (branch) return narrow(branch, value, path, problems, depth + 1);
    const allowed = branches.flatMap((each) => literalsOf(ownValue(propertiesOf(each), discriminator)) ?? []);
    problems.push({
      path: joinPointer(path, discriminator),
      message: `${wanted === undefined ? 'required, ' : ''}expected ${listOf(allowed)}`,
    });
    return {};
  }
  if (branches && discriminator !== null) return { ...schema, anyOf: undefined, oneOf: undefined, type: 'object' };
  if (isJsonObject(value) && schema['type'] === 'object') return narrowObject(schema, value, path, problems, depth);
  if (Array.isArray(value) && isJsonObject(schema['items'])) {
    const items = value.map((item, index) => narrow(schema['items'], item, joinPointer(path, String(index)), problems, depth + 1));
    return { ...schema, items: undefined, prefixItems: undefined, ...(items.length > 0 ? { items, additionalItems: false } : {}) };
  }
  return schema;
}

function narrowObject(schema: JsonObject, value: JsonObject, path: string, problems: FieldProblem[], depth: number): JsonObject {
  const properties: [string, unknown][] = Object.entries(propertiesOf(schema)).filter(([name]) => !Object.hasOwn(value, name));
  for (const name of Object.keys(value)) {
    const field = fieldSchema(schema, name);
    if (isJsonObject(field)) properties.push([name, narrow(field, value[name], joinPointer(path, name), problems, depth + 1)]);
    else if (field === false) problems.push({ path: joinPointer(path, name), message: unknownField(schema) });
  }
  return { ...schema, properties: Object.fromEntries(properties), patternProperties: {}, additionalProperties: true };
}

function unknownField(schema: JsonObject): string {
  const names = Object.keys(propertiesOf(schema));
  const patterns = isJsonObject(schema['patternProperties']) ? Object.keys(schema['patternProperties']) : [];
  if (names.length === 0 && patterns.length > 0) return `expected a name that matches ${patterns.join(' or ')}`;
  return names.length === 0 ? 'unknown field, expected none' : `unknown field, expected one of ${names.join(', ')}`;
}

function withoutBranchNoise(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const unions = errors.filter((error) => error.keyword === 'anyOf' || error.keyword === 'oneOf').map((error) => error.schemaPath);
  return errors.filter((error) => !unions.some((path) => error.schemaPath !== path && error.schemaPath.startsWith(`${path}/`)));
}

function problemOf(error: ErrorObject, base: string): FieldProblem {
  const path = base + error.instancePath;
  const schema = isJsonObject(error.parentSchema) ? error.parentSchema : {};
  if (error.keyword === 'required') {
    const name: unknown = error.params['missingProperty'];
    const field = String(name);
    return { path: joinPointer(path, field), message: `required, expected ${describe(ownValue(propertiesOf(schema), field))}` };
  }
  if (error.keyword === 'propertyNames')
    return { path, message: `a name in it is not allowed: ${error.message ?? 'it breaks the pattern'}` };
  return { path, message: `expected ${describe(schema)}` };
}

/** A schema in words: what a value has to be. */
export function describe(schema: unknown): string {
  if (!isJsonObject(schema)) return 'a value';
  const told = schema[EXPECTED_MARK];
  if (typeof told === 'string') return told;
  const literals = literalsOf(schema);
  if (literals) return listOf(literals);
  const branches = branchesOf(schema);
  if (branches) {
    const discriminator = discriminatorOf(branches);
    if (discriminator === null) return branches.map(describe).join(' or ');
    const allowed = branches.flatMap((each) => literalsOf(ownValue(propertiesOf(each), discriminator)) ?? []);
    return `an object whose ${discriminator} is ${listOf(allowed)}`;
  }
  return describeType(schema);
}

function describeType(schema: JsonObject): string {
  const at = (key: string): string | null => (typeof schema[key] === 'number' ? String(schema[key]) : null);
  switch (schema['type']) {
    case 'string': {
      if (typeof schema['pattern'] === 'string') return `text that matches ${schema['pattern']}`;
      if (typeof schema['format'] === 'string') return `text in the format ${schema['format']}`;
      return `text${range(at('minLength'), at('maxLength'), ' characters')}`;
    }
    case 'integer':
      return `a whole number${range(at('minimum'), at('maximum'), '')}`;
    case 'number':
      return `a number${range(at('minimum'), at('maximum'), '')}`;
    case 'boolean':
      return 'true or false';
    case 'array':
      return `a list${range(at('minItems'), at('maxItems'), ' items')}${schema['uniqueItems'] === true ? ', each of them once' : ''}`;
    case 'object':
      return `an object${range(at('minProperties'), at('maxProperties'), ' fields')}`;
    case 'null':
      return 'null';
    default:
      return 'a value that fits the schema';
  }
}

function range(low: string | null, high: string | null, unit: string): string {
  if (low !== null && high !== null) return ` of ${low} to ${high}${unit}`;
  if (low !== null) return ` of at least ${low}${unit}`;
  return high !== null ? ` of at most ${high}${unit}` : '';
}

function listOf(values: readonly unknown[]): string {
  const texts = values.map((value) => JSON.stringify(value));
  return texts.length === 1 ? (texts[0] ?? 'nothing') : `one of ${texts.join(', ')}`;
}

function unique(problems: readonly FieldProblem[]): FieldProblem[] {
  const seen = new Set<string>();
  return problems.filter(({ path, message }) => {
    const key = `${path} ${message}`;
    return seen.has(key) ? false : seen.add(key) !== undefined;
  });
}
