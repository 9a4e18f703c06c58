/** Asks a GraphQL system what it can do. */
import type { GraphQLSchema } from 'graphql';
import { graphqlLibrary } from './graphql-library.ts';
import { type GraphqlOperation, parseGraphqlDocument } from './parse-graphql-document.ts';

/** The introspection query, without descriptions: they are most of the answer's size. */
export function introspectionOperation(): GraphqlOperation {
  const parsed = parseGraphqlDocument(graphqlLibrary().getIntrospectionQuery({ descriptions: false }));
  if (!parsed.ok) throw new Error('the introspection query does not parse');
  return parsed.operation;
}

/** What can be asked for and changed, by name. */
export function rootFieldsOf(schema: GraphQLSchema): { queries: string[]; mutations: string[] } {
  return {
    queries: Object.keys(schema.getQueryType()?.getFields() ?? {}),
    mutations: Object.keys(schema.getMutationType()?.getFields() ?? {}),
  };
}
