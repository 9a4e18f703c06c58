/** Kind `source`: a system that only sends to the hub. */
import { defineAdapter, type ErasedAdapter } from '@nave/adapter-kit';
import { SourceConfig, SourceCredentials } from './config.ts';

export const source: ErasedAdapter = defineAdapter({
  kind: 'source',
  title: 'Source',
  family: 'other',
  summary: 'A system that only sends to the hub, by webhook or with a publishing key.',
  config: SourceConfig,
  credentials: SourceCredentials,
  operations: [],
  events: [],
  verify: [
    'standard-webhooks',
    'hmac',
    'jwt',
    'stripe',
    'github',
    'shopify',
    'slack',
    'hubspot-v3',
    'twilio',
    'woocommerce',
    'api-key',
    'basic',
    'ws-username-token',
    'ip-allow',
    'mtls',
    'none',
  ],
  defaults: {},
  docs: 'kinds/source.md',
});
