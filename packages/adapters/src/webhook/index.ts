/** Kind `webhook`: sends messages to a URL, signed per Standard Webhooks. */
import { defineAdapter, type ErasedAdapter } from '@nave/adapter-kit';
import { RETRY_PRESETS } from '@nave/core';
import { WebhookConfig, WebhookCredentials } from './config.ts';
import { openWebhook } from './deliver.ts';
import { validateWebhook } from './validate.ts';

export const webhook: ErasedAdapter = defineAdapter({
  kind: 'webhook',
  title: 'Webhook',
  family: 'protocol',
  summary: 'Sends messages to a URL, signed as Standard Webhooks prescribes.',
  config: WebhookConfig,
  credentials: WebhookCredentials,
  operations: [
    { name: 'send', title: 'Send', summary: 'POST of the message, or of what the mapping made of it.', input: {}, idempotent: 'key' },
  ],
  validate: validateWebhook,
  events: [],
  verify: ['standard-webhooks', 'hmac', 'none'],
  defaults: { retry: RETRY_PRESETS['standard-webhooks'] },
  docs: 'kinds/webhook.md',
  deliver: { open: openWebhook },
});
