/** GitHub: `X-Hub-Signature-256: sha256=<hex>` over the body (docs.github.com, "Validating webhook deliveries"). */
import { createHmac } from 'node:crypto';
import type { Verdict } from '@nave/core';
import { constantTimeEqual } from '../../keys/constant-time.ts';
import { labelHeader, requestHeader } from '../request-header.ts';
import { refuse, type SchemeDefinition } from '../scheme-definition.ts';
import { createSecretRing, utf8Key } from '../secret-ring.ts';

/** No time is signed and the delivery id is not either, so the digest of the body is remembered as well. The old SHA-1 header is not accepted. */
export const github: SchemeDefinition = {
  name: 'github',
  title: 'GitHub',
  summary: 'X-Hub-Signature-256 with the secret of the webhook.',
  options: { type: 'object', properties: {}, additionalProperties: false },
  secretRequired: true,
  proves: 'content',
  compile: (scheme, { clock }) => {
    const ring = createSecretRing(scheme.secrets, utf8Key);
    return (request): Verdict => {
      const header = requestHeader(request, 'x-hub-signature-256');
      if (header === undefined) return refuse('X-Hub-Signature-256 is missing');
      const matches = ring.first(clock.now(), (key) => {
        const expected = `sha256=${createHmac('sha256', key).update(request.body).digest('hex')}`;
        return constantTimeEqual(expected, header) || undefined;
      });
      if (!matches) return refuse('the signature does not match');
      const deliveryId = labelHeader(request, 'x-github-delivery');
      const eventType = labelHeader(request, 'x-github-event');
      return { ok: true, rememberDigest: true, ...(deliveryId && { deliveryId }), ...(eventType && { eventType }) };
    };
  },
  sensitiveHeaders: () => ['x-hub-signature-256', 'x-hub-signature'],
};
