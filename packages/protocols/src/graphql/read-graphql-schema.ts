/** Reads a schema that came as text: SDL, or the JSON of an introspection answer. */
import { isDeeperThan } from '@nave/adapter-kit';
import type { GraphQLSchema, IntrospectionQuery } from 'graphql';
import { graphqlLibrary } from './graphql-library.ts';

export type ReadGraphqlSchema = { ok: true; schema: GraphQLSchema } | { ok: false; reason: string };

/** Shopify's, one of the largest, has about 3 MB of SDL. */
export const GRAPHQL_SCHEMA_CHARS_MAX = 8_000_000;
const TOKENS_MAX = 2_000_000;
const KEPT_MAX = 4;
const kept = new Map<string, ReadGraphqlSchema>();

/** The schema. The last four texts are remembered: a spoke's schema is read when it is checked, compiled and opened. Reasons name line and column where there is one. */
export function readGraphqlSchema(text: string): ReadGraphqlSchema {
  const known = kept.get(text);
  if (known) return known;
  const read = readFresh(text);
  kept.set(text, read);
  const [oldest] = kept.keys();
  if (kept.size > KEPT_MAX && oldest !== undefined) kept.delete(oldest);
  return read;
}

/** The schema of an introspection answer (`{ data: { __schema } }` or `{ __schema }`). */
export function schemaOfIntrospection(answer: unknown): ReadGraphqlSchema {
  const data = fieldOf(answer, 'data') ?? answer;
  if (!isIntrospection(data)) return { ok: false, reason: 'expected the answer of an introspection query, with data.__schema' };
  try {
    return { ok: true, schema: graphqlLibrary().buildClientSchema(data, { assumeValid: true }) };
  } catch (error) {
    return { ok: false, reason: `the introspection answer is incomplete: ${reasonOf(error)}` };
  }
}

function readFresh(text: string): ReadGraphqlSchema {
  if (text.length > GRAPHQL_SCHEMA_CHARS_MAX) return { ok: false, reason: `expected at most ${GRAPHQL_SCHEMA_CHARS_MAX} characters` };
  if (text.trimStart().startsWith('{')) return readJson(text);
  const library = graphqlLibrary();
  try {
    const schema = library.buildASTSchema(library.parse(text, { maxTokens: TOKENS_MAX, noLocation: true }), { assumeValidSDL: false });
    const [problem] = library.validateSchema(schema);
    return problem ? { ok: false, reason: problem.message.slice(0, 500) } : { ok: true, schema };
  } catch (error) {
    return { ok: false, reason: reasonOf(error) };
  }
}

function readJson(text: string): ReadGraphqlSchema {
  if (isDeeperThan(text)) return { ok: false, reason: 'JSON nested too deeply' };
  try {
    const answer: unknown = JSON.parse(text);
    return schemaOfIntrospection(answer);
  } catch {
    return { ok: false, reason: 'expected SDL, or the JSON of an introspection answer: this is not valid JSON' };
  }
}

function isIntrospection(value: unknown): value is IntrospectionQuery {
  const schema = fieldOf(value, '__schema');
  return Array.isArray(fieldOf(schema, 'types')) && typeof fieldOf(fieldOf(schema, 'queryType'), 'name') === 'string';
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, name)?.value : undefined;
}

function reasonOf(error: unknown): string {
  const { GraphQLError } = graphqlLibrary();
  if (error instanceof GraphQLError) {
    const [place] = error.locations ?? [];
    return place ? `line ${place.line}, column ${place.column}: ${error.message.slice(0, 500)}` : error.message.slice(0, 500);
  }
  return error instanceof Error ? error.message.slice(0, 500) : 'it cannot be read';
}
