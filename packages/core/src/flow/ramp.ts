/** Letting go slowly: a pace that starts small and doubles every second up to a bound, so that a system that just came back is not run over. */

/** Deliveries per second of a drain that was given no rate. */
export const DRAIN_RATE_DEFAULT = 500;

export interface Ramp {
  /** Per second, in the first second. */
  start: number;
  /** Per second, at most. */
  max: number;
}

/** A ramp for a spoke of that concurrency, or whoever wants another start. */
export function rampOf(start: number, rate: number | null, fallback: number = DRAIN_RATE_DEFAULT): Ramp {
  const max = Math.max(1, rate ?? fallback);
  return { start: Math.min(max, Math.max(1, start)), max };
}

/** How many may have been let go that long after the start, the first `start` of them at once. */
export function rampTotal({ start, max }: Ramp, elapsedMs: number): number {
  const seconds = Math.max(0, elapsedMs) / 1_000;
  // Doubling each second: the pace start * 2^s, integrated. From the second at which it reaches the bound it grows no more.
  const growing = Math.min(seconds, Math.log2(max / start));
  return start + (start * (2 ** growing - 1)) / Math.LN2 + (seconds - growing) * max;
}

/** What people are told before: whole seconds, at the pace of the ramp, and never less than the bound allows. */
export function estimateSeconds(ramp: Ramp, count: number): number {
  return Math.max(rampSeconds(ramp, count), Math.ceil(count / ramp.max));
}

/** Whole seconds until so many are let go. */
export function rampSeconds({ start, max }: Ramp, count: number): number {
  if (count <= start) return count === 0 ? 0 : 1;
  const growth = Math.log2(max / start);
  const grown = start + (start * (2 ** growth - 1)) / Math.LN2;
  const seconds = count <= grown ? Math.log2(((count - start) * Math.LN2) / start + 1) : growth + (count - grown) / max;
  return Math.ceil(seconds - 1e-9);
}
