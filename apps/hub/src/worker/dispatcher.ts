/**
 * The worker's scheduler: ids from tickets go into bounded lanes per spoke; claims are made in batches over all spokes, each within its concurrency, so that
 * one slow spoke never takes the slots of another.
 */
import {
  type BellEntry,
  type ClaimedDelivery,
  type DeliveryRecord,
  isHubError,
  type Logger,
  type MessageStore,
  messageOf,
} from '@nave/core';
import type { Deliver, Recorder, Registry } from '@nave/pipeline';
import { SpokeLane } from './spoke-lane.ts';

export interface DispatcherDeps {
  store: MessageStore;
  registry: Registry;
  recorder: Recorder;
  deliver: Deliver;
  logger: Logger;
  /** Names this process in leases. */
  owner: string;
  leaseMs: number;
  /** Deliveries under way at once in this process. */
  concurrency: number;
  onFinished: (delivery: ClaimedDelivery, record: DeliveryRecord) => void;
}

export interface Dispatcher {
  offer(entries: readonly BellEntry[]): void;
  /** Deliveries under way. */
  active(): number;
  /** Ids waiting in lanes that drain within moments: what waits for this process, not for a spoke. */
  backlog(): number;
  /** Takes nothing new, waits for what is under way up to `patienceMs`, then aborts it; resolves when everything is recorded. */
  stop(patienceMs: number): Promise<void>;
}

const CLAIM_MAX = 256;
const CLAIMS_AT_ONCE = 1;
const RECORD_PATIENCE_MS = 25_000;
const CLAIM_PAUSE_MS = 500;
const QUICK_DRAIN_MS = 2_000;
/** Between two claims of a busy worker. */
const CLAIM_GAP_MS = 5;

export function createDispatcher(deps: DispatcherDeps): Dispatcher {
  const lanes = new Map<string, SpokeLane>();
  const underWay = new Map<string, { fence: number; since: number; done: Promise<void> }>();
  const stopping = new AbortController();
  let reserved = 0;
  let claims = 0;
  let scheduled = false;
  let stopped = false;
  let pausedUntil = 0;
  let claimedAt = Number.NEGATIVE_INFINITY;

  const renewal = setInterval(() => void renewLeases(), deps.leaseMs / 3);
  renewal.unref();

  async function renewLeases(): Promise<void> {
    const before = performance.now() - deps.leaseMs / 4;
    const leases = [...underWay].filter(([, { since }]) => since <= before).map(([id, { fence }]) => ({ id, fence }));
    if (leases.length === 0) return;
    await deps.store
      .renew(leases, deps.owner, deps.leaseMs)
      .catch((error: unknown) => deps.logger.warn({ reason: messageOf(error) }, 'leases were not renewed'));
  }

  function laneOf(spoke: string): SpokeLane {
    const known = lanes.get(spoke);
    if (known !== undefined) return known;
    const lane = new SpokeLane(spoke);
    lanes.set(spoke, lane);
    return lane;
  }

  function schedule(): void {
    if (scheduled || stopped || claims >= CLAIMS_AT_ONCE) return;
    scheduled = true;
    const now = performance.now();
    // Busy, slots free up one by one: a claim for each would cost more than the deliveries. Idle, the last claim is long ago and nothing waits.
    const pause = Math.max(pausedUntil - now, claimedAt + CLAIM_GAP_MS - now);
    const run = () => {
      scheduled = false;
      pump();
    };
    if (pause > 0) setTimeout(run, pause);
    else setImmediate(run);
  }

  /** Free slots of a lane, within the spoke's concurrency; none while the spoke is paused. */
  function freeSlots(lane: SpokeLane): number {
    const spoke = deps.registry.spoke(lane.spoke);
    if (spoke === null) return Math.max(0, 1 - lane.active);
    if (spoke.definition.paused || !spoke.definition.enabled) {
      // The sweep holds its rows; what is resumed is rung again.
      lane.clear();
      lane.overflowed = false;
      return 0;
    }
    return Math.max(0, spoke.definition.policy.concurrency - lane.active);
  }

  function pump(): void {
    if (stopped || claims >= CLAIMS_AT_ONCE) return;
    const batch: { lane: SpokeLane; ids: string[] }[] = [];
    let room = Math.min(CLAIM_MAX, deps.concurrency - reserved);
    for (const lane of rotated()) {
      if (room <= 0 || claims >= CLAIMS_AT_ONCE) break;
      const free = Math.min(room, freeSlots(lane));
      if (free <= 0) continue;
      if (lane.waiting === 0) {
        if (lane.overflowed) {
          lane.overflowed = false;
          room -= free;
          void claimOverflow(lane, free);
        }
        continue;
      }
      const ids = lane.take(free);
      reserve(lane, ids.length);
      room -= ids.length;
      batch.push({ lane, ids });
    }
    if (batch.length > 0) void claimBatch(batch);
  }

  /** Every lane that has something to do, starting with another one each time, so that no spoke is always first. */
  let turn = 0;
  function rotated(): SpokeLane[] {
    const busy = [...lanes.values()].filter((lane) => lane.waiting > 0 || lane.overflowed);
    turn = busy.length === 0 ? 0 : (turn + 1) % busy.length;
    return [...busy.slice(turn), ...busy.slice(0, turn)];
  }

  function reserve(lane: SpokeLane, count: number): void {
    lane.active += count;
    reserved += count;
  }

  async function claimBatch(batch: readonly { lane: SpokeLane; ids: string[] }[]): Promise<void> {
    const ids = batch.flatMap((each) => each.ids);
    const claimed = await claiming(() => deps.store.claim(ids, deps.owner, deps.leaseMs));
    for (const { lane, ids: asked } of batch) {
      reserve(lane, -asked.length);
      // Not claimed because the database was away: still due, found by its due time.
      if (claimed === null) lane.overflowed = true;
    }
    // By the row's own spoke: a ticket may be wrong about it.
    for (const delivery of claimed ?? []) begin(laneOf(delivery.spoke), delivery);
    schedule();
  }

  async function claimOverflow(lane: SpokeLane, free: number): Promise<void> {
    reserve(lane, free);
    const claimed = await claiming(() => deps.store.claimDue(lane.spoke, free, deps.owner, deps.leaseMs));
    reserve(lane, -free);
    // As many as were asked for: there may be more.
    if (claimed === null || claimed.length === free) lane.overflowed = true;
    for (const delivery of claimed ?? []) begin(lane, delivery);
    schedule();
  }

  async function claiming(work: () => Promise<ClaimedDelivery[]>): Promise<ClaimedDelivery[] | null> {
    claims += 1;
    claimedAt = performance.now();
    try {
      return await work();
    } catch (error) {
      deps.logger.warn({ reason: messageOf(error) }, 'deliveries could not be claimed');
      pausedUntil = performance.now() + CLAIM_PAUSE_MS;
      return null;
    } finally {
      claims -= 1;
    }
  }

  function begin(lane: SpokeLane, delivery: ClaimedDelivery): void {
    reserve(lane, 1);
    // Claimed anew although it is under way here: its lease was lost meanwhile. One after the other, the earlier one's result is refused by its fence.
    const earlier = underWay.get(delivery.id)?.done ?? Promise.resolve();
    const entry = { fence: delivery.fence, since: performance.now(), done: earlier.then(() => run(delivery)) };
    entry.done = entry.done.finally(() => {
      if (underWay.get(delivery.id) === entry) underWay.delete(delivery.id);
      lane.finished(performance.now());
      reserve(lane, -1);
      schedule();
    });
    underWay.set(delivery.id, entry);
  }

  async function run(delivery: ClaimedDelivery): Promise<void> {
    try {
      const record = await deps.deliver(delivery, stopping.signal);
      if (record !== null && (await recordPatiently(record))) deps.onFinished(delivery, record);
    } catch (error) {
      // The lease runs out and the delivery is made again, under the same key.
      deps.logger.error({ deliveryId: delivery.id, spoke: delivery.spoke, reason: messageOf(error) }, 'a delivery was not recorded');
    }
  }

  /** The result is worth waiting for: without it the delivery is sent once more. */
  async function recordPatiently(record: DeliveryRecord): Promise<boolean> {
    const deadline = performance.now() + RECORD_PATIENCE_MS;
    for (let pause = 50; ; pause = Math.min(pause * 2, 1_000)) {
      try {
        return await deps.recorder.record(record);
      } catch (error) {
        const mayPass = isHubError(error) && (error.retryable || error.code === 'store.conflict');
        if (!mayPass || performance.now() > deadline || stopping.signal.aborted) throw error;
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
  }

  return {
    offer(entries) {
      if (stopped) return;
      for (const { spoke, deliveryId } of entries) if (!underWay.has(deliveryId)) laneOf(spoke).offer(deliveryId);
      schedule();
    },
    active: () => underWay.size,
    backlog() {
      const now = performance.now();
      let waiting = 0;
      for (const lane of lanes.values()) if (lane.waiting > 0 && lane.drainMs(now) < QUICK_DRAIN_MS) waiting += lane.waiting;
      return waiting;
    },
    async stop(patienceMs) {
      stopped = true;
      const finished = Promise.all([...underWay.values()].map(({ done }) => done));
      const timer = setTimeout(() => stopping.abort(), patienceMs);
      while (claims > 0) await new Promise((resolve) => setTimeout(resolve, 5));
      await finished;
      await Promise.all([...underWay.values()].map(({ done }) => done));
      clearTimeout(timer);
      clearInterval(renewal);
      await deps.recorder.drained();
    },
  };
}
