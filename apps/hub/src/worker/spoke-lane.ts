/** What a worker knows of one spoke: ids that wait in memory, bounded, and how many deliveries are under way. */

/** Ids of one spoke kept in memory at most; beyond that they are dropped and claimed by their due time later. */
const WAITING_MAX = 1_000;

const RATE_WINDOW_MS = 100;
const RATE_STALE_MS = 1_000;

export class SpokeLane {
  readonly spoke: string;
  active = 0;
  /** True when ids were dropped: there is more in the database than in memory. */
  overflowed = false;
  readonly #ids = new Set<string>();
  #ended = 0;
  #since = 0;
  #perMs = 0;

  constructor(spoke: string) {
    this.spoke = spoke;
  }

  get waiting(): number {
    return this.#ids.size;
  }

  /** Remembers an id; a second ring for the same one changes nothing. */
  offer(id: string): void {
    if (this.#ids.size >= WAITING_MAX) this.overflowed = true;
    else this.#ids.add(id);
  }

  /** Takes up to `count` ids, oldest ring first. */
  take(count: number): string[] {
    const taken: string[] = [];
    for (const id of this.#ids) {
      if (taken.length >= count) break;
      taken.push(id);
    }
    for (const id of taken) this.#ids.delete(id);
    return taken;
  }

  /** Notes that a delivery ended. @param nowMs monotonic */
  finished(nowMs: number): void {
    this.#ended += 1;
    if (nowMs - this.#since < RATE_WINDOW_MS) return;
    this.#perMs = this.#ended / (nowMs - this.#since);
    this.#ended = 0;
    this.#since = nowMs;
  }

  /** Milliseconds until the waiting ids are through at the present pace; infinite for a lane that stands. */
  drainMs(nowMs: number): number {
    return nowMs - this.#since > RATE_STALE_MS || this.#perMs === 0 ? Number.POSITIVE_INFINITY : this.#ids.size / this.#perMs;
  }

  clear(): void {
    this.#ids.clear();
  }
}
