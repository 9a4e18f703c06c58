/** WooCommerce: `X-WC-Webhook-Signature`, base64 over the body (woocommerce/woocommerce, `class-wc-webhook.php`). */
import { createHmac } from 'node:crypto';
import type { RawRequest, Verdict } from '@nave/core';
import { constantTimeEqual } from '../../keys/constant-time.ts';
import { labelHeader, requestHeader } from '../request-header.ts';
import { refuse, type SchemeDefinition } from '../scheme-definition.ts';
import { createSecretRing, utf8Key } from '../secret-ring.ts';

const PING = /^webhook_id=\d{1,19}$/;

/** Neither time nor delivery id is signed. The ping on creation is unsigned and wants 200: it is answered and never stored, so forging it gains nothing. */
export const woocommerce: SchemeDefinition = {
  name: 'woocommerce',
  title: 'WooCommerce',
  summary: 'X-WC-Webhook-Signature with the secret of the webhook; answers the unsigned ping on creation.',
  options: { type: 'object', properties: {}, additionalProperties: false },
  secretRequired: true,
  proves: 'content',
  compile: (scheme, { clock }) => {
    const ring = createSecretRing(scheme.secrets, utf8Key);
    return (request): Verdict => {
      const header = requestHeader(request, 'x-wc-webhook-signature');
      if (header === undefined) {
        if (isPing(request)) return { ok: true, handshake: { status: 200, contentType: 'text/plain; charset=utf-8', body: '' } };
        return refuse('X-WC-Webhook-Signature is missing');
      }
      const matches = ring.first(clock.now(), (key) => {
        return constantTimeEqual(createHmac('sha256', key).update(request.body).digest('base64'), header) || undefined;
      });
      if (!matches) return refuse('the signature does not match');
      const deliveryId = labelHeader(request, 'x-wc-webhook-delivery-id');
      const eventType = labelHeader(request, 'x-wc-webhook-topic');
      return { ok: true, rememberDigest: true, ...(deliveryId && { deliveryId }), ...(eventType && { eventType }) };
    };
  },
  sensitiveHeaders: () => ['x-wc-webhook-signature'],
};

function isPing({ method, body }: RawRequest): boolean {
  return method === 'POST' && body.length <= 40 && PING.test(Buffer.from(body).toString('latin1'));
}
