/** Ids carry their time (UUIDv7), so a time range is an id range: it needs no index of its own and leaves out partitions that cannot match. */
import { lowestUuidAt, timeOfUuid } from '@nave/core';

/** Half-open range of ids; null = open on that side. */
export interface IdBounds {
  /** Inclusive. */
  low: string | null;
  /** Exclusive. */
  high: string | null;
}

/** @param fromMs inclusive, milliseconds since the epoch @param toMs exclusive */
export function boundsOf(fromMs: number | null, toMs: number | null): IdBounds {
  return { low: fromMs === null ? null : lowestUuidAt(fromMs), high: toMs === null ? null : lowestUuidAt(toMs) };
}

/** The smallest and the largest id that share the millisecond of `id`: where the deliveries of a message, or the attempts of a delivery, are. */
export function sameMillisecond(id: string): { low: string; high: string } {
  const low = lowestUuidAt(timeOfUuid(id));
  return { low, high: `${low.slice(0, 13)}-ffff-ffff-ffffffffffff` };
}

/** The smaller of two exclusive upper bounds. */
export function lower(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return a < b ? a : b;
}

/** The larger of two lower bounds. */
export function higher(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return a > b ? a : b;
}
