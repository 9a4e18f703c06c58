/** Sends webhooks, signed as Standard Webhooks prescribes (github.com/standard-webhooks/standard-webhooks). */
import {
  type AdapterContext,
  type HttpExchangeRequest,
  type OperationInput,
  type SendRequest,
  type SpokeConnection,
  stringifyExact,
} from '@nave/adapter-kit';
import type { Outcome } from '@nave/core';
import {
  excerptOf,
  outcomeOfExchange,
  probeOfExchange,
  type Redaction,
  tlsOptionsOf,
  withDeliveryHeaders,
  withHeader,
} from '@nave/protocols';
import { signStandardWebhook } from '@nave/security';
import type { WebhookConfig, WebhookCredentials } from './config.ts';

const PROBE_TIMEOUT_MS = 10_000;

export function openWebhook(
  { url, headers = {}, tls: settings }: WebhookConfig,
  context: AdapterContext<WebhookCredentials>,
): SpokeConnection {
  const { http, clock, credentials, policy } = context;
  const secrets = credentials.type === 'none' ? [] : [credentials.secret, ...(credentials.previousSecrets ?? [])];
  const tls = tlsOptionsOf(settings);
  const redaction: Redaction = { headers: ['webhook-signature'], query: [], values: secrets };

  function requestOf(send: SendRequest): HttpExchangeRequest {
    const { body, contentType } = payloadOf(send.input);
    // The id stays the same over attempts, the time is that of the attempt: receivers de-duplicate by the one and refuse old ones by the other.
    const signature =
      secrets.length === 0 ? {} : signStandardWebhook({ id: send.deliveryId, timestampSeconds: clock.now() / 1_000, body, secrets });
    let given: Record<string, string> = { 'User-Agent': 'Nave', 'Content-Type': contentType };
    for (const [name, value] of Object.entries(headers)) given = withHeader(given, name, value);
    return { method: 'POST', url, headers: withDeliveryHeaders({ ...given, ...signature }, send), body, timeoutMs: send.timeoutMs, tls };
  }

  return {
    async send(send, signal) {
      if (send.operation !== 'send')
        return { kind: 'invalid', status: null, detail: `the spoke has no operation called ${send.operation}`, sent: false };
      const request = requestOf(send);
      const result = await http.exchange(request, signal);
      return explainGone(outcomeOfExchange(result, clock.now(), excerptOf(request, redaction)));
    },
    async probe(signal) {
      // Not a POST: a receiver would take it for a webhook. Any answer to HEAD proves that somebody is there.
      const timeoutMs = Math.min(PROBE_TIMEOUT_MS, policy.timeoutMs);
      return probeOfExchange(
        await http.exchange({ method: 'HEAD', url, headers: { 'User-Agent': 'Nave' }, timeoutMs, tls }, signal),
        false,
      );
    },
    close: async () => {},
  };
}

function payloadOf({ raw, data }: OperationInput): { body: Uint8Array; contentType: string } {
  if (raw) return { body: raw.bytes, contentType: raw.contentType === '' ? 'application/octet-stream' : raw.contentType };
  return { body: Buffer.from(stringifyExact(data) ?? 'null'), contentType: 'application/json' };
}

/** 410 is how a receiver says that it wants no more webhooks. */
function explainGone(outcome: Outcome): Outcome {
  return outcome.status === 410 ? { ...outcome, detail: 'answered 410: gone, the receiver wants no more webhooks' } : outcome;
}
