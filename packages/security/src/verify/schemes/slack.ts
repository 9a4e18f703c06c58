/** Slack: `X-Slack-Signature: v0=<hex>` over `v0:{timestamp}:{body}` (docs.slack.dev, "Verifying requests from Slack"). */
import { createHmac } from 'node:crypto';
import type { HandshakeAnswer, Verdict } from '@nave/core';
import { constantTimeEqual } from '../../keys/constant-time.ts';
import { replayIdOf } from '../replay-id.ts';
import { requestHeader } from '../request-header.ts';
import { refuse, type SchemeDefinition } from '../scheme-definition.ts';
import { createSecretRing, utf8Key } from '../secret-ring.ts';
import { durationOption, refuseTimestamp, TOLERANCE_MS, TOLERANCE_OPTION } from '../tolerance.ts';

const CHALLENGE_CHARS_MAX = 2_048;
/** A `url_verification` is some 150 bytes: larger bodies need not be parsed to know they are none. */
const HANDSHAKE_BYTES_MAX = 8_192;

/** Events carry a signed `event_id`; slash commands and interactions have none and are told apart by their signature. */
export const slack: SchemeDefinition = {
  name: 'slack',
  title: 'Slack',
  summary: 'X-Slack-Signature with the signing secret of the app; answers url_verification.',
  options: { type: 'object', properties: { tolerance: TOLERANCE_OPTION }, additionalProperties: false },
  secretRequired: true,
  proves: 'content',
  compile: (scheme, { clock }) => {
    const ring = createSecretRing(scheme.secrets, utf8Key);
    const toleranceMs = durationOption(scheme.options['tolerance'], TOLERANCE_MS);
    return (request): Verdict => {
      const timestamp = requestHeader(request, 'x-slack-request-timestamp');
      const header = requestHeader(request, 'x-slack-signature');
      if (timestamp === undefined || header === undefined) return refuse('X-Slack-Signature or X-Slack-Request-Timestamp is missing');
      const nowMs = clock.now();
      const refusal = refuseTimestamp(timestamp, 's', nowMs, toleranceMs);
      if (refusal) return refusal;
      const matches = ring.first(nowMs, (key) => {
        const expected = `v0=${createHmac('sha256', key).update(`v0:${timestamp}:`).update(request.body).digest('hex')}`;
        return constantTimeEqual(expected, header) || undefined;
      });
      if (!matches) return refuse('the signature does not match');
      const handshake = urlVerification(request.body);
      if (handshake) return { ok: true, handshake };
      return {
        ok: true,
        signedId: { bodyField: 'event_id' },
        deliveryId: replayIdOf(header),
        eventType: { bodyField: 'event.type' },
      };
    };
  },
  sensitiveHeaders: () => ['x-slack-signature'],
};

function urlVerification(body: Uint8Array): HandshakeAnswer | undefined {
  if (body.length > HANDSHAKE_BYTES_MAX || !Buffer.from(body.buffer, body.byteOffset, body.length).includes('url_verification'))
    return undefined;
  const parsed = parseJson(body);
  if (typeof parsed !== 'object' || parsed === null || !('type' in parsed) || parsed.type !== 'url_verification') return undefined;
  if (!('challenge' in parsed) || typeof parsed.challenge !== 'string' || parsed.challenge.length > CHALLENGE_CHARS_MAX) return undefined;
  return { status: 200, contentType: 'text/plain; charset=utf-8', body: parsed.challenge };
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    return undefined;
  }
}
