/** Standard Webhooks (github.com/standard-webhooks/standard-webhooks), also under the header names Svix used before it was a standard. */
import type { Verdict } from '@nave/core';
import { constantTimeEqual } from '../../keys/constant-time.ts';
import { standardWebhookSignature } from '../../signing/sign-standard-webhook.ts';
import { standardWebhooksKey } from '../../signing/standard-webhooks-secret.ts';
import { labelHeader, requestHeader } from '../request-header.ts';
import { refuse, type SchemeDefinition } from '../scheme-definition.ts';
import { secretProblems } from '../secret-path.ts';
import { createSecretRing } from '../secret-ring.ts';
import { durationOption, refuseTimestamp, TOLERANCE_MS, TOLERANCE_OPTION } from '../tolerance.ts';

/** A sender that rotates gives two or three; each costs an HMAC per secret to compare. */
const SIGNATURES_MAX = 10;

/** Signs `{id}.{timestamp}.{body}`; the id is signed, so it alone tells a repeat. */
export const standardWebhooks: SchemeDefinition = {
  name: 'standard-webhooks',
  title: 'Standard Webhooks',
  summary: 'Signature over id, time and body as standardwebhooks.com prescribes (also Svix).',
  options: { type: 'object', properties: { tolerance: TOLERANCE_OPTION }, additionalProperties: false },
  secretRequired: true,
  proves: 'content',
  problems: (scheme) =>
    secretProblems(scheme, (secret) => (standardWebhooksKey(secret) === null ? 'expected whsec_ followed by the key in base64' : null)),
  compile: (scheme, { clock }) => {
    const ring = createSecretRing(scheme.secrets, standardWebhooksKey);
    const toleranceMs = durationOption(scheme.options['tolerance'], TOLERANCE_MS);
    return (request): Verdict => {
      const family = requestHeader(request, 'webhook-signature') === undefined ? 'svix' : 'webhook';
      const id = labelHeader(request, `${family}-id`);
      const timestamp = requestHeader(request, `${family}-timestamp`);
      const header = requestHeader(request, `${family}-signature`);
      if (id === undefined || timestamp === undefined || header === undefined) {
        return refuse('webhook-id, webhook-timestamp or webhook-signature is missing');
      }
      const nowMs = clock.now();
      const refusal = refuseTimestamp(timestamp, 's', nowMs, toleranceMs);
      if (refusal) return refusal;
      // `v1a` (ed25519) and later versions are skipped, as the specification asks of verifiers that do not know them.
      const given = header.split(' ', SIGNATURES_MAX).flatMap((part) => (part.startsWith('v1,') ? [part.slice(3)] : []));
      const matches = ring.first(nowMs, (key) => {
        const expected = standardWebhookSignature(key, id, timestamp, request.body);
        return given.some((signature) => constantTimeEqual(expected, signature)) || undefined;
      });
      return matches ? { ok: true, signedId: id, eventType: { bodyField: 'type' } } : refuse('the signature does not match');
    };
  },
  sensitiveHeaders: () => ['webhook-signature', 'svix-signature'],
};
