/**
 * What this process took over while it accepted it: stored under its lease, waiting in memory for a free slot of its spoke. Bounded in number and bytes, and
 * only ahead of spokes that lately were quick; what does not get its turn within moments goes back, so that it waits where everybody can see and take it.
 */
import type { HeldLease } from './leases.ts';
import type { SpokeLane } from './spoke-lane.ts';

export interface ReadyLinesOptions {
  /** Deliveries kept at once, over all spokes. */
  max: number;
  /** Slots that a spoke could use now, by its own limits; asked for so many further ones. 0 while it is paused, disabled or unknown. */
  freeOf: (lane: SpokeLane, wanted: number) => number;
  /** Slots of a spoke by its policy; 0 for one that takes nothing. */
  slotsOf: (spoke: string) => number;
}

export interface ReadyLines {
  /** Keeps a place in the spoke's line. False when it would wait longer than moments, or others might be sooner. */
  reserve(lane: SpokeLane, bytes: number): boolean;
  release(lane: SpokeLane, bytes: number): void;
  /** Takes a place that was reserved. @param nowMs monotonic */
  add(lane: SpokeLane, lease: HeldLease, nowMs: number): void;
  /** The lanes in which somebody waits, how many, and since when (monotonic) the first of them. */
  waiting(): readonly { lane: SpokeLane; count: number; sinceMs: number }[];
  /** Takes so many from the front. */
  take(lane: SpokeLane, count: number): HeldLease[];
  /** Says that the message of a delivery is no longer in memory. */
  ended(bytes: number): void;
  /** Deliveries in all lines, and places kept for further ones. */
  size(): number;
  /** The same of one spoke. */
  sizeOf(lane: SpokeLane): number;
}

/** Ahead of its slots a spoke's line is at most so long. */
const LINE_MAX = 256;
/** Bodies that are kept in memory for deliveries taken over, in all. */
const BYTES_MAX = 16 * 1024 * 1024;

interface Line {
  places: number;
  leases: { lease: HeldLease; sinceMs: number }[];
}

export function createReadyLines({ max, freeOf, slotsOf }: ReadyLinesOptions): ReadyLines {
  const lines = new Map<SpokeLane, Line>();
  let kept = 0;
  let bytesKept = 0;

  function lineOf(lane: SpokeLane): Line {
    const known = lines.get(lane);
    if (known !== undefined) return known;
    const line: Line = { places: 0, leases: [] };
    lines.set(lane, line);
    return line;
  }

  function forgetEmpty(lane: SpokeLane, line: Line): void {
    if (line.places === 0 && line.leases.length === 0) lines.delete(lane);
  }

  return {
    reserve(lane, bytes) {
      // What waits in the database or is known by id was there before.
      if (lane.busy || kept >= max || bytesKept + bytes > BYTES_MAX) return false;
      const slots = slotsOf(lane.spoke);
      if (slots === 0) return false;
      const before = inLine(lines.get(lane));
      if (lane.active + before < slots) {
        if (freeOf(lane, before + 1) < before + 1) return false;
      } else if (before >= Math.min(LINE_MAX, 2 * slots) || !lane.quick(performance.now())) return false;
      lineOf(lane).places += 1;
      kept += 1;
      bytesKept += bytes;
      return true;
    },
    release(lane, bytes) {
      const line = lineOf(lane);
      line.places -= 1;
      kept -= 1;
      bytesKept -= bytes;
      forgetEmpty(lane, line);
    },
    add(lane, lease, nowMs) {
      const line = lineOf(lane);
      line.places -= 1;
      line.leases.push({ lease, sinceMs: nowMs });
    },
    waiting: () =>
      [...lines].flatMap(([lane, { leases }]) => {
        const [first] = leases;
        return first === undefined ? [] : [{ lane, count: leases.length, sinceMs: first.sinceMs }];
      }),
    take(lane, count) {
      const line = lineOf(lane);
      const taken = line.leases.splice(0, count);
      kept -= taken.length;
      forgetEmpty(lane, line);
      return taken.map(({ lease }) => lease);
    },
    ended: (bytes) => {
      bytesKept -= bytes;
    },
    size: () => kept,
    sizeOf: (lane) => inLine(lines.get(lane)),
  };
}

function inLine(line: Line | undefined): number {
  return line === undefined ? 0 : line.places + line.leases.length;
}
