/** Delivers to a `stripe` spoke. */
import type { AdapterContext, SendRequest, SpokeConnection } from '@nave/adapter-kit';
import { isUuid, type Outcome, timeOfUuid } from '@nave/core';
import { withDeliveryHeaders } from '@nave/protocols';
import { createStripeClient } from './client.ts';
import { DEFAULT_OVERLAP_SECONDS, type StripeConfig, type StripeCredentials } from './config.ts';
import { pollEvents } from './events/poll-events.ts';
import { judgeStripe } from './judge.ts';
import { judgeLookup } from './judge-lookup.ts';
import { type StripeOperation, stripeOperation } from './operations.ts';
import { planRequest } from './plan-request.ts';
import { probeStripe } from './probe.ts';

/** Stripe may forget idempotency keys after 24 hours: beyond this age a repeat is looked up before it is sent. */
const KEY_LIFE_MS = 23 * 3_600_000;

export function openStripe(config: StripeConfig, context: AdapterContext<StripeCredentials>): SpokeConnection {
  const { clock, policy } = context;
  const client = createStripeClient(config, context);

  async function sendOnce(operation: StripeOperation, request: SendRequest, timeoutMs: number, signal: AbortSignal): Promise<Outcome> {
    const plan = planRequest(operation, request.input.data, request.deliveryId, config);
    if (!plan.ok) return invalid(plan.reason);
    const { 'Idempotency-Key': key = '', ...headers } = withDeliveryHeaders({}, request);
    const { method, idempotent } = operation;
    // What may be done again is done again: under the same key Stripe would repeat its first answer, a 500 included.
    const own = idempotent === 'always' ? `${key}.${request.attempt}` : key;
    const keyed = method === 'POST' ? { ...headers, 'Idempotency-Key': own } : headers;
    const outcome = judgeStripe(
      await client({ method, target: plan.target, body: plan.body, headers: keyed, timeoutMs }, signal),
      operation,
    );
    return judgeLookup(outcome, operation, request.deliveryId, !hasQuery(request));
  }

  return {
    async send(request, signal) {
      const operation = stripeOperation(request.operation);
      if (operation === null) return invalid(`Stripe has no operation called ${request.operation} here`);
      const startedAtMs = clock.now();
      const lookup = isStale(request, startedAtMs) && operation.lookup !== undefined ? stripeOperation(operation.lookup) : null;
      if (lookup !== null && (lookup.finds?.by === 'status' || config.tag !== false)) {
        const found = await sendOnce(lookup, request, request.timeoutMs, signal);
        if (found.kind === 'ok') return { ...found, detail: 'done by an earlier attempt, found again' };
        const notDone = found.kind === 'rejected' && found.status !== null && (found.status < 300 || found.status === 404);
        // Whatever else it says, sending now could do it twice.
        if (!notDone) return found;
      }
      return sendOnce(operation, request, Math.max(1, request.timeoutMs - (clock.now() - startedAtMs)), signal);
    },
    poll: (name, cursor, limit, signal, from) => {
      if (name !== 'events') return Promise.resolve({ ok: false, outcome: invalid('Stripe has no such poll') });
      const overlapSeconds = config.events?.overlapSeconds ?? DEFAULT_OVERLAP_SECONDS;
      const ask = (target: string) => client({ method: 'GET', target, timeoutMs: policy.timeoutMs }, signal);
      return pollEvents(ask, { cursor, limit, from: from ?? 'now', types: config.events?.types ?? [], overlapSeconds });
    },
    probe: (signal) => probeStripe(client, config, context, signal),
    // The client belongs to the hub, which closes it after its spoke.
    close: async () => {},
  };
}

/** Whether an earlier attempt may have left under a key that is forgotten by now. */
function isStale({ attempt, deliveryId }: SendRequest, nowMs: number): boolean {
  return attempt > 1 && isUuid(deliveryId) && nowMs - timeOfUuid(deliveryId) > KEY_LIFE_MS;
}

function hasQuery({ input }: SendRequest): boolean {
  return typeof input.data === 'object' && input.data !== null && 'query' in input.data && typeof input.data.query === 'string';
}

function invalid(detail: string): Outcome {
  return { kind: 'invalid', status: null, detail, sent: false };
}
