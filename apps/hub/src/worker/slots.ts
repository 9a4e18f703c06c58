/** The slots of a process: how many deliveries of each spoke are under way, and how many more may start by the spoke's own limits and the process's. */
import type { SpokeGate } from '@nave/core';
import type { Registry } from '@nave/pipeline';
import { divideRoom } from './divide-room.ts';
import { SpokeLane } from './spoke-lane.ts';

export interface SlotsOptions {
  registry: Pick<Registry, 'spoke'>;
  gates: SpokeGate;
  /** Deliveries under way at once in this process. */
  concurrency: number;
}

/** A lane that could start so many. */
export interface Wish {
  lane: SpokeLane;
  free: number;
}

export class Slots {
  readonly lanes = new Map<string, SpokeLane>();
  /** Under way, being claimed or being recorded. */
  reserved = 0;
  readonly #options: SlotsOptions;

  constructor(options: SlotsOptions) {
    this.#options = options;
  }

  laneOf(spoke: string): SpokeLane {
    const known = this.lanes.get(spoke);
    if (known !== undefined) return known;
    const lane = new SpokeLane(spoke);
    this.lanes.set(spoke, lane);
    return lane;
  }

  /** Slots that the process has left. */
  get room(): number {
    return this.#options.concurrency - this.reserved;
  }

  /** Slots of a spoke by its policy; 0 for one that is paused, disabled or not known. */
  of(spoke: string): number {
    const definition = this.#options.registry.spoke(spoke)?.definition;
    return definition === undefined || definition.paused || !definition.enabled ? 0 : definition.policy.concurrency;
  }

  /** How many of `most` deliveries of a lane may start now by its spoke's own limits; none while the spoke is paused. */
  freeOf(lane: SpokeLane, most: number, nowMs: number): number {
    const spoke = this.#options.registry.spoke(lane.spoke);
    if (spoke === null) return Math.min(most, Math.max(0, 1 - lane.active));
    const { paused, enabled, policy } = spoke.definition;
    lane.shut = paused || !enabled;
    if (lane.shut) {
      // The sweep holds its rows; what is resumed is rung again.
      lane.clear();
      lane.overflowed = false;
      return 0;
    }
    // What cannot be recorded would be sent again: no more of it than the spoke takes at once.
    const unrecorded = Math.max(0, lane.recording - policy.concurrency);
    const wanted = Math.min(most, Math.max(0, policy.concurrency - lane.active - unrecorded));
    const free = wanted === 0 ? 0 : this.#options.gates.room(lane.spoke, wanted, lane.active);
    lane.hadRoom(free > 0, nowMs);
    return free;
  }

  /** What each of these may start, in order, so that spokes that hang leave room for the others. */
  divide(wishes: readonly Wish[], room: number, nowMs: number): number[] {
    let slow = 0;
    for (const lane of this.lanes.values()) if (lane.active > 0 && !lane.quick(nowMs)) slow += lane.active;
    const all = wishes.map(({ lane, free }) => ({ free, active: lane.active, quick: lane.quick(nowMs) }));
    return divideRoom(all, room, this.#options.concurrency, slow);
  }

  reserve(lane: SpokeLane, count: number): void {
    lane.active += count;
    this.reserved += count;
    this.#options.gates.started(lane.spoke, count);
  }

  /** A slot of the spoke is free again; that of this process when the delivery is recorded, so that what waits for the database is bounded. */
  answered(lane: SpokeLane): void {
    lane.active -= 1;
    lane.recording += 1;
    this.#options.gates.ended(lane.spoke, 1);
  }

  recorded(lane: SpokeLane): void {
    lane.recording -= 1;
    this.reserved -= 1;
  }

  /** Reserved for what could not be claimed. */
  unused(lane: SpokeLane, count: number): void {
    if (count <= 0) return;
    this.#options.gates.unused?.(lane.spoke, count);
    lane.active -= count;
    this.reserved -= count;
    this.#options.gates.ended(lane.spoke, count);
  }
}
