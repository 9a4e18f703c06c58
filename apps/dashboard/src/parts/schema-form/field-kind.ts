/** Decides which input a schema gets. What is not understood gets a JSON editor, so that nothing is uneditable. */
import {
  branchesOf,
  discriminatorOf,
  isJsonObject,
  isSecret,
  type JsonObject,
  literalsOf,
  numberOf,
  ownValue,
  propertiesOf,
  textOf,
} from './schema-shape.ts';

export interface Variant {
  value: unknown;
  title: string | null;
  schema: JsonObject;
}

export type FieldKind =
  | { kind: 'text'; multiline: boolean }
  | { kind: 'expression' }
  | { kind: 'secret'; multiline: boolean }
  | { kind: 'number'; integer: boolean }
  | { kind: 'boolean' }
  | { kind: 'choice'; values: readonly unknown[] }
  | { kind: 'choices'; values: readonly unknown[] }
  | { kind: 'object' }
  | { kind: 'record'; value: JsonObject; pattern: string | null }
  | { kind: 'array'; items: JsonObject }
  | { kind: 'variants'; discriminator: string; variants: readonly Variant[] }
  | { kind: 'shapes'; shapes: readonly JsonObject[] }
  | { kind: 'json' };

export interface Field {
  kind: FieldKind;
  /** Without the null of a nullable one. */
  schema: JsonObject;
  nullable: boolean;
}

/** Texts that may be longer than this get several lines. */
const ONE_LINE_MAX = 20_000;

export function fieldOf(schema: unknown): Field {
  if (!isJsonObject(schema)) return { kind: { kind: 'json' }, schema: {}, nullable: true };
  const branches = branchesOf(schema);
  if (branches === null) {
    const types = schema['type'];
    if (!Array.isArray(types)) return { kind: kindOf(schema), schema, nullable: false };
    const rest = types.filter((type) => type !== 'null');
    const plain = { ...schema, type: rest.length === 1 ? rest[0] : rest };
    return { kind: kindOf(plain), schema: plain, nullable: rest.length < types.length };
  }
  const values = branches.filter((branch) => branch['type'] !== 'null');
  const nullable = values.length < branches.length;
  const [only] = values;
  if (only !== undefined && values.length === 1) {
    const inner = fieldOf({ ...only, ...told(schema) });
    return { ...inner, nullable: nullable || inner.nullable };
  }
  const union = { ...schema, anyOf: values };
  return { kind: unionKind(union, values), schema: union, nullable };
}

/** What a union says about itself holds for its only branch. */
function told(schema: JsonObject): JsonObject {
  const names = ['title', 'description', 'default', 'examples', 'readOnly', 'x-nave-expected'];
  return Object.fromEntries(names.flatMap((name) => (Object.hasOwn(schema, name) ? [[name, schema[name]]] : [])));
}

function unionKind(schema: JsonObject, branches: readonly JsonObject[]): FieldKind {
  const literals = literalsOf(schema);
  if (literals !== null) return { kind: 'choice', values: literals };
  // A secret that is kept ({ set: true }), replaced or removed.
  const secret = branches.find((branch) => branch['type'] === 'string');
  if (secret !== undefined && branches.some((branch) => ownValue(ownValue(branch['properties'], 'set'), 'const') === true)) {
    return { kind: 'secret', multiline: isPem(secret) };
  }
  const discriminator = branches.every((branch) => branch['type'] === 'object') ? discriminatorOf(branches) : null;
  if (discriminator === null) return { kind: 'shapes', shapes: branches };
  const variants = branches.flatMap((branch) =>
    (literalsOf(propertiesOf(branch)[discriminator]) ?? []).map((value) => ({ value, title: textOf(branch, 'title'), schema: branch })),
  );
  return { kind: 'variants', discriminator, variants };
}

function kindOf(schema: JsonObject): FieldKind {
  const literals = literalsOf(schema);
  if (literals !== null) return { kind: 'choice', values: literals };
  switch (schema['type']) {
    case 'string':
      if (isSecret(schema)) return { kind: 'secret', multiline: isPem(schema) };
      return isExpression(schema) ? { kind: 'expression' } : { kind: 'text', multiline: isMultiline(schema) };
    case 'integer':
    case 'number':
      return { kind: 'number', integer: schema['type'] === 'integer' };
    case 'boolean':
      return { kind: 'boolean' };
    case 'array':
      return arrayKind(schema);
    case 'object':
      return objectKind(schema);
    default:
      return { kind: 'json' };
  }
}

function arrayKind(schema: JsonObject): FieldKind {
  const { items } = schema;
  if (!isJsonObject(items)) return { kind: 'json' };
  const literals = literalsOf(items);
  return literals !== null && schema['uniqueItems'] === true ? { kind: 'choices', values: literals } : { kind: 'array', items };
}

function objectKind(schema: JsonObject): FieldKind {
  const named = Object.keys(propertiesOf(schema)).length > 0;
  const patterns = isJsonObject(schema['patternProperties']) ? Object.entries(schema['patternProperties']) : [];
  const additional = schema['additionalProperties'];
  if (named) return { kind: 'object' };
  const [pattern] = patterns;
  if (pattern !== undefined && patterns.length === 1) return recordKind(pattern[1], pattern[0]);
  if (patterns.length === 0 && isJsonObject(additional)) return recordKind(additional, ownValue(schema['propertyNames'], 'pattern'));
  return patterns.length === 0 && additional === false ? { kind: 'object' } : { kind: 'json' };
}

function recordKind(value: unknown, pattern: unknown): FieldKind {
  // Anything under any name: a document, not a form.
  if (!isJsonObject(value) || fieldOf(value).kind.kind === 'json') return { kind: 'json' };
  return { kind: 'record', value, pattern: typeof pattern === 'string' && pattern !== '^.*$' ? pattern : null };
}

function isExpression(schema: JsonObject): boolean {
  return /JSONata/.test(`${textOf(schema, 'x-nave-expected') ?? ''} ${textOf(schema, 'description') ?? ''}`);
}

function isMultiline(schema: JsonObject): boolean {
  if (isPem(schema)) return true;
  const said = `${textOf(schema, 'x-nave-expected') ?? ''} ${textOf(schema, 'description') ?? ''}`;
  return (
    textOf(schema, 'contentMediaType') !== null ||
    (numberOf(schema, 'maxLength') ?? 0) > ONE_LINE_MAX ||
    /\b(?:PEM|lines|SDL|document)\b/.test(said)
  );
}

/** Keys and certificates (RFC 7468) have lines. */
function isPem(schema: JsonObject): boolean {
  return textOf(schema, 'pattern')?.includes('-----BEGIN') === true;
}
