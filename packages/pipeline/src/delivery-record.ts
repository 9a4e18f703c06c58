/** The parts of a delivery's record: what every result has, its attempt, its sealed answer and the delivery of the next step. */
import { type ClaimedDelivery, type DeliveryRecord, deriveUuid, type Outcome, type RecordedAttempt, type SealKey } from '@nave/core';
import { encodeExcerpt, isWholeInExcerpt } from './excerpt.ts';
import { followingStep } from './plan-next-step.ts';
import type { CompiledRoute } from './registry.ts';
import { encodeOutput } from './step-output.ts';
import { storableLine } from './storable.ts';

/** The delivery as it was, given back without an attempt: what may have left stays unknown, all else is pending. */
export function untouched(delivery: ClaimedDelivery, delayMs = 0): DeliveryRecord {
  return {
    id: delivery.id,
    fence: delivery.fence,
    state: delivery.sending ? 'unknown' : 'pending',
    heldBy: null,
    reason: delivery.sending ? 'unanswered' : null,
    delayMs,
    lane: delivery.laneKey === null ? null : { spoke: delivery.spoke, key: delivery.laneKey },
    input: null,
    output: null,
    attempt: null,
    next: null,
  };
}

/**
 * @param endedAtMs milliseconds since the epoch
 * @param holdsInput the excerpt is where the delivery's input is kept
 */
export function attemptOf(
  delivery: ClaimedDelivery,
  key: SealKey,
  outcome: Outcome,
  startedAtMs: number,
  endedAtMs: number,
  holdsInput = false,
): RecordedAttempt {
  const number = delivery.attemptCount + 1;
  const id = deriveUuid(delivery.id, 'attempt', delivery.id, number);
  const excerpt = encodeExcerpt(outcome, holdsInput);
  return {
    ...{ id, number, startedAtMs },
    durationMs: Math.max(0, Math.round(endedAtMs - startedAtMs)),
    outcome: outcome.kind,
    status: outcome.status,
    detail: storableLine(outcome.detail),
    excerpt: excerpt === null ? null : key.seal(excerpt, `attempt:${id}`),
    retryAfterMs: outcome.retryAfterMs,
  };
}

/**
 * The answer of a success, sealed, where somebody may need it beside the excerpt of its attempt: a later step, who called, or who looks at more than an excerpt
 * holds. Null without one.
 */
export function outputOf(delivery: ClaimedDelivery, key: SealKey, { kind, response }: Outcome, route: CompiledRoute | null) {
  if (kind !== 'ok' || response === undefined) return null;
  const isLast = route?.steps[delivery.step + 1] === undefined;
  if (isLast && (response.body.length === 0 || (route?.call === undefined && isWholeInExcerpt(response)))) return null;
  return key.seal(encodeOutput(response), `delivery:${delivery.id}:output`);
}

/** The delivery that a succeeded one is followed by; null after the last step. */
export function nextDelivery(delivery: ClaimedDelivery, compiled: CompiledRoute | null): DeliveryRecord['next'] {
  const following = followingStep({ ...delivery, deliveryId: delivery.id }, compiled);
  if (following === null) return null;
  const { messageId, source, route, routeVersion, laneKey, createdAtMs, replayId } = delivery;
  return {
    ...following,
    ...{ messageId, source, route, routeVersion, laneKey, createdAtMs, replayId },
    ...{ state: 'pending', reason: null, replayOf: null },
  };
}
