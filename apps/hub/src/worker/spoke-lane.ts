/** What a worker knows of one spoke: ids that wait in memory, bounded, how many deliveries are under way, and how quickly they end. */

/** Ids of one spoke kept in memory at most; beyond that they are dropped and claimed by their due time later. */
const WAITING_MAX = 1_000;
/** A lane without room for so long drops its ids: others would find them old, and the database knows them in order. */
const STARVED_MS = 1_000;

const RATE_WINDOW_MS = 100;
const RATE_STALE_MS = 1_000;
const QUICK_MS = 1_000;
const QUICK_STALE_MS = 60_000;

export class SpokeLane {
  readonly spoke: string;
  /** Under way, or being claimed. */
  active = 0;
  /** Answered, and not recorded yet. */
  recording = 0;
  /** True when ids were dropped: there is more in the database than in memory. */
  overflowed = false;
  /** Its spoke takes nothing now: paused or disabled. */
  shut = false;
  readonly #ids = new Set<string>();
  /** When what is under way began, oldest first. */
  readonly #begun = new Map<object, number>();
  #starvedSince: number | null = null;
  #quickAt = Number.NEGATIVE_INFINITY;
  #ended = 0;
  #since = 0;
  #perMs = 0;

  constructor(spoke: string) {
    this.spoke = spoke;
  }

  get waiting(): number {
    return this.#ids.size;
  }

  /** Whether there is anything to claim. */
  get busy(): boolean {
    return this.#ids.size > 0 || this.overflowed;
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

  /** Notes whether there was room for what waits. @param nowMs monotonic */
  hadRoom(room: boolean, nowMs: number): void {
    if (room) this.#starvedSince = null;
    else if (this.#starvedSince === null) this.#starvedSince = nowMs;
    else if (this.starved(nowMs) && this.#ids.size > 0) {
      this.#ids.clear();
      this.overflowed = true;
    }
  }

  /** True when what waits has had no room for longer than moments. @param nowMs monotonic */
  starved(nowMs: number): boolean {
    return this.#starvedSince !== null && nowMs - this.#starvedSince > STARVED_MS;
  }

  /** @param delivery stands for itself: one that is claimed anew while it is still under way is another one */
  began(delivery: object, nowMs: number): void {
    this.#begun.set(delivery, nowMs);
  }

  /** Notes that a delivery ended. @param nowMs monotonic */
  finished(delivery: object, nowMs: number): void {
    if (nowMs - (this.#begun.get(delivery) ?? Number.NEGATIVE_INFINITY) < QUICK_MS) this.#quickAt = nowMs;
    this.#begun.delete(delivery);
    this.#ended += 1;
    if (nowMs - this.#since < RATE_WINDOW_MS) return;
    this.#perMs = this.#ended / (nowMs - this.#since);
    this.#ended = 0;
    this.#since = nowMs;
  }

  /** True when its deliveries lately ended within moments and none is under way for longer. */
  quick(nowMs: number): boolean {
    if (nowMs - this.#quickAt > QUICK_STALE_MS) return false;
    const [oldest] = this.#begun.values();
    return oldest === undefined || nowMs - oldest < QUICK_MS;
  }

  /** Milliseconds until the waiting ids are through at the present pace; infinite for a lane that stands. */
  drainMs(nowMs: number): number {
    return nowMs - this.#since > RATE_STALE_MS || this.#perMs === 0 ? Number.POSITIVE_INFINITY : this.#ids.size / this.#perMs;
  }

  clear(): void {
    this.#ids.clear();
    this.#starvedSince = null;
  }
}
