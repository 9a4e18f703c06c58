/** Delivering: map, mark, send with a timeout, decide. Takes a claimed delivery, gives the record of what became of it. */
import {
  type ClaimedDelivery,
  type Clock,
  type DeliveryRecord,
  type Ids,
  isHubError,
  type Logger,
  type MessageStore,
  messageOf,
  nextStep,
  type Outcome,
  operationPolicy,
  type Sealer,
  type SealKey,
  type SendingMark,
  timeOfUuid,
} from '@nave/core';
import { attemptOf, nextDelivery, outputOf, untouched } from './delivery-record.ts';
import { isInputInExcerpt } from './excerpt.ts';
import { HELD, type Lease } from './lease.ts';
import { lookUp } from './look-up.ts';
import { prepareDelivery, type SendContext } from './prepare-delivery.ts';
import type { Registry } from './registry.ts';
import { createAttempts } from './send-attempt.ts';

export interface DeliverDeps {
  store: MessageStore;
  registry: Registry;
  sealer: Sealer;
  clock: Clock;
  ids: Ids;
  logger: Logger;
  /** Marks an attempt as about to leave; false when the lease is no longer ours. Batched by the caller. */
  markSending: (mark: SendingMark) => Promise<boolean>;
}

/**
 * @param stopping aborted when the process gives up waiting for deliveries under way, or has lost this one
 * @param lease asked just before anything leaves
 */
export type Deliver = (delivery: ClaimedDelivery, stopping: AbortSignal, lease?: Lease) => Promise<DeliveryRecord | null>;

/** Answers null when the lease was lost before anything left: nothing is to be recorded. */
export function createDeliver(deps: DeliverDeps): Deliver {
  const attempts = createAttempts(deps);
  const asking = { attempts, now: deps.clock.now, random: deps.ids.random };
  return async (delivery, stopping, lease = HELD) => {
    const startedAtMs = deps.clock.now();
    const key = await unlessAway(delivery, deps.sealer.keyFor(`spoke:${delivery.source}`, timeOfUuid(delivery.messageId)));
    if (key === null) return untouched(delivery, GO_BACK_MS);
    const prepared = await prepareDelivery(deps, delivery).catch((error: unknown) => {
      deps.logger.warn({ deliveryId: delivery.id, reason: messageOf(error) }, 'a delivery could not be prepared and goes back');
      return null;
    });
    if (prepared === null) return untouched(delivery, GO_BACK_MS);
    if (delivery.sending) return lookUp(asking, delivery, prepared, key, lease, stopping);
    if (!prepared.ok) return recordOf(deps, delivery, key, startedAtMs, prepared.outcome, prepared.context);
    const { context, input } = prepared;
    // What may not be sent twice is marked before it leaves, so that nobody sends it again who does not know.
    const once = context.operation.idempotent === 'never' || context.step.definition.atMostOnce;
    if (!lease.holds()) return null;
    if (once) {
      const mark = { id: delivery.id, fence: delivery.fence, input: sealedInput(delivery, key, context.mapped) };
      const marked = await unlessAway(delivery, deps.markSending(mark));
      if (marked === null) return untouched(delivery, GO_BACK_MS);
      if (!marked) return null;
    }
    const { timeoutMs } = operationPolicy(context.spoke.definition.policy, context.operation.name);
    const outcome = await attempts.send(delivery, timeoutMs, input, lease, stopping);
    if (outcome === null) return null;
    // A stop is not the other side's doing: the delivery goes back as it was, unless it may have left and must not be sent twice.
    if (stopping.aborted && outcome.kind !== 'ok' && outcome.status === null && !(outcome.sent && once)) return untouched(delivery);
    return recordOf(deps, delivery, key, startedAtMs, outcome, context);
  };

  /** Null when the store is away for the moment: before anything leaves, a delivery goes back. Left to its lease, it would count as one that lost its worker. */
  function unlessAway<T>(delivery: ClaimedDelivery, work: Promise<T>): Promise<T | null> {
    return work.catch((error: unknown) => {
      if (!isHubError(error) || !error.retryable) throw error;
      deps.logger.warn({ deliveryId: delivery.id, reason: messageOf(error) }, 'a delivery waits for the store and goes back');
      return null;
    });
  }
}

async function recordOf(
  deps: DeliverDeps,
  delivery: ClaimedDelivery,
  key: SealKey,
  startedAtMs: number,
  outcome: Outcome,
  context: SendContext | null,
): Promise<DeliveryRecord> {
  const operation = context?.operation;
  const decision = nextStep({
    outcome,
    policy: context === null ? NO_RETRY : operationPolicy(context.spoke.definition.policy, context.operation.name).retry,
    attempt: delivery.attemptCount + 1 - delivery.attemptBase,
    idempotent: operation?.idempotent ?? 'key',
    lookup: operation?.lookup !== undefined,
    atMostOnce: context?.step.definition.atMostOnce ?? false,
    random: deps.ids.random(),
    ...(operation?.retryOn === undefined ? {} : { retryOn: operation.retryOn }),
    ...(operation?.rejectOn === undefined ? {} : { rejectOn: operation.rejectOn }),
  });
  const route = context?.route ?? null;
  const mapped = context?.mapped ?? null;
  // Nobody sends it again, and whoever looks at it finds it in the excerpt: one sealed value less.
  const isInExcerpt = mapped !== null && decision.state === 'succeeded' && isInputInExcerpt(mapped, outcome);
  return {
    ...untouched(delivery),
    state: decision.state,
    reason: decision.state === 'succeeded' ? null : decision.reason,
    delayMs: decision.state === 'retrying' || decision.state === 'unknown' ? decision.delayMs : null,
    input: isInExcerpt ? null : sealedInput(delivery, key, mapped),
    output: outputOf(delivery, key, outcome, route),
    attempt: attemptOf(delivery, key, outcome, startedAtMs, deps.clock.now(), isInExcerpt),
    next: decision.state === 'succeeded' ? nextDelivery(delivery, route) : null,
  };
}

function sealedInput(delivery: ClaimedDelivery, key: SealKey, mapped: Uint8Array | null): Uint8Array | null {
  return mapped === null ? null : key.seal(mapped, `delivery:${delivery.id}:input`);
}

/** Milliseconds until a delivery is due again that the hub itself could not prepare. */
const GO_BACK_MS = 1_000;

const NO_RETRY = { attempts: 1, baseMs: 0, maxMs: 0, factor: 1, jitter: false };
