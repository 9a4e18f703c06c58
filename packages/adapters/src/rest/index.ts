/** Kind `rest`: any system with an HTTP API, its operations written as data. */
import { defineAdapter, type ErasedAdapter } from '@nave/adapter-kit';
import { HttpCredentials } from '@nave/protocols';
import { RestConfig } from './config.ts';
import { openRest } from './deliver.ts';
import { operationsOfRest } from './operations.ts';
import { pollsOfRest } from './poll.ts';
import { validateRest } from './validate.ts';

export const rest: ErasedAdapter = defineAdapter({
  kind: 'rest',
  title: 'REST / HTTP API',
  family: 'protocol',
  summary: 'Any system with an HTTP API; its operations are written as data: method, path, query, headers and body.',
  config: RestConfig,
  credentials: HttpCredentials,
  operations: [],
  operationsOf: operationsOfRest,
  validate: validateRest,
  events: [],
  polls: pollsOfRest,
  verify: ['hmac', 'standard-webhooks', 'jwt', 'api-key', 'basic', 'ip-allow', 'mtls', 'none'],
  defaults: {},
  docs: 'kinds/rest.md',
  deliver: { open: openRest },
});
