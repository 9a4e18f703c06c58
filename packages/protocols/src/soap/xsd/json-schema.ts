/** JSON Schemas from XML Schema: the shape `encodeValue` takes and `decodeValue` gives. Types that occur more than once are `$defs`. */
import { type QName, splitQName } from '../xml/qname.ts';
import { builtinSchema } from './builtin-types.ts';
import type { ElementDeclaration, SimpleType } from './schema-model.ts';
import type { Field, SchemaView, Shape } from './schema-view.ts';

export type JsonSchema = Record<string, unknown>;

/** Complex types described at most; deeper ones are left open. */
const TYPES_MAX = 200;

/** Writes schemas that share one set of `$defs`. */
export class JsonSchemaWriter {
  readonly #view: SchemaView;
  readonly #names = new Map<QName, string>();
  readonly #taken = new Set<string>();
  readonly #defs = new Map<string, JsonSchema>();

  constructor(view: SchemaView) {
    this.#view = view;
  }

  /** A schema of its own: with the definitions it names. */
  finish(schema: JsonSchema): JsonSchema {
    return this.#defs.size === 0 ? schema : { ...schema, $defs: Object.fromEntries(this.#defs) };
  }

  ofElement(element: ElementDeclaration): JsonSchema {
    return withDocumentation(nillable(this.ofType(element.type), element.nillable), element);
  }

  ofType(name: QName): JsonSchema {
    const type = this.#view.type(name);
    if (type.kind === 'builtin') return builtinSchema(name);
    if (type.kind === 'any') return {};
    if (type.kind === 'simple') return this.#ofSimple(type, 0);
    return this.#reference(type.shape);
  }

  /** The content of a complex type in place, not as a reference: the top of an operation's input. */
  ofContent(name: QName): JsonSchema {
    const type = this.#view.type(name);
    return type.kind === 'shape' ? this.#ofShape(type.shape) : this.ofType(name);
  }

  #reference(shape: Shape): JsonSchema {
    const known = this.#names.get(shape.name);
    if (known !== undefined) return { $ref: `#/$defs/${known}` };
    if (this.#names.size >= TYPES_MAX) return {};
    const name = this.#freeName(splitQName(shape.name).local);
    this.#names.set(shape.name, name);
    this.#defs.set(name, this.#ofShape(shape));
    return { $ref: `#/$defs/${name}` };
  }

  #freeName(local: string): string {
    const base = local.replace(/[^A-Za-z0-9_.-]/g, '') || 'type';
    let name = base;
    for (let number = 2; this.#taken.has(name); number++) name = `${base}-${number}`;
    this.#taken.add(name);
    return name;
  }

  #ofShape(shape: Shape): JsonSchema {
    if (shape.arrayOf !== null) return { type: 'array', items: nillable(this.ofType(shape.arrayOf), true) };
    const attributes = shape.attributes.map(({ key, declaration }): [string, JsonSchema] => [key, this.ofType(declaration.type)]);
    if (shape.text !== null) {
      const text = this.ofType(this.#view.textType(shape.text).base);
      if (attributes.length === 0) return text;
      return { anyOf: [text, objectOf([['#text', text], ...attributes], [], shape.anyAttribute)] };
    }
    const fields = shape.fields.map((field): [string, JsonSchema] => [field.key, this.#ofField(field)]);
    const extra: [string, JsonSchema][] = [['@xsi:type', { type: 'string' }]];
    if (shape.any) extra.push(['#any', { type: 'array', items: { type: 'object' } }]);
    if (shape.mixed) extra.push(['#text', { type: 'string' }]);
    const required = [
      ...shape.fields
        .filter(({ required: wanted, element }) => wanted && element.fallback === null && !element.nillable)
        .map(({ key }) => key),
      ...shape.attributes.filter(({ required: wanted, declaration }) => wanted && declaration.fallback === null).map(({ key }) => key),
    ];
    return objectOf([...fields, ...attributes, ...extra], required, shape.anyAttribute);
  }

  #ofField({ element, repeated }: Field): JsonSchema {
    const schema = this.ofElement(element);
    // One item may be given without its list.
    return repeated ? { anyOf: [{ type: 'array', items: schema }, schema] } : schema;
  }

  #ofSimple(type: SimpleType, depth: number): JsonSchema {
    if (depth > 32) return {};
    const inner = (name: QName): JsonSchema => {
      const found = this.#view.type(name);
      return found.kind === 'simple' ? this.#ofSimple(found, depth + 1) : this.ofType(name);
    };
    if (type.variety === 'list') return { type: 'array', items: type.base === null ? {} : inner(type.base) };
    if (type.variety === 'union') return { anyOf: type.members.map(inner) };
    const { enumeration, minLength, maxLength, minInclusive, maxInclusive, pattern } = type.facets;
    const base = type.base === null ? {} : inner(type.base);
    if (enumeration && base['type'] === 'string') return { enum: [...enumeration] };
    return {
      ...base,
      ...(minLength === undefined || base['type'] !== 'string' ? {} : { minLength }),
      ...(maxLength === undefined || base['type'] !== 'string' ? {} : { maxLength }),
      ...(minInclusive === undefined || base['type'] !== 'integer' ? {} : { minimum: minInclusive }),
      ...(maxInclusive === undefined || base['type'] !== 'integer' ? {} : { maximum: maxInclusive }),
      ...(pattern === undefined ? {} : { description: `pattern ${pattern}`.slice(0, 500) }),
    };
  }
}

function objectOf(properties: readonly (readonly [string, JsonSchema])[], required: readonly string[], open: boolean): JsonSchema {
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    ...(required.length === 0 ? {} : { required: [...new Set(required)] }),
    additionalProperties: open,
  };
}

function nillable(schema: JsonSchema, allowed: boolean): JsonSchema {
  return allowed && Object.keys(schema).length > 0 ? { anyOf: [schema, { type: 'null' }] } : schema;
}

function withDocumentation(schema: JsonSchema, { documentation }: ElementDeclaration): JsonSchema {
  if (documentation === null || Object.hasOwn(schema, 'description')) return schema;
  return Object.hasOwn(schema, '$ref') ? { allOf: [schema], description: documentation } : { ...schema, description: documentation };
}
