/** A message that fits a JSON Schema, made up: for trying a mapping before the first real message came. */
import {
  branchesOf,
  isJsonObject,
  type JsonObject,
  literalsOf,
  numberOf,
  propertiesOf,
  textOf,
} from '../../parts/schema-form/schema-shape.ts';

const DEPTH_MAX = 10;

const FORMATS: Readonly<Record<string, string>> = {
  'date-time': '2026-01-31T12:00:00Z',
  date: '2026-01-31',
  time: '12:00:00Z',
  email: 'ada@example.com',
  uri: 'https://example.com/',
  uuid: '019aa000-0000-7000-8000-000000000000',
  ipv4: '192.0.2.1',
  hostname: 'example.com',
};

/** @param root where `#/$defs/...` is looked up; the schema itself */
export function sampleOfSchema(schema: unknown, root: unknown = schema, depth = 0): unknown {
  if (!isJsonObject(schema) || depth > DEPTH_MAX) return null;
  const examples = schema['examples'];
  if (Array.isArray(examples) && examples.length > 0) return examples[0];
  if (Object.hasOwn(schema, 'default')) return schema['default'];
  const literals = literalsOf(schema);
  if (literals !== null) return literals[0];
  const reference = textOf(schema, '$ref');
  if (reference !== null) return sampleOfSchema(lookedUp(root, reference), root, depth + 1);
  const branches = branchesOf(schema);
  if (branches?.[0] !== undefined) return sampleOfSchema(branches.find((each) => each['type'] !== 'null') ?? branches[0], root, depth + 1);
  const all = schema['allOf'];
  if (Array.isArray(all)) return merged([...all.filter(isJsonObject), { ...schema, allOf: undefined }], root, depth);
  switch (typeOf(schema)) {
    case 'object':
      return fieldsOf(schema, root, depth);
    case 'array':
      return [sampleOfSchema(schema['items'] ?? {}, root, depth + 1)];
    case 'string':
      return FORMATS[textOf(schema, 'format') ?? ''] ?? textOf(schema, 'title') ?? 'text';
    case 'integer':
    case 'number':
      return numberOf(schema, 'minimum') ?? (numberOf(schema, 'exclusiveMinimum') ?? 0) + 1;
    case 'boolean':
      return true;
    default:
      return null;
  }
}

function typeOf(schema: JsonObject): string | null {
  const type = schema['type'];
  if (Array.isArray(type)) return type.find((one): one is string => typeof one === 'string' && one !== 'null') ?? null;
  if (typeof type === 'string') return type;
  return isJsonObject(schema['properties']) ? 'object' : null;
}

function fieldsOf(schema: JsonObject, root: unknown, depth: number): JsonObject {
  return Object.fromEntries(Object.entries(propertiesOf(schema)).map(([name, each]) => [name, sampleOfSchema(each, root, depth + 1)]));
}

function merged(parts: readonly JsonObject[], root: unknown, depth: number): unknown {
  return Object.assign({}, ...parts.map((part) => sampleOfSchema(part, root, depth + 1)).filter(isJsonObject));
}

function lookedUp(root: unknown, reference: string): unknown {
  if (!reference.startsWith('#/')) return null;
  let found: unknown = root;
  for (const step of reference.slice(2).split('/')) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    found = isJsonObject(found) && Object.hasOwn(found, name) ? found[name] : null;
  }
  return found;
}
