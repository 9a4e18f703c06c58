/** Storing a call: apart from other messages, so that it never waits for their batch, and with the lease of this process on its first delivery. */
import { type AcceptResult, type ClaimedDelivery, HubError, isHubError, type MessageStore } from '@nave/core';
import { GroupCommit } from '../group-commit.ts';
import { type OpenMessage, type Stored, storeBatch, type TakeOver } from '../take-over.ts';

export interface CallAccepterDeps {
  store: Pick<MessageStore, 'accept'>;
  owner: string;
  leaseMs: number;
  now: () => number;
}

export interface AcceptedCallMessage {
  result: AcceptResult;
  /** Ours from the start; null when it has to wait for its lane, or is not taken. */
  taken: ClaimedDelivery | null;
}

export interface CallAccepter {
  /** @param take whether this process makes it itself. @throws HubError `store.unavailable`, `limit.overload` */
  (open: OpenMessage, take: boolean): Promise<AcceptedCallMessage>;
  drained(): Promise<void>;
}

const PATIENCE_MS = 10_000;

export function createCallAccepter({ store, owner, leaseMs, now }: CallAccepterDeps): CallAccepter {
  /** Messages whose caller waits for their commit; one that gave up leaves its delivery to the lease. */
  const waiting = new Set<string>();
  const taken = new Map<string, ClaimedDelivery>();
  const over: TakeOver = {
    ...{ owner, leaseMs, reserve: () => true, release: () => undefined },
    begin(deliveries) {
      for (const delivery of deliveries) if (waiting.has(delivery.messageId)) taken.set(delivery.messageId, delivery);
    },
  };
  const commitsOf = (takeOver: TakeOver | null) =>
    new GroupCommit<OpenMessage, Stored>({
      write: (batch) => storeBatch(store, takeOver, batch, now()),
      batchMax: 64,
      // Several at once: a call does not wait for the commit of the one before.
      writersMax: 4,
      waitingMax: 10_000,
      patienceMs: PATIENCE_MS,
      again: (error) => isHubError(error) && error.code === 'store.conflict',
      bisect: (error) => isHubError(error) && error.code === 'hub.internal',
      exclusiveKeys: ({ message }) => message.idempotencyKeys.map((key) => `${message.spoke}\u0000${key}`),
    });
  // What is not taken is rare: a call that tries out a broken spoke, or one that is stored for later.
  const [mine, others] = [commitsOf(over), commitsOf(null)];

  const accept = async (open: OpenMessage, take: boolean): Promise<AcceptedCallMessage> => {
    const { id } = open.message;
    waiting.add(id);
    try {
      const { result } = await (take ? mine : others).add(open);
      return { result, taken: taken.get(id) ?? null };
    } catch (error) {
      const lost = isHubError(error) && error.code === 'store.conflict';
      throw lost ? new HubError('store.unavailable', { retryAfterSeconds: 1, cause: error }) : error;
    } finally {
      waiting.delete(id);
      taken.delete(id);
    }
  };
  return Object.assign(accept, {
    async drained() {
      await mine.drained();
      await others.drained();
    },
  });
}
