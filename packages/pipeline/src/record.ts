/** Recording: results go out in group commits as deliveries finish; a straggler holds nobody back. */
import { type Bell, type DeliveryRecord, isHubError, type MessageStore } from '@nave/core';
import { GroupCommit } from './group-commit.ts';

export interface Recorder {
  /** Resolves to false when the lease was no longer ours and nothing changed. @throws HubError `store.unavailable`: the lease will run out and the delivery be sent again under the same key */
  record(entry: DeliveryRecord): Promise<boolean>;
  drained(): Promise<void>;
}

export function createRecorder(store: MessageStore, bell: Bell): Recorder {
  const commits = new GroupCommit<DeliveryRecord, boolean>({
    write: async (batch) => {
      const ours = new Set(await store.record(batch));
      return batch.map(({ id }) => ours.has(id));
    },
    batchMax: 256,
    writersMax: 1,
    waitingMax: 20_000,
    again: (error) => isHubError(error) && error.code === 'store.conflict',
    bisect: (error) => isHubError(error) && error.code === 'hub.internal',
  });
  return {
    async record(entry) {
      const ours = await commits.add(entry);
      if (ours && entry.next !== null) bell.ring([{ spoke: entry.next.spoke, deliveryId: entry.next.id }]);
      return ours;
    },
    drained: () => commits.drained(),
  };
}
