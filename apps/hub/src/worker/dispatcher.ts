/**
 * The worker's scheduler: ids from tickets go into bounded lanes per spoke; claims are made in batches over all spokes, each within what its gates give it, so
 * that one slow spoke never takes the slots of another.
 */
import type { BellEntry, ClaimedDelivery, DeliveryRecord, Logger, MessageStore, SpokeGate } from '@nave/core';
import type { Deliver, Recorder, Registry, TakeOver } from '@nave/pipeline';
import type { Backlog } from './backpressure.ts';
import { ClaimTurns } from './claim-turns.ts';
import { allGates } from './gates/all-gates.ts';
import { createLeases } from './leases.ts';
import { createReadyLines } from './ready-lines.ts';
import { Slots, type Wish } from './slots.ts';
import type { SpokeLane } from './spoke-lane.ts';
import { createUnderWay } from './under-way.ts';

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
  /** The same for deliveries whose turn came because the one before them in order has ended. */
  offerTurns(entries: readonly BellEntry[]): void;
  /**
   * Claims this delivery now, whatever gates and limits say, and delivers it. Answers false when it could not be claimed; does not wait for the delivery.
   */
  probe(spoke: string, deliveryId: string): Promise<boolean>;
  /** For the accepter of this process: what there is room for is delivered without a ticket. */
  takeOver: TakeOver;
  /** Deliveries under way. */
  active(): number;
  /** Deliveries that wait in lanes which drain within moments: for this process, not for a spoke. */
  backlog(): Backlog;
  /** Deliveries taken over that have no slot yet, and places kept for them. */
  ready(): number;
  /** Takes nothing new, waits for what is under way up to `patienceMs`, then aborts it; resolves when everything is recorded. */
  stop(patienceMs: number): Promise<void>;
}

const CLAIM_MAX = 256;
const QUICK_DRAIN_MS = 2_000;
/** What was taken over and has no turn is looked at so often, whatever happens. */
const READY_LOOK_MS = 500;
/** So long it waits at most for the process or for those in front of it: twice what deliveries of a quick spoke take. */
const READY_MAX_MS = 2_000;

export function createDispatcher(deps: DispatcherDeps): Dispatcher {
  const { logger } = deps;
  const gates = allGates(deps.gates);
  const slots = new Slots({ ...deps, gates });
  const leases = createLeases(deps);
  const ready = createReadyLines({
    max: deps.concurrency,
    freeOf: (lane, wanted) => gates.room(lane.spoke, wanted, lane.active),
    slotsOf: (spoke) => slots.of(spoke),
  });
  const underWay = createUnderWay({
    ...{ deliver: deps.deliver, recorder: deps.recorder, leases, slots, logger, onFinished: deps.onFinished },
    onAnswered(lane) {
      scheduleReady();
      if (lane.busy) schedule();
    },
    onEnded({ opened }) {
      if (opened !== undefined) ready.ended(opened.content.body.length);
      // A slot of the process is free: what is ready may have waited for that alone.
      scheduleReady();
      schedule();
    },
  });
  const turns = new ClaimTurns(logger);
  let scheduled = false;
  let readyScheduled = false;
  let stopped = false;
  /** A claim found the process full. */
  let passedOver = false;
  const readyLook = setInterval(() => scheduleReady(), READY_LOOK_MS);
  readyLook.unref();

  gates.onRoom((spoke) => {
    if (slots.lanes.get(spoke)?.busy === true) schedule();
    scheduleReady();
  });

  function schedule(): void {
    if (scheduled || stopped || turns.full) return;
    scheduled = true;
    // Busy, slots free up one by one: a claim for each would cost more than the deliveries.
    const pause = turns.pauseMs(performance.now());
    const run = () => {
      scheduled = false;
      pump();
    };
    if (pause > 0) setTimeout(run, pause);
    else setImmediate(run);
  }

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
    const wishes: Wish[] = [];
    for (const { lane, count, sinceMs } of ready.waiting()) {
      const free = slots.freeOf(lane, count, now);
      if (free > 0 && now - sinceMs < READY_MAX_MS) wishes.push({ lane, free });
      else if (lane.shut || lane.starved(now) || now - sinceMs >= READY_MAX_MS) giveBack(lane);
    }
    // What is ready starts sooner than a claim could: without this, what waits to be claimed would never find a slot of a full process.
    const room = passedOver ? Math.floor(slots.room / 2) : slots.room;
    if (room <= 0 || wishes.length === 0) return;
    const shares = slots.divide(wishes, room, now);
    for (const [n, { lane }] of wishes.entries()) {
      const taken = ready.take(lane, shares[n] ?? 0);
      for (const lease of taken) {
        if (underWay.outdated(lease)) {
          underWay.drop(lease);
          continue;
        }
        slots.reserve(lane, 1);
        underWay.start(lane, lease, now);
      }
    }
  }

  function giveBack(lane: SpokeLane): void {
    for (const lease of ready.take(lane, Number.POSITIVE_INFINITY)) underWay.giveBack(lease);
  }

  function giveAllBack(): void {
    for (const { lane } of ready.waiting()) giveBack(lane);
  }

  function pump(): void {
    if (stopped || turns.full) return;
    const room = Math.min(CLAIM_MAX, slots.room);
    if (room <= 0) {
      passedOver ||= rotated().length > 0;
      return;
    }
    if (passedOver) scheduleReady();
    passedOver = false;
    const now = performance.now();
    const wishes = rotated()
      .map((lane) => ({ lane, free: slots.freeOf(lane, Math.min(room, lane.waiting > 0 ? lane.waiting : CLAIM_MAX), now) }))
      .filter(({ free }) => free > 0);
    if (wishes.length === 0) return;
    const shares = slots.divide(wishes, room, now);
    const batch: { lane: SpokeLane; ids: string[] }[] = [];
    for (const [n, { lane }] of wishes.entries()) {
      const share = shares[n] ?? 0;
      if (share <= 0) continue;
      if (lane.waiting > 0) {
        const ids = lane.take(share);
        slots.reserve(lane, ids.length);
        batch.push({ lane, ids });
      } else if (lane.overflowed && !turns.full) {
        lane.overflowed = false;
        slots.reserve(lane, share);
        void claimOverflow(lane, share);
      }
    }
    if (batch.length > 0) void claimBatch(batch);
  }

  /** Every lane that has something to do, starting with another one each time, so that no spoke is always first. */
  let turn = 0;
  function rotated(): SpokeLane[] {
    const busy = [...slots.lanes.values()].filter((lane) => lane.busy);
    turn = busy.length === 0 ? 0 : (turn + 1) % busy.length;
    return [...busy.slice(turn), ...busy.slice(0, turn)];
  }

  async function claimBatch(batch: readonly { lane: SpokeLane; ids: string[] }[]): Promise<void> {
    const ids = batch.flatMap((each) => each.ids);
    const claimed = await turns.claim(() => deps.store.claim(ids, deps.owner, deps.leaseMs));
    const missing = new Map(batch.map(({ lane, ids: asked }) => [lane, new Set(asked)]));
    for (const delivery of claimed?.deliveries ?? []) {
      // By the row's own spoke: a ticket may be wrong about it.
      const lane = slots.laneOf(delivery.spoke);
      if (missing.get(lane)?.delete(delivery.id) !== true) slots.reserve(lane, 1);
      begin(lane, delivery, claimed?.at ?? 0);
    }
    for (const [lane, { size }] of missing) {
      slots.unused(lane, size);
      // Not claimed because the database was away: still due, found by its due time.
      if (claimed === null) lane.overflowed = true;
    }
    schedule();
  }

  async function claimOverflow(lane: SpokeLane, count: number): Promise<void> {
    const claimed = await turns.claim(() => deps.store.claimDue(lane.spoke, count, deps.owner, deps.leaseMs));
    // As many as were asked for: there may be more.
    if (claimed === null || claimed.deliveries.length === count) lane.overflowed = true;
    for (const delivery of claimed?.deliveries ?? []) begin(lane, delivery, claimed?.at ?? 0);
    slots.unused(lane, count - (claimed?.deliveries.length ?? 0));
    schedule();
  }

  /** Its slot is reserved already. */
  function begin(lane: SpokeLane, delivery: ClaimedDelivery, at: number): void {
    underWay.start(lane, leases.hold(delivery, at), at);
  }

  const takeOver: TakeOver = {
    owner: deps.owner,
    leaseMs: deps.leaseMs,
    reserve: (spoke, bytes) => !stopped && ready.reserve(slots.laneOf(spoke), bytes),
    release: (spoke, bytes) => ready.release(slots.laneOf(spoke), bytes),
    begin(deliveries, acceptedAt) {
      const now = performance.now();
      for (const delivery of deliveries) ready.add(slots.laneOf(delivery.spoke), leases.hold(delivery, acceptedAt), now);
      if (stopped) giveAllBack();
      else startReady();
    },
  };

  function offer(entries: readonly BellEntry[]): void {
    if (stopped) return;
    for (const { spoke, deliveryId } of entries) if (!underWay.has(deliveryId)) slots.laneOf(spoke).offer(deliveryId);
    schedule();
  }

  return {
    takeOver,
    offer,
    offerTurns(entries) {
      const now = performance.now();
      for (const { spoke } of entries) slots.laneOf(spoke).turnedAt = now;
      offer(entries);
    },
    async probe(_spoke, deliveryId) {
      if (stopped || underWay.has(deliveryId)) return false;
      const claimed = await turns.claim(() => deps.store.claim([deliveryId], deps.owner, deps.leaseMs));
      const [delivery] = claimed?.deliveries ?? [];
      if (claimed !== null && delivery !== undefined) {
        const lane = slots.laneOf(delivery.spoke);
        slots.reserve(lane, 1);
        begin(lane, delivery, claimed.at);
      }
      // What was offered meanwhile, for any spoke, waited for this claim to end.
      schedule();
      return delivery !== undefined;
    },
    active: () => underWay.size(),
    backlog() {
      const now = performance.now();
      const backlog: Backlog = { ready: 0, rung: 0, inOrder: 0 };
      for (const lane of slots.lanes.values()) {
        const taken = ready.sizeOf(lane);
        const waiting = lane.waiting + taken;
        if (waiting === 0 || lane.drainMs(waiting, now) >= QUICK_DRAIN_MS) continue;
        if (lane.inOrder(now)) backlog.inOrder += waiting;
        else {
          backlog.ready += taken;
          backlog.rung += lane.waiting;
        }
      }
      return backlog;
    },
    ready: () => ready.size(),
    async stop(patienceMs) {
      stopped = true;
      clearInterval(readyLook);
      giveAllBack();
      const timer = setTimeout(() => underWay.abort(), patienceMs);
      const before = underWay.ended();
      while (turns.underWay > 0) await new Promise((resolve) => setTimeout(resolve, 5));
      await before;
      await underWay.ended();
      clearTimeout(timer);
      leases.close();
      await gates.close();
      await deps.recorder.drained();
    },
  };
}
