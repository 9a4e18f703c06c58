/** Shopify: `X-Shopify-Hmac-SHA256`, base64 over the body with the app's client secret (shopify.dev, "Verify webhook deliveries"). */
import { createHmac } from 'node:crypto';
import type { Verdict } from '@nave/core';
import { constantTimeEqual } from '../../keys/constant-time.ts';
import { labelHeader, requestHeader } from '../request-header.ts';
import { refuse, type SchemeDefinition } from '../scheme-definition.ts';
import { createSecretRing, utf8Key } from '../secret-ring.ts';

/** Neither time nor webhook id is signed. After a rotation Shopify may sign with the old secret for an hour: keep both that long. */
export const shopify: SchemeDefinition = {
  name: 'shopify',
  title: 'Shopify',
  summary: 'X-Shopify-Hmac-SHA256 with the client secret of the app.',
  options: { type: 'object', properties: {}, additionalProperties: false },
  secretRequired: true,
  proves: 'content',
  compile: (scheme, { clock }) => {
    const ring = createSecretRing(scheme.secrets, utf8Key);
    return (request): Verdict => {
      const header = requestHeader(request, 'x-shopify-hmac-sha256');
      if (header === undefined) return refuse('X-Shopify-Hmac-SHA256 is missing');
      const matches = ring.first(clock.now(), (key) => {
        return constantTimeEqual(createHmac('sha256', key).update(request.body).digest('base64'), header) || undefined;
      });
      if (!matches) return refuse('the signature does not match');
      const deliveryId = labelHeader(request, 'x-shopify-webhook-id');
      const eventType = labelHeader(request, 'x-shopify-topic');
      return { ok: true, rememberDigest: true, ...(deliveryId && { deliveryId }), ...(eventType && { eventType }) };
    };
  },
  sensitiveHeaders: () => ['x-shopify-hmac-sha256'],
};
