/** A document that may be shown: what was written into secret places is hidden. */
import {
  branchesOf,
  isJsonObject,
  isSecret,
  type JsonObject,
  otherFieldSchema,
  propertiesOf,
} from '../../../parts/schema-form/schema-shape.ts';

const HIDDEN = '••••••••';

/** @param schema a place that is secret in any branch it could be is hidden */
export function withoutSecrets(schema: unknown, value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = shapesOf(schema).map((shape) => shape['items']);
    return value.map((item) => withoutSecrets({ anyOf: items }, item));
  }
  if (!isJsonObject(value)) return value;
  const shapes = shapesOf(schema);
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => {
      const fields = shapes.map((shape) =>
        Object.hasOwn(propertiesOf(shape), name) ? propertiesOf(shape)[name] : otherFieldSchema(shape, name),
      );
      if (typeof field === 'string' && fields.some(isSecret)) return [name, HIDDEN];
      return [name, withoutSecrets({ anyOf: fields }, field)];
    }),
  );
}

/** The schema, or all it could be. */
function shapesOf(schema: unknown): readonly JsonObject[] {
  if (!isJsonObject(schema)) return [];
  const branches = branchesOf(schema);
  return branches === null ? [schema] : branches.flatMap(shapesOf);
}
