/** HubSpot v3: `X-HubSpot-Signature-v3`, base64 over method + URL + body + timestamp (developers.hubspot.com, "Validating requests"). */
import { createHmac } from 'node:crypto';
import type { Verdict } from '@nave/core';
import { constantTimeEqual } from '../../keys/constant-time.ts';
import { replayIdOf } from '../replay-id.ts';
import { requestHeader } from '../request-header.ts';
import { refuse, type SchemeDefinition } from '../scheme-definition.ts';
import { createSecretRing, utf8Key } from '../secret-ring.ts';
import { durationOption, refuseTimestamp, TOLERANCE_MS, TOLERANCE_OPTION } from '../tolerance.ts';

/** The twelve escapes HubSpot's table names: `: / ? @ ! $ ' ( ) * , ;`. Everything else stays encoded. */
const DECODED = /%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi;

/**
 * The timestamp is in milliseconds. The versions before v3 sign no time and are refused.
 * A body is a list of events of several types, so no event type comes from the scheme; it carries no id for the call, so a repeated signature is the repeat.
 */
export const hubspotV3: SchemeDefinition = {
  name: 'hubspot-v3',
  title: 'HubSpot (v3)',
  summary: 'X-HubSpot-Signature-v3 with the client secret of the app; needs the public URL to be right.',
  options: { type: 'object', properties: { tolerance: TOLERANCE_OPTION }, additionalProperties: false },
  secretRequired: true,
  proves: 'content',
  compile: (scheme, { clock }) => {
    const ring = createSecretRing(scheme.secrets, utf8Key);
    const toleranceMs = durationOption(scheme.options['tolerance'], TOLERANCE_MS);
    return (request): Verdict => {
      const timestamp = requestHeader(request, 'x-hubspot-request-timestamp');
      const header = requestHeader(request, 'x-hubspot-signature-v3');
      if (timestamp === undefined || header === undefined)
        return refuse('X-HubSpot-Signature-v3 or X-HubSpot-Request-Timestamp is missing');
      const nowMs = clock.now();
      const refusal = refuseTimestamp(timestamp, 'ms', nowMs, toleranceMs);
      if (refusal) return refusal;
      // The documentation decodes, HubSpot's own libraries take the URL as it is: either form of the same URL may have been signed.
      const decoded = request.publicUrl.replace(DECODED, (escaped) => decodeURIComponent(escaped));
      const urls = decoded === request.publicUrl ? [decoded] : [decoded, request.publicUrl];
      const matches = ring.first(nowMs, (key) => {
        const expected = urls.map((url) =>
          createHmac('sha256', key).update(`${request.method}${url}`).update(request.body).update(timestamp).digest('base64'),
        );
        return expected.some((signature) => constantTimeEqual(signature, header)) || undefined;
      });
      return matches ? { ok: true, deliveryId: replayIdOf(header) } : refuse('the signature does not match');
    };
  },
  sensitiveHeaders: () => ['x-hubspot-signature-v3', 'x-hubspot-signature'],
};
