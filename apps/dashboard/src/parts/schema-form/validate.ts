/**
 * Checks a value against the simple rules of a JSON Schema, so that most mistakes are told while writing; the server has the last word.
 * Without code made at run time, which the Content-Security-Policy forbids. What it does not know it lets pass.
 */
import { joinPointer } from './pointer.ts';
import {
  branchesOf,
  discriminatorOf,
  isJsonObject,
  isSecret,
  type JsonObject,
  literalsOf,
  numberOf,
  otherFieldSchema,
  ownValue,
  propertiesOf,
  regExpOf,
  requiredOf,
  textOf,
} from './schema-shape.ts';

export interface SchemaProblem {
  /** JSON Pointer. */
  path: string;
  rule:
    | 'required'
    | 'type'
    | 'choice'
    | 'pattern'
    | 'short'
    | 'long'
    | 'small'
    | 'large'
    | 'step'
    | 'few'
    | 'many'
    | 'twice'
    | 'unknown'
    | 'shape'
    | 'draft';
  /** In words, from the schema: `a duration such as 30s`; the type; the choices. */
  expected?: string;
  limit?: number;
}

export interface ValidateOptions {
  /** Pointer of the value itself. */
  base?: string;
  /** A secret is stored there: leaving it out keeps it. */
  secretsSet?: ((pointer: string) => boolean) | undefined;
}

const DEPTH_MAX = 32;
const PROBLEMS_MAX = 200;
/** RFC 3339, as the server's `date-time`. */
const DATE_TIME =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])[Tt\s](?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?(?:[Zz]|[+-]\d\d(?::?\d\d)?)$/;

type Told = (problem: SchemaProblem) => void;

/** All problems of a value; empty when it fits. */
export function validateSchema(schema: unknown, value: unknown, { base = '', secretsSet }: ValidateOptions = {}): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  check(schema, value, base, (problem) => problems.length < PROBLEMS_MAX && problems.push(problem), secretsSet ?? (() => false), 0);
  return problems;
}

function check(schema: unknown, value: unknown, path: string, tell: Told, stored: (pointer: string) => boolean, depth: number): void {
  if (schema === false) tell({ path, rule: 'unknown' });
  if (!isJsonObject(schema) || depth > DEPTH_MAX) return;
  // Null removes a stored secret, { set: true } keeps it.
  if (isSecret(schema) && (value === null || ownValue(value, 'set') === true)) return;
  if (Array.isArray(schema['allOf'])) for (const part of schema['allOf']) check(part, value, path, tell, stored, depth + 1);
  const literals = literalsOf(schema);
  if (literals !== null) {
    if (!literals.some((literal) => same(literal, value)))
      tell({ path, rule: 'choice', expected: literals.map((each) => JSON.stringify(each)).join(', ') });
    return;
  }
  const branches = branchesOf(schema);
  if (branches !== null && branches.length > 0) checkUnion(schema, branches, value, path, tell, stored, depth);
  if (!hasType(schema['type'], value)) {
    tell({ path, rule: 'type', expected: expectedOf(schema) ?? typeWords(schema['type']) });
    return;
  }
  if (typeof value === 'string') checkText(schema, value, path, tell);
  else if (typeof value === 'number') checkNumber(schema, value, path, tell);
  else if (Array.isArray(value)) {
    checkCount(schema, value.length, 'minItems', 'maxItems', path, tell);
    if (schema['uniqueItems'] === true && new Set(value.map(canonical)).size < value.length) tell({ path, rule: 'twice' });
    value.forEach((item, index) => {
      check(schema['items'], item, joinPointer(path, index), tell, stored, depth + 1);
    });
  } else if (isJsonObject(value)) checkObject(schema, value, path, tell, stored, depth);
}

function checkUnion(
  schema: JsonObject,
  branches: readonly JsonObject[],
  value: unknown,
  path: string,
  tell: Told,
  stored: (pointer: string) => boolean,
  depth: number,
): void {
  const fits = (branch: JsonObject): boolean => {
    let wrong = false;
    check(
      branch,
      value,
      path,
      () => {
        wrong = true;
      },
      stored,
      depth + 1,
    );
    return !wrong;
  };
  if (branches.some(fits)) return;
  const objects = branches.filter((branch) => branch['type'] === 'object');
  const discriminator = isJsonObject(value) ? discriminatorOf(objects) : null;
  if (discriminator !== null) {
    const wanted = ownValue(value, discriminator);
    const branch = objects.find((each) => literalsOf(propertiesOf(each)[discriminator])?.includes(wanted));
    if (branch !== undefined) check(branch, value, path, tell, stored, depth + 1);
    else tell({ path: joinPointer(path, discriminator), rule: wanted === undefined ? 'required' : 'choice' });
    return;
  }
  const likely = branches.filter((branch) => hasType(branch['type'], value));
  if (likely.length === 1 && likely[0] !== undefined) check(likely[0], value, path, tell, stored, depth + 1);
  else tell({ path, rule: 'shape', ...(expectedOf(schema) === null ? {} : { expected: expectedOf(schema) ?? '' }) });
}

function checkText(schema: JsonObject, value: string, path: string, tell: Told): void {
  const expected = expectedOf(schema);
  const words = expected === null ? {} : { expected };
  const length = [...value].length;
  const [least, most] = [numberOf(schema, 'minLength'), numberOf(schema, 'maxLength')];
  if (least !== null && length < least) tell({ path, rule: value === '' ? 'required' : 'short', limit: least, ...words });
  else if (most !== null && length > most) tell({ path, rule: 'long', limit: most, ...words });
  else {
    const pattern = textOf(schema, 'pattern');
    if (pattern !== null && regExpOf(pattern)?.test(value) === false)
      tell({ path, rule: 'pattern', expected: expected ?? exampleOf(schema) ?? pattern });
    else if (schema['format'] === 'date-time' && !DATE_TIME.test(value)) tell({ path, rule: 'pattern', expected: '2026-11-21T14:03:00Z' });
  }
}

function checkNumber(schema: JsonObject, value: number, path: string, tell: Told): void {
  const [low, high] = [numberOf(schema, 'minimum'), numberOf(schema, 'maximum')];
  const [above, below] = [numberOf(schema, 'exclusiveMinimum'), numberOf(schema, 'exclusiveMaximum')];
  const step = numberOf(schema, 'multipleOf');
  if (low !== null && value < low) tell({ path, rule: 'small', limit: low });
  else if (above !== null && value <= above) tell({ path, rule: 'small', limit: above });
  else if (high !== null && value > high) tell({ path, rule: 'large', limit: high });
  else if (below !== null && value >= below) tell({ path, rule: 'large', limit: below });
  else if (step !== null && step > 0 && !Number.isInteger(value / step)) tell({ path, rule: 'step', limit: step });
}

function checkObject(
  schema: JsonObject,
  value: JsonObject,
  path: string,
  tell: Told,
  stored: (pointer: string) => boolean,
  depth: number,
): void {
  const properties = propertiesOf(schema);
  const holdsSecrets = Object.values(properties).some(isSecret);
  for (const name of requiredOf(schema)) {
    const at = joinPointer(path, name);
    const kept = isSecret(properties[name]) && (value['set'] === true || stored(at));
    // Null would remove the stored secret.
    const gone = isSecret(properties[name]) && value[name] === null;
    if (gone || (!Object.hasOwn(value, name) && !kept)) tell({ path: at, rule: 'required' });
  }
  checkCount(schema, Object.keys(value).length, 'minProperties', 'maxProperties', path, tell);
  for (const [name, field] of Object.entries(value)) {
    if (Object.hasOwn(properties, name)) check(properties[name], field, joinPointer(path, name), tell, stored, depth + 1);
    else if (!(name === 'set' && holdsSecrets)) {
      const other = otherFieldSchema(schema, name);
      if (other === undefined) tell({ path: joinPointer(path, name), rule: 'unknown' });
      else check(other, field, joinPointer(path, name), tell, stored, depth + 1);
    }
  }
}

function checkCount(schema: JsonObject, count: number, least: string, most: string, path: string, tell: Told): void {
  const [low, high] = [numberOf(schema, least), numberOf(schema, most)];
  if (low !== null && count < low) tell({ path, rule: 'few', limit: low });
  if (high !== null && count > high) tell({ path, rule: 'many', limit: high });
}

function hasType(type: unknown, value: unknown): boolean {
  if (Array.isArray(type)) return type.some((one) => hasType(one, value));
  switch (type) {
    case 'string':
    case 'boolean':
      return typeof value === type;
    case 'number':
      return typeof value === 'number' && Number.isFinite(value);
    case 'integer':
      return Number.isInteger(value);
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isJsonObject(value);
    default:
      return true;
  }
}

function typeWords(type: unknown): string {
  return Array.isArray(type) ? type.join(', ') : String(type);
}

function expectedOf(schema: JsonObject): string | null {
  return textOf(schema, 'x-nave-expected');
}

function exampleOf(schema: JsonObject): string | null {
  const examples = schema['examples'];
  return Array.isArray(examples) && typeof examples[0] === 'string' ? examples[0] : null;
}

function same(a: unknown, b: unknown): boolean {
  return a === b || (typeof a === 'object' && canonical(a) === canonical(b));
}

/** The same text for equal values, whatever the order of their fields. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    isJsonObject(each) ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1))) : each,
  );
}
