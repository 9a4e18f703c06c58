/** Messages, deliveries and results for tests of the hot path: complete, and different wherever a test says so. */
import { createHash } from 'node:crypto';
import type { ClaimedDelivery, DeliveryRecord, NewDelivery, NewMessage } from '@nave/core';
import { deriveUuid } from '@nave/core';

/** A message without deliveries. Its id must be given: everything else derives from it. */
export function buildMessage(id: string, changes: Partial<NewMessage> = {}): NewMessage {
  return {
    id,
    spoke: 'shop',
    type: 'order.created',
    receivedAtMs: Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16),
    content: Buffer.from(`content of ${id}`),
    contentType: 'application/json',
    size: 10,
    idempotencyKey: changes.idempotencyKeys?.[0] ?? null,
    idempotencyKeys: [],
    digest: digestOf('the body'),
    idempotencyExpiresAtMs: Date.now() + 3_600_000,
    correlationId: null,
    causationId: null,
    orderingKey: null,
    traceparent: null,
    unrouted: false,
    businessKeys: [],
    deliveries: [],
    ...changes,
  };
}

export function digestOf(body: string): Uint8Array {
  return createHash('sha256').update(body).digest();
}

/** The first delivery of a message to a spoke. */
export function buildDelivery(messageId: string, changes: Partial<NewDelivery> = {}): NewDelivery {
  const { route = 'invoices', step = 0 } = changes;
  return {
    id: deriveUuid(messageId, 'delivery', messageId, route, step),
    route,
    routeVersion: 1,
    step,
    stepName: `step${step}`,
    spoke: 'erp',
    operation: 'create',
    state: 'pending',
    reason: null,
    laneKey: null,
    ...changes,
  };
}

/** What became of a claimed delivery: one more attempt that went well, unless told otherwise. */
export function buildRecord(
  claimed: Pick<ClaimedDelivery, 'id' | 'fence' | 'attemptCount'>,
  changes: Partial<DeliveryRecord> = {},
): DeliveryRecord {
  const number = claimed.attemptCount + 1;
  return {
    id: claimed.id,
    fence: claimed.fence,
    state: 'succeeded',
    heldBy: null,
    reason: null,
    delayMs: null,
    lane: null,
    input: null,
    output: null,
    attempt: {
      id: deriveUuid(claimed.id, 'attempt', claimed.id, number),
      number,
      startedAtMs: Date.now(),
      durationMs: 12,
      outcome: 'ok',
      status: 200,
      detail: 'HTTP 200',
      excerpt: null,
    },
    next: null,
    ...changes,
  };
}
