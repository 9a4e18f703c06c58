import { expect, it } from 'vitest';
import { signStandardWebhook } from './index.ts';

it('signs as Standard Webhooks prescribes', () => {
  // Vector of the project's table of inbound signatures.
  const { headers } = signStandardWebhook('whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=', 'msg_1', 1_700_000_000_000, '{"id":1}');
  expect(headers['webhook-signature']).toBe('v1,fNrYb4dsRI3lkRgiCDBQWMfzLgli7xMj+pQHRNEwJ50=');
});
