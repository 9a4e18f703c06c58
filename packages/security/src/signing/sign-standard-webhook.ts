/** Signing what we send, as Standard Webhooks prescribes (github.com/standard-webhooks/standard-webhooks, spec "Signature scheme"). */
import { createHmac } from 'node:crypto';
import { HubError } from '@nave/core';
import { standardWebhooksKey } from './standard-webhooks-secret.ts';

export interface StandardWebhook {
  /** Stays the same over retries. */
  id: string;
  /** Of this attempt, seconds since the epoch. */
  timestampSeconds: number;
  /** The exact bytes that are sent. */
  body: Uint8Array;
  /** Several while a secret is being changed: the receiver accepts either signature. */
  secrets: readonly string[];
}

/** A type, so that it can be passed where headers are taken as a record. */
export type StandardWebhookHeaders = { 'webhook-id': string; 'webhook-timestamp': string; 'webhook-signature': string };

/**
 * The three headers of a signed webhook.
 * @throws HubError `request.invalid` when there is no secret or one is not base64 (the secret is not named in it)
 */
export function signStandardWebhook({ id, timestampSeconds, body, secrets }: StandardWebhook): StandardWebhookHeaders {
  const timestamp = String(Math.floor(timestampSeconds));
  const signatures = secrets.map((secret) => {
    const key = standardWebhooksKey(secret);
    if (key === null) throw new HubError('request.invalid', { detail: 'A signing secret is not whsec_ followed by base64.' });
    return `v1,${standardWebhookSignature(key, id, timestamp, body)}`;
  });
  if (signatures.length === 0) throw new HubError('request.invalid', { detail: 'There is no secret to sign with.' });
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}

/** Base64 HMAC-SHA256 of `{id}.{timestamp}.{body}`. */
export function standardWebhookSignature(key: Uint8Array, id: string, timestamp: string, body: Uint8Array): string {
  return createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64');
}
