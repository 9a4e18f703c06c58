/** Messages and deliveries for the tests of this folder. */
import type { Delivery, Message } from '@nave/api-schema';

const AT = '2026-11-21T18:00:00.000Z';

export function delivery(fields: Partial<Delivery> = {}): Delivery {
  return {
    ...{ id: '01a1ff5f-0000-7000-8000-000000000001', messageId: '01a1ff5f-0000-7000-8000-000000000000' },
    ...{ route: 'order-to-invoice', routeVersion: 1, step: 'invoice', spoke: 'erp', operation: 'createInvoice', state: 'succeeded' },
    ...{ heldBy: null, blockedBy: null, reason: null, attemptCount: 1, nextAttemptAt: null, createdAt: AT, finishedAt: AT },
    ...{ replayOf: null, attempts: [] },
    ...fields,
  };
}

export function attempt(number: number, outcome: string, status: number | null, startedAt = AT): Delivery['attempts'][number] {
  return { number, startedAt, durationMs: 5, outcome, status, detail: '' };
}

export function message(deliveries: Delivery[], fields: Partial<Message> = {}): Message {
  return {
    ...{ id: '01a1ff5f-0000-7000-8000-000000000000', source: 'shop', type: 'order.created', state: 'completed' },
    ...{ receivedAt: AT, completedAt: null, idempotencyKey: null, correlationId: null, orderingKey: null, size: 366 },
    ...{ contentType: 'application/json', keys: [], deliveries, timeline: [], editedFrom: null, edits: [] },
    ...fields,
  };
}
