/** When the next claim may leave, and claiming itself: a few at once, not one for each slot that frees up, and a pause after the database was away. */
import { type ClaimedDelivery, type Logger, messageOf } from '@nave/core';

export interface Claimed {
  /** Monotonic, before the claim left: leases count from there. */
  at: number;
  deliveries: ClaimedDelivery[];
}

const AT_ONCE = 1;
const PAUSE_MS = 500;
/** Between two claims of a busy worker: idle, the last one is long ago. */
const GAP_MS = 5;

export class ClaimTurns {
  /** Claims under way. */
  underWay = 0;
  readonly #logger: Logger;
  #pausedUntil = 0;
  #claimedAt = Number.NEGATIVE_INFINITY;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  get full(): boolean {
    return this.underWay >= AT_ONCE;
  }

  /** Milliseconds until the next one may leave. @param nowMs monotonic */
  pauseMs(nowMs: number): number {
    return Math.max(0, this.#pausedUntil - nowMs, this.#claimedAt + GAP_MS - nowMs);
  }

  /** Null when the database did not answer. */
  async claim(work: () => Promise<ClaimedDelivery[]>): Promise<Claimed | null> {
    this.underWay += 1;
    const at = performance.now();
    this.#claimedAt = at;
    try {
      return { at, deliveries: await work() };
    } catch (error) {
      this.#logger.warn({ reason: messageOf(error) }, 'deliveries could not be claimed');
      this.#pausedUntil = performance.now() + PAUSE_MS;
      return null;
    } finally {
      this.underWay -= 1;
    }
  }
}
