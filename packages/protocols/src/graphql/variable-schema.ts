/** The JSON Schema of an operation's variables, from the types its document declares and, where the system's schema is known, what those types are. */
import type { GraphQLInputType, GraphQLSchema, TypeNode, ValueNode, VariableDefinitionNode } from 'graphql';
import { graphqlLibrary } from './graphql-library.ts';

type JsonSchema = Readonly<Record<string, unknown>>;

const DEFINITIONS_MAX = 300;
const ANY: JsonSchema = {};

/**
 * JSON Schema (2020-12) of the variables as one object. Input objects become `$defs`, so that types may contain themselves; after 300 of them the rest is left
 * open. Without a schema, types other than the built-in scalars are left open. A list must be given as a list, though GraphQL also takes a single item for one.
 */
export function variablesJsonSchema(variables: readonly VariableDefinitionNode[], schema: GraphQLSchema | null): Record<string, unknown> {
  const definitions = new Map<string, JsonSchema>();
  const properties = variables.map(({ variable, type, defaultValue }) => {
    const value = withDefault(typeNodeSchema(type, schema, definitions), defaultValue);
    return [variable.name.value, value] as const;
  });
  return {
    ...{ type: 'object', properties: Object.fromEntries(properties), additionalProperties: false },
    ...listOfRequired(variables.filter(isRequiredVariable).map(({ variable }) => variable.name.value)),
    ...(definitions.size === 0 ? {} : { $defs: Object.fromEntries(definitions) }),
  };
}

/** Whether a value must be given: declared `!` and without a default. */
export function isRequiredVariable({ type, defaultValue }: VariableDefinitionNode): boolean {
  return type.kind === graphqlLibrary().Kind.NON_NULL_TYPE && defaultValue === undefined;
}

function typeNodeSchema(node: TypeNode, schema: GraphQLSchema | null, definitions: Map<string, JsonSchema>): JsonSchema {
  const { Kind, isInputType } = graphqlLibrary();
  if (node.kind === Kind.NON_NULL_TYPE) return nonNullNode(node.type, schema, definitions);
  return nullable(nonNullNode(node, schema, definitions));

  function nonNullNode(type: TypeNode, known: GraphQLSchema | null, seen: Map<string, JsonSchema>): JsonSchema {
    if (type.kind === Kind.LIST_TYPE) return { type: 'array', items: typeNodeSchema(type.type, known, seen) };
    if (type.kind === Kind.NON_NULL_TYPE) return nonNullNode(type.type, known, seen);
    const name = type.name.value;
    const builtIn = SCALARS.get(name);
    if (builtIn) return builtIn;
    const named = known?.getType(name);
    return named && isInputType(named) ? presentTypeSchema(named, seen) : { description: name };
  }
}

/** The schema of a type of the system's schema; what may be null says so. */
function typeSchema(type: GraphQLInputType, definitions: Map<string, JsonSchema>): JsonSchema {
  return graphqlLibrary().isNonNullType(type)
    ? presentTypeSchema(type.ofType, definitions)
    : nullable(presentTypeSchema(type, definitions));
}

function presentTypeSchema(type: GraphQLInputType, definitions: Map<string, JsonSchema>): JsonSchema {
  const library = graphqlLibrary();
  if (library.isNonNullType(type)) return presentTypeSchema(type.ofType, definitions);
  if (library.isListType(type)) return { type: 'array', items: typeSchema(type.ofType, definitions) };
  if (library.isEnumType(type)) return { enum: type.getValues().map(({ name }) => name), ...described(type.description) };
  if (!library.isInputObjectType(type)) return SCALARS.get(type.name) ?? { description: type.description ?? type.name };
  const { name } = type;
  if (!definitions.has(name)) {
    if (definitions.size >= DEFINITIONS_MAX) return { description: `${name} (left out: too many types)` };
    // Reserved before its fields are looked at: they may lead back to it.
    definitions.set(name, ANY);
    const fields = Object.values(type.getFields());
    definitions.set(name, {
      ...{ type: 'object', ...described(type.description) },
      properties: Object.fromEntries(
        fields.map((field) => [field.name, { ...typeSchema(field.type, definitions), ...described(field.description) }]),
      ),
      additionalProperties: false,
      ...listOfRequired(fields.filter(library.isRequiredInputField).map((field) => field.name)),
      ...(type.isOneOf ? { minProperties: 1, maxProperties: 1 } : {}),
    });
  }
  return { $ref: `#/$defs/${name}` };
}

const SCALARS: ReadonlyMap<string, JsonSchema> = new Map<string, JsonSchema>([
  ['Int', { type: 'integer', minimum: -2_147_483_648, maximum: 2_147_483_647 }],
  ['Float', { type: 'number' }],
  ['String', { type: 'string' }],
  ['Boolean', { type: 'boolean' }],
  // Serialised as a string, taken as a whole number too (GraphQL specification, section 3.5.5).
  ['ID', { type: ['string', 'integer'] }],
]);

/** The same, or null. */
function nullable(schema: JsonSchema): JsonSchema {
  const { type, enum: values } = schema;
  if (Array.isArray(values)) return { ...schema, enum: [...values, null] };
  if (typeof type === 'string') return { ...schema, type: [type, 'null'] };
  if (Array.isArray(type)) return { ...schema, type: [...type, 'null'] };
  return schema['$ref'] === undefined ? schema : { anyOf: [schema, { type: 'null' }] };
}

function withDefault(schema: JsonSchema, value: ValueNode | undefined): JsonSchema {
  return value === undefined ? schema : { ...schema, default: graphqlLibrary().valueFromASTUntyped(value) };
}

function described(description: string | null | undefined): JsonSchema {
  return description ? { description: description.slice(0, 500) } : {};
}

function listOfRequired(names: readonly string[]): JsonSchema {
  return names.length === 0 ? {} : { required: names };
}
