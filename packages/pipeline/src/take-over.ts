/** Taking over: what the worker of the accepting process has room for is stored under its lease and begins as soon as it is committed, without ticket or claim. */
import {
  type AcceptResult,
  type BellEntry,
  type ClaimedDelivery,
  FIRST_FENCE,
  type MessageContent,
  type MessageStore,
  type NewDelivery,
  type NewMessage,
} from '@nave/core';

/** The worker of the same process, as accepting sees it. */
export interface TakeOver {
  owner: string;
  leaseMs: number;
  /**
   * Keeps a place for a delivery that is about to be stored. False: others can do it sooner, or may do it as well; it goes by ticket.
   * @param bytes of the message's body, in memory until the delivery has ended
   */
  reserve(spoke: string, bytes: number): boolean;
  /** Gives a place back that is not used after all. */
  release(spoke: string, bytes: number): void;
  /** Delivers what was stored as taken over; each has its place. @param acceptedAt monotonic, before the batch left: the lease counts from there */
  begin(deliveries: readonly ClaimedDelivery[], acceptedAt: number): void;
}

/** A message with what is known of it in clear while it is in memory. */
export interface OpenMessage {
  message: NewMessage;
  content: MessageContent;
  /** The parsed body. */
  data: unknown;
}

export interface Stored {
  result: AcceptResult;
  /** Deliveries that have to be rung for. */
  ring: readonly BellEntry[];
}

/** Stores a batch; what is taken over has begun when this resolves. @throws what the store throws; then nothing is stored and no place is kept */
export async function storeBatch(
  store: Pick<MessageStore, 'accept'>,
  takeOver: TakeOver | null,
  batch: readonly OpenMessage[],
  nowMs: number,
): Promise<Stored[]> {
  const ids = new Set<string>();
  if (takeOver !== null) {
    for (const { message } of batch)
      for (const { id, spoke, state } of message.deliveries) if (state === 'pending' && takeOver.reserve(spoke, message.size)) ids.add(id);
  }
  const acceptedAt = performance.now();
  const messages = batch.map(({ message }) => message);
  const release = ({ deliveries, size }: NewMessage, unless: (id: string) => boolean) => {
    for (const { id, spoke } of deliveries) if (ids.has(id) && !unless(id)) takeOver?.release(spoke, size);
  };
  let results: AcceptResult[];
  try {
    const { owner, leaseMs } = takeOver ?? {};
    const taken = owner === undefined || leaseMs === undefined || ids.size === 0 ? undefined : { owner, leaseMs, ids };
    results = await store.accept(messages, nowMs, taken);
  } catch (error) {
    for (const message of messages) release(message, () => false);
    throw error;
  }
  const begun: ClaimedDelivery[] = [];
  const stored = batch.map((open, n): Stored => {
    const result = results[n] ?? { duplicateOf: null, mismatch: false };
    const isStored = (id: string) => result.duplicateOf === null && result.held?.includes(id) !== true;
    release(open.message, isStored);
    const due = open.message.deliveries.filter(({ id, state }) => state === 'pending' && isStored(id));
    for (const delivery of due) if (ids.has(delivery.id)) begun.push(takenDelivery(open, delivery));
    return { result, ring: due.filter(({ id }) => !ids.has(id)).map(({ id, spoke }) => ({ spoke, deliveryId: id })) };
  });
  if (begun.length > 0) takeOver?.begin(begun, acceptedAt);
  return stored;
}

/** The delivery as a claim would give it, with the message still open. */
function takenDelivery({ message, content, data }: OpenMessage, delivery: NewDelivery): ClaimedDelivery {
  const { id, route, routeVersion, step, stepName, spoke, operation, laneKey } = delivery;
  const { type, receivedAtMs, contentType, correlationId, traceparent, orderingKey } = message;
  return {
    ...{ id, messageId: message.id, source: message.spoke, route, routeVersion, step, stepName, spoke, operation, laneKey },
    ...{ attemptCount: 0, attemptBase: 0, fence: FIRST_FENCE, sending: false, lookups: 0, input: null, replayId: null },
    createdAtMs: receivedAtMs,
    message: { type, receivedAtMs, content: message.content, contentType, correlationId, traceparent, orderingKey },
    opened: { content, data },
  };
}
