/** Stripe: `Stripe-Signature: t=<seconds>,v1=<hex>[,v1=...]` over `{t}.{body}` (docs.stripe.com/webhooks, "Verify webhook signatures manually"). */
import { createHmac } from 'node:crypto';
import type { Verdict } from '@nave/core';
import { constantTimeEqual } from '../../keys/constant-time.ts';
import { requestHeader } from '../request-header.ts';
import { refuse, type SchemeDefinition } from '../scheme-definition.ts';
import { createSecretRing, utf8Key } from '../secret-ring.ts';
import { durationOption, refuseTimestamp, TOLERANCE_MS, TOLERANCE_OPTION } from '../tolerance.ts';

const PARTS_MAX = 20;

/** The endpoint secret is used as it is, `whsec_` included. The event id is part of the signed body. */
export const stripe: SchemeDefinition = {
  name: 'stripe',
  title: 'Stripe',
  summary: 'Stripe-Signature with the secret of the webhook endpoint.',
  options: { type: 'object', properties: { tolerance: TOLERANCE_OPTION }, additionalProperties: false },
  secretRequired: true,
  proves: 'content',
  compile: (scheme, { clock }) => {
    const ring = createSecretRing(scheme.secrets, utf8Key);
    const toleranceMs = durationOption(scheme.options['tolerance'], TOLERANCE_MS);
    return (request): Verdict => {
      const header = requestHeader(request, 'stripe-signature');
      if (header === undefined) return refuse('Stripe-Signature is missing');
      const { timestamp, signatures } = parse(header);
      if (timestamp === undefined || signatures.length === 0) return refuse('Stripe-Signature is malformed');
      const nowMs = clock.now();
      const refusal = refuseTimestamp(timestamp, 's', nowMs, toleranceMs);
      if (refusal) return refusal;
      const matches = ring.first(nowMs, (key) => {
        const expected = createHmac('sha256', key).update(`${timestamp}.`).update(request.body).digest('hex');
        return signatures.some((signature) => constantTimeEqual(expected, signature)) || undefined;
      });
      return matches
        ? { ok: true, signedId: { bodyField: 'id' }, eventType: { bodyField: 'type' } }
        : refuse('the signature does not match');
    };
  },
  sensitiveHeaders: () => ['stripe-signature'],
};

/** Only scheme `v1` counts: an attacker must not be able to choose a weaker one (`v0` is for test events). */
function parse(header: string): { timestamp: string | undefined; signatures: string[] } {
  let timestamp: string | undefined;
  const signatures: string[] = [];
  for (const part of header.split(',', PARTS_MAX)) {
    const at = part.indexOf('=');
    const name = part.slice(0, at).trim();
    const value = part.slice(at + 1).trim();
    if (name === 't') timestamp ??= value;
    else if (name === 'v1') signatures.push(value);
  }
  return { timestamp, signatures };
}
