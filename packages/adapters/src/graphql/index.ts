/** Kind `graphql`: any system with a GraphQL API, its operations written as documents. */
import { defineAdapter, type ErasedAdapter } from '@nave/adapter-kit';
import { HttpCredentials } from '@nave/protocols';
import { GraphqlConfig } from './config.ts';
import { openGraphql } from './deliver.ts';
import { operationsOfGraphql } from './operations.ts';
import { validateGraphql } from './validate.ts';

export const graphql: ErasedAdapter = defineAdapter({
  kind: 'graphql',
  title: 'GraphQL API',
  family: 'protocol',
  summary: 'Any system with a GraphQL API; its operations are queries and mutations with variables taken from the message.',
  config: GraphqlConfig,
  credentials: HttpCredentials,
  operations: [],
  operationsOf: operationsOfGraphql,
  validate: validateGraphql,
  events: [],
  verify: ['hmac', 'standard-webhooks', 'jwt', 'api-key', 'basic', 'ip-allow', 'mtls', 'none'],
  defaults: {},
  docs: 'kinds/graphql.md',
  deliver: { open: openGraphql },
});
