/**
 * The worker's scheduler: ids from tickets go into bounded lanes per spoke; claims are made in batches over all spokes, each within what its gates give it, so
 * that one slow spoke never takes the slots of another.
 */
import {
  type BellEntry,
  type ClaimedDelivery,
  type DeliveryRecord,
  type Logger,
  type MessageStore,
  messageOf,
  type SpokeGate,
} from '@nave/core';
import { type Deliver, type Recorder, type Registry, type TakeOver, untouched } from '@nave/pipeline';
import { divideRoom } from './divide-room.ts';
import { allGates } from './gates/all-gates.ts';
import { createLeases, type HeldLease } from './leases.ts';
import { createReadyLines } from './ready-lines.ts';
import { recordPatiently } from './record-patiently.ts';
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
  /** What a spoke's deliveries have to pass before they are claimed, in this order. Closed with the dispatcher. */
  gates: readonly SpokeGate[];
  onFinished: (delivery: ClaimedDelivery, record: DeliveryRecord) => void;
}

export interface Dispatcher {
  offer(entries: readonly BellEntry[]): void;
  /**
   * Claims this delivery now, whatever gates and limits say, and delivers it. Answers false when it could not be claimed; does not wait for the delivery.
   */
  probe(spoke: string, deliveryId: string): Promise<boolean>;
  /** For the accepter of this process: what there is room for is delivered without a ticket. */
  takeOver: TakeOver;
  /** Deliveries under way. */
  active(): number;
  /** Ids waiting in lanes that drain within moments: what waits for this process, not for a spoke. */
  backlog(): number;
  /** Takes nothing new, waits for what is under way up to `patienceMs`, then aborts it; resolves when everything is recorded. */
  stop(patienceMs: number): Promise<void>;
}

const CLAIM_MAX = 256;
const CLAIMS_AT_ONCE = 1;
const CLAIM_PAUSE_MS = 500;
const QUICK_DRAIN_MS = 2_000;
/** Between two claims of a busy worker. */
const CLAIM_GAP_MS = 5;
/** What was taken over and has no turn is looked at so often, whatever happens. */
const READY_LOOK_MS = 500;

interface Claimed {
  at: number;
  deliveries: ClaimedDelivery[];
}

export function createDispatcher(deps: DispatcherDeps): Dispatcher {
  const lanes = new Map<string, SpokeLane>();
  const underWay = new Map<string, { lease: HeldLease; done: Promise<void> }>();
  const stopping = new AbortController();
  const leases = createLeases(deps);
  const gates = allGates(deps.gates);
  let reserved = 0;
  let claims = 0;
  let scheduled = false;
  let stopped = false;
  let pausedUntil = 0;
  let claimedAt = Number.NEGATIVE_INFINITY;

  const ready = createReadyLines({
    max: deps.concurrency,
    freeOf: (lane, wanted) => gates.room(lane.spoke, wanted, lane.active),
    slotsOf(name) {
      const definition = deps.registry.spoke(name)?.definition;
      return definition === undefined || definition.paused || !definition.enabled ? 0 : definition.policy.concurrency;
    },
  });
  const readyLook = setInterval(() => scheduleReady(), READY_LOOK_MS);
  readyLook.unref();

  gates.onRoom((spoke) => {
    if (lanes.get(spoke)?.busy === true) schedule();
    scheduleReady();
  });

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

  let readyScheduled = false;
  function scheduleReady(): void {
    if (readyScheduled || stopped || ready.size() === 0) return;
    readyScheduled = true;
    setImmediate(() => {
      readyScheduled = false;
      if (!stopped) startReady();
    });
  }

  /** Starts what was taken over, as far as there are slots; what has to wait for longer goes back. */
  function startReady(): void {
    const now = performance.now();
    const wishes: { lane: SpokeLane; free: number; active: number; quick: boolean }[] = [];
    for (const { lane, count } of ready.waiting()) {
      const free = freeOf(lane, count, now);
      if (free > 0) wishes.push({ lane, free, active: lane.active, quick: lane.quick(now) });
      else if (lane.shut || lane.starved(now)) giveBack(lane);
    }
    const room = deps.concurrency - reserved;
    if (room <= 0 || wishes.length === 0) return;
    const shares = divideRoom(wishes, room, deps.concurrency, slowUnderWay(now));
    for (const [n, { lane }] of wishes.entries()) {
      const leases = ready.take(lane, shares[n] ?? 0);
      reserve(lane, leases.length);
      for (const lease of leases) start(lane, lease, now);
    }
  }

  /** Deliveries that nobody sent: pending again, for whoever has room. */
  function giveBack(lane: SpokeLane): void {
    for (const lease of ready.take(lane, Number.POSITIVE_INFINITY)) {
      const { delivery } = lease;
      const back = recordPatiently(deps.recorder, untouched(delivery), stopping.signal).then(
        () => undefined,
        (error: unknown) => deps.logger.warn({ deliveryId: delivery.id, reason: messageOf(error) }, 'a delivery could not be given back'),
      );
      const entry = { lease, done: back };
      entry.done = back.finally(() => end(lease, entry));
      underWay.set(delivery.id, entry);
    }
  }

  /** How many deliveries of a lane may start now by its spoke's own limits; none while the spoke is paused. */
  function freeOf(lane: SpokeLane, most: number, nowMs: number): number {
    const spoke = deps.registry.spoke(lane.spoke);
    if (spoke === null) return Math.min(most, Math.max(0, 1 - lane.active));
    const { paused, enabled, policy } = spoke.definition;
    lane.shut = paused || !enabled;
    if (lane.shut) {
      // The sweep holds its rows; what is resumed is rung again.
      lane.clear();
      lane.overflowed = false;
      return 0;
    }
    const wanted = Math.min(most, Math.max(0, policy.concurrency - lane.active));
    const free = wanted === 0 ? 0 : gates.room(lane.spoke, wanted, lane.active);
    lane.hadRoom(free > 0, nowMs);
    return free;
  }

  function pump(): void {
    if (stopped || claims >= CLAIMS_AT_ONCE) return;
    const room = Math.min(CLAIM_MAX, deps.concurrency - reserved);
    if (room <= 0) return;
    const now = performance.now();
    const wishes = rotated()
      .map((lane) => ({
        lane,
        free: freeOf(lane, Math.min(room, lane.waiting > 0 ? lane.waiting : CLAIM_MAX), now),
        active: lane.active,
        quick: lane.quick(now),
      }))
      .filter(({ free }) => free > 0);
    if (wishes.length === 0) return;
    const shares = divideRoom(wishes, room, deps.concurrency, slowUnderWay(now));
    const batch: { lane: SpokeLane; ids: string[] }[] = [];
    for (const [n, { lane }] of wishes.entries()) {
      const share = shares[n] ?? 0;
      if (share <= 0) continue;
      if (lane.waiting > 0) {
        const ids = lane.take(share);
        reserve(lane, ids.length);
        batch.push({ lane, ids });
      } else if (lane.overflowed && claims < CLAIMS_AT_ONCE) {
        lane.overflowed = false;
        reserve(lane, share);
        void claimOverflow(lane, share);
      }
    }
    if (batch.length > 0) void claimBatch(batch);
  }

  function slowUnderWay(nowMs: number): number {
    let slow = 0;
    for (const lane of lanes.values()) if (lane.active > 0 && !lane.quick(nowMs)) slow += lane.active;
    return slow;
  }

  /** Every lane that has something to do, starting with another one each time, so that no spoke is always first. */
  let turn = 0;
  function rotated(): SpokeLane[] {
    const busy = [...lanes.values()].filter((lane) => lane.busy);
    turn = busy.length === 0 ? 0 : (turn + 1) % busy.length;
    return [...busy.slice(turn), ...busy.slice(0, turn)];
  }

  function reserve(lane: SpokeLane, count: number): void {
    lane.active += count;
    reserved += count;
    gates.started(lane.spoke, count);
  }

  /** A slot of the spoke is free again; that of this process when the delivery is recorded, so that what waits for the database is bounded. */
  function free(lane: SpokeLane, count: number): void {
    lane.active -= count;
    gates.ended(lane.spoke, count);
  }

  function notClaimed(lane: SpokeLane, count: number): void {
    if (count <= 0) return;
    gates.unused?.(lane.spoke, count);
    free(lane, count);
    reserved -= count;
  }

  async function claimBatch(batch: readonly { lane: SpokeLane; ids: string[] }[]): Promise<void> {
    const ids = batch.flatMap((each) => each.ids);
    const claimed = await claiming(() => deps.store.claim(ids, deps.owner, deps.leaseMs));
    const missing = new Map(batch.map(({ lane, ids: asked }) => [lane, new Set(asked)]));
    for (const delivery of claimed?.deliveries ?? []) {
      // By the row's own spoke: a ticket may be wrong about it.
      const lane = laneOf(delivery.spoke);
      if (missing.get(lane)?.delete(delivery.id) !== true) reserve(lane, 1);
      begin(lane, delivery, claimed?.at ?? 0);
    }
    for (const [lane, { size }] of missing) {
      notClaimed(lane, size);
      // Not claimed because the database was away: still due, found by its due time.
      if (claimed === null) lane.overflowed = true;
    }
    schedule();
  }

  async function claimOverflow(lane: SpokeLane, count: number): Promise<void> {
    const claimed = await claiming(() => deps.store.claimDue(lane.spoke, count, deps.owner, deps.leaseMs));
    // As many as were asked for: there may be more.
    if (claimed === null || claimed.deliveries.length === count) lane.overflowed = true;
    for (const delivery of claimed?.deliveries ?? []) begin(lane, delivery, claimed?.at ?? 0);
    notClaimed(lane, count - (claimed?.deliveries.length ?? 0));
    schedule();
  }

  async function claiming(work: () => Promise<ClaimedDelivery[]>): Promise<Claimed | null> {
    claims += 1;
    claimedAt = performance.now();
    const at = claimedAt;
    try {
      return { at, deliveries: await work() };
    } catch (error) {
      deps.logger.warn({ reason: messageOf(error) }, 'deliveries could not be claimed');
      pausedUntil = performance.now() + CLAIM_PAUSE_MS;
      return null;
    } finally {
      claims -= 1;
    }
  }

  /** Its slot is reserved already. */
  function begin(lane: SpokeLane, delivery: ClaimedDelivery, at: number): void {
    start(lane, leases.hold(delivery, at), at);
  }

  function start(lane: SpokeLane, lease: HeldLease, at: number): void {
    const { id } = lease.delivery;
    // Claimed anew although it is under way here: its lease was lost meanwhile. One after the other, and the earlier one is broken off.
    const earlier = underWay.get(id);
    earlier?.lease.lose();
    lane.began(lease, at);
    const entry = { lease, done: earlier === undefined ? run(lane, lease) : earlier.done.then(() => run(lane, lease)) };
    entry.done = entry.done.finally(() => {
      reserved -= 1;
      end(lease, entry);
      schedule();
    });
    underWay.set(id, entry);
  }

  function end(lease: HeldLease, entry: { lease: HeldLease }): void {
    const { delivery } = lease;
    if (underWay.get(delivery.id) === entry) underWay.delete(delivery.id);
    leases.release(lease);
    if (delivery.opened !== undefined) ready.ended(delivery.opened.content.body.length);
  }

  async function run(lane: SpokeLane, lease: HeldLease): Promise<void> {
    const { delivery } = lease;
    try {
      const record = await deps.deliver(delivery, stopping.signal, lease).finally(() => {
        lane.finished(lease, performance.now());
        free(lane, 1);
        scheduleReady();
        if (lane.busy) schedule();
      });
      if (record === null || lease.lost) return;
      if (await recordPatiently(deps.recorder, record, stopping.signal)) deps.onFinished(delivery, record);
    } catch (error) {
      // The lease runs out and the delivery is made again, under the same key.
      deps.logger.error({ deliveryId: delivery.id, spoke: delivery.spoke, reason: messageOf(error) }, 'a delivery was not recorded');
    }
  }

  const takeOver: TakeOver = {
    owner: deps.owner,
    leaseMs: deps.leaseMs,
    reserve: (spoke, bytes) => !stopped && ready.reserve(laneOf(spoke), bytes),
    release: (spoke, bytes) => ready.release(laneOf(spoke), bytes),
    begin(deliveries, acceptedAt) {
      for (const delivery of deliveries) ready.add(laneOf(delivery.spoke), leases.hold(delivery, acceptedAt));
      if (stopped) for (const { lane } of ready.waiting()) giveBack(lane);
      else startReady();
    },
  };

  return {
    takeOver,
    offer(entries) {
      if (stopped) return;
      for (const { spoke, deliveryId } of entries) if (!underWay.has(deliveryId)) laneOf(spoke).offer(deliveryId);
      schedule();
    },
    async probe(_spoke, deliveryId) {
      if (stopped || underWay.has(deliveryId)) return false;
      const claimed = await claiming(() => deps.store.claim([deliveryId], deps.owner, deps.leaseMs));
      const [delivery] = claimed?.deliveries ?? [];
      if (claimed !== null && delivery !== undefined) {
        const lane = laneOf(delivery.spoke);
        reserve(lane, 1);
        begin(lane, delivery, claimed.at);
      }
      // What was offered meanwhile, for any spoke, waited for this claim to end.
      schedule();
      return delivery !== undefined;
    },
    active: () => underWay.size,
    backlog() {
      const now = performance.now();
      let waiting = 0;
      for (const lane of lanes.values()) if (lane.waiting > 0 && lane.drainMs(now) < QUICK_DRAIN_MS) waiting += lane.waiting;
      return waiting + ready.size();
    },
    async stop(patienceMs) {
      stopped = true;
      clearInterval(readyLook);
      for (const { lane } of ready.waiting()) giveBack(lane);
      const finished = Promise.all([...underWay.values()].map(({ done }) => done));
      const timer = setTimeout(() => stopping.abort(), patienceMs);
      while (claims > 0) await new Promise((resolve) => setTimeout(resolve, 5));
      await finished;
      await Promise.all([...underWay.values()].map(({ done }) => done));
      clearTimeout(timer);
      leases.close();
      await gates.close();
      await deps.recorder.drained();
    },
  };
}
