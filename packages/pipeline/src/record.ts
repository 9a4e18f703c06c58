/** Recording: results go out in group commits as deliveries finish; a straggler holds nobody back. */
import { type Bell, type BellEntry, type DeliveryRecord, isHubError, type LaneRef, type MessageStore, messageOf } from '@nave/core';
import { GroupCommit } from './group-commit.ts';

export interface Recorder {
  /** Resolves to false when the lease was no longer ours and nothing changed. @throws HubError `store.unavailable`: the lease will run out and the delivery be sent again under the same key */
  record(entry: DeliveryRecord): Promise<boolean>;
  drained(): Promise<void>;
}

export interface RecorderOptions {
  /** Takes deliveries whose turn in their lane has come; the bell is rung for them when it is absent. */
  offer?: (entries: readonly BellEntry[]) => void;
  /** Told when a lane could not be moved on: the sweep will. */
  onLaneLeft?: (reason: string) => void;
}

const LANES_AT_ONCE = 128;
const WAITING_MAX = 20_000;
/** As in accepting, and longer, for no sender waits for it: only a next step, the next one of a lane and a process whose slots are all taken wait for a result. */
const GATHER_MS = 6;
const COMMON = {
  writersMax: 1,
  waitingMax: WAITING_MAX,
  again: (error: unknown) => isHubError(error) && error.code === 'store.conflict',
  bisect: (error: unknown) => isHubError(error) && error.code === 'hub.internal',
};

export function createRecorder(store: MessageStore, bell: Bell, options: RecorderOptions = {}): Recorder {
  const offer = options.offer ?? ((entries) => bell.ring(entries));
  // Apart from the results and after them: whoever waits for a result does not wait for the lane, and a lane is moved on by what is committed.
  const lanes = new GroupCommit<LaneRef, null>({
    ...COMMON,
    batchMax: LANES_AT_ONCE,
    async write(batch) {
      const due = await store.advanceLanes(batch);
      if (due.length > 0) offer(due);
      return batch.map(() => null);
    },
  });
  const commits = new GroupCommit<DeliveryRecord, boolean>({
    ...COMMON,
    batchMax: 256,
    gatherMs: GATHER_MS,
    async write(batch) {
      const ours = new Set(await store.record(batch));
      for (const { id, state, lane } of batch) {
        if (lane !== null && LEAVES_LANE.has(state) && ours.has(id)) {
          lanes.add(lane).catch((error: unknown) => options.onLaneLeft?.(messageOf(error)));
        }
      }
      return batch.map(({ id }) => ours.has(id));
    },
  });
  return {
    async record(entry) {
      const ours = await commits.add(entry);
      if (ours && entry.next !== null) bell.ring([{ spoke: entry.next.spoke, deliveryId: entry.next.id }]);
      return ours;
    },
    async drained() {
      await commits.drained();
      await lanes.drained();
    },
  };
}

/** The states in which a delivery lets its lane move on, or parks it. */
const LEAVES_LANE: ReadonlySet<DeliveryRecord['state']> = new Set(['succeeded', 'skipped', 'dead', 'unknown', 'cancelled']);
