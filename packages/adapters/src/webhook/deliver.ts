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
  createHttpAuth,
  excerptOf,
  exchangeAuthorized,
  outcomeOfExchange,
  probeOfExchange,
  probeOfTokenFailure,
  type Redaction,
  withDeliveryHeaders,
  withHeader,
} from '@nave/protocols';
import { signStandardWebhook } from '@nave/security';
import type { WebhookConfig, WebhookCredentials } from './config.ts';

const PROBE_TIMEOUT_MS = 10_000;

export function openWebhook({ url, headers = {}, tls }: WebhookConfig, context: AdapterContext<WebhookCredentials>): SpokeConnection {
  const { http, clock, credentials, policy, spoke, tokens } = context;
  const signs = credentials.type === 'standard-webhooks';
  const secrets = signs ? [credentials.secret, ...(credentials.previousSecrets ?? [])] : [];
  // A signature is over the webhook itself; every other way to sign in is the same as of all kinds that speak HTTP.
  const auth = createHttpAuth(signs ? { type: 'none' } : credentials, { spoke, http, tokens, clock, tls });
  const redaction: Redaction = signs ? { headers: ['webhook-signature'], query: [], values: secrets } : auth.redaction;

  function requestOf(send: SendRequest): HttpExchangeRequest {
    const { body, contentType } = payloadOf(send.input);
    // The id stays the same over attempts, the time is that of the attempt: receivers de-duplicate by the one and refuse old ones by the other.
    const signature =
      secrets.length === 0 ? {} : signStandardWebhook({ id: send.deliveryId, timestampSeconds: clock.now() / 1_000, body, secrets });
    let given: Record<string, string> = { 'User-Agent': 'Nave', 'Content-Type': contentType };
    for (const [name, value] of Object.entries(headers)) given = withHeader(given, name, value);
    return { method: 'POST', url, headers: withDeliveryHeaders({ ...given, ...signature }, send), body, timeoutMs: send.timeoutMs };
  }

  return {
    async send(send, signal) {
      if (send.operation !== 'send')
        return { kind: 'invalid', status: null, detail: `the spoke has no operation called ${send.operation}`, sent: false };
      const request = requestOf(send);
      const exchanged = await exchangeAuthorized(http, auth, request, signal);
      if (!exchanged.ok) return { ...exchanged.outcome, request: excerptOf(request, redaction) };
      return explainGone(outcomeOfExchange(exchanged.result, clock.now(), excerptOf(exchanged.request, redaction)));
    },
    async probe(signal) {
      // Not a POST: a receiver would take it for a webhook. Any answer to HEAD proves that somebody is there.
      const timeoutMs = Math.min(PROBE_TIMEOUT_MS, policy.timeoutMs);
      const exchanged = await exchangeAuthorized(http, auth, { method: 'HEAD', url, headers: { 'User-Agent': 'Nave' }, timeoutMs }, signal);
      return exchanged.ok
        ? probeOfExchange(exchanged.result, !signs && credentials.type !== 'none')
        : probeOfTokenFailure(exchanged.outcome);
    },
    close: async () => {},
  };
}

function payloadOf({ raw, data, json }: OperationInput): { body: Uint8Array; contentType: string } {
  if (raw) return { body: raw.bytes, contentType: raw.contentType === '' ? 'application/octet-stream' : raw.contentType };
  return { body: json ?? Buffer.from(stringifyExact(data) ?? 'null'), contentType: 'application/json' };
}

/** 410 is how a receiver says that it wants no more webhooks. */
function explainGone(outcome: Outcome): Outcome {
  return outcome.status === 410 ? { ...outcome, detail: 'answered 410: gone, the receiver wants no more webhooks' } : outcome;
}
