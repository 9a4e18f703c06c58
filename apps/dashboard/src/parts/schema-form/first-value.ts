/** What a field holds when it is added: as little as the schema asks for. */
import { fieldOf } from './field-kind.ts';
import { isJsonObject, isSecret, type JsonObject, literalsOf, propertiesOf, requiredOf } from './schema-shape.ts';

const DEPTH_MAX = 8;

/** Undefined where a person has to say it. */
export function firstValue(schema: unknown, depth = 0): unknown {
  const { kind, schema: own } = fieldOf(schema);
  if (depth > DEPTH_MAX) return undefined;
  if (Object.hasOwn(own, 'default')) return own['default'];
  switch (kind.kind) {
    case 'object':
      return firstFields(own, depth);
    case 'record':
      return {};
    case 'array':
    case 'choices':
      return [];
    case 'choice':
      return kind.values.length === 1 ? kind.values[0] : undefined;
    case 'variants':
      return kind.variants[0] === undefined
        ? {}
        : firstVariant(kind.discriminator, kind.variants[0].value, kind.variants[0].schema, {}, depth);
    case 'shapes':
      return firstValue(kind.shapes[0], depth + 1);
    case 'boolean':
      return false;
    default:
      return undefined;
  }
}

/** The fields of another variant: what both have in common is kept, secrets are not. */
export function firstVariant(discriminator: string, value: unknown, schema: JsonObject, before: JsonObject, depth = 0): JsonObject {
  const properties = propertiesOf(schema);
  const kept = Object.entries(before).filter(
    ([name]) => Object.hasOwn(properties, name) && !isSecret(properties[name]) && literalsOf(properties[name]) === null,
  );
  return { ...firstFields(schema, depth), ...Object.fromEntries(kept), [discriminator]: value };
}

function firstFields(schema: JsonObject, depth: number): JsonObject {
  const fields: [string, unknown][] = [];
  for (const name of requiredOf(schema)) {
    const value = firstValue(propertiesOf(schema)[name], depth + 1);
    if (value !== undefined) fields.push([name, value]);
  }
  return Object.fromEntries(fields);
}

/** A copy with a field set, or without it. */
export function withField(value: unknown, name: string, field: unknown): JsonObject {
  const fields = isJsonObject(value) ? Object.entries(value) : [];
  if (field === undefined) return Object.fromEntries(fields.filter(([each]) => each !== name));
  if (fields.some(([each]) => each === name)) return Object.fromEntries(fields.map(([each, old]) => [each, each === name ? field : old]));
  return Object.fromEntries([...fields, [name, field]]);
}
