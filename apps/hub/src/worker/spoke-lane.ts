/** What a worker knows of one spoke: ids that wait in memory, bounded, how many deliveries are under way, and how quickly they end. */

/** Ids of one spoke kept in memory at most; beyond that they are dropped and claimed by their due time later. */
const WAITING_MAX = 1_000;
/** A lane without room for so long drops its ids: others would find them old, and the database knows them in order. */
const STARVED_MS = 1_000;

const RATE_WINDOW_MS = 100;
const RATE_STALE_MS = 1_000;
const IN_ORDER_MS = 1_000;
const QUICK_MS = 1_000;
const QUICK_STALE_MS = 60_000;

/** So many that have ended may be kept before they are cleared away. */
const BEGUN_SPARE = 64;

/** One delivery that takes time; it holds nothing of the delivery. */
export interface BegunDelivery {
  readonly atMs: number;
  ended: boolean;
}

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
  /** When a delivery last had its turn because the one before it in order had ended; monotonic. */
  turnedAt = Number.NEGATIVE_INFINITY;
  readonly #ids = new Set<string>();
  /** Of what is under way, oldest first; what has ended meanwhile is among them for a while. */
  #begun: BegunDelivery[] = [];
  #underWay = 0;
  /** Before this one of `#begun` all have ended. */
  #oldest = 0;
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

  /** Notes that a delivery began. @param nowMs monotonic. @returns to be given to `finished` */
  began(nowMs: number): BegunDelivery {
    const delivery = { atMs: nowMs, ended: false };
    this.#begun.push(delivery);
    this.#underWay += 1;
    return delivery;
  }

  /** Notes that a delivery ended. @param nowMs monotonic */
  finished(delivery: BegunDelivery, nowMs: number): void {
    if (nowMs - delivery.atMs < QUICK_MS) this.#quickAt = nowMs;
    delivery.ended = true;
    this.#underWay -= 1;
    if (this.#begun.length > 2 * this.#underWay + BEGUN_SPARE) {
      this.#begun = this.#begun.filter(({ ended }) => !ended);
      this.#oldest = 0;
    }
    this.#ended += 1;
    if (nowMs - this.#since < RATE_WINDOW_MS) return;
    this.#perMs = this.#ended / (nowMs - this.#since);
    this.#ended = 0;
    this.#since = nowMs;
  }

  /** True when its deliveries lately ended within moments and none is under way for longer. */
  quick(nowMs: number): boolean {
    if (nowMs - this.#quickAt > QUICK_STALE_MS) return false;
    while (this.#begun[this.#oldest]?.ended === true) this.#oldest += 1;
    const oldest = this.#begun[this.#oldest];
    return oldest === undefined || nowMs - oldest.atMs < QUICK_MS;
  }

  /** True when its deliveries wait for one another: what waits for its turn does so by its order, not for want of slots. @param nowMs monotonic */
  inOrder(nowMs: number): boolean {
    return nowMs - this.turnedAt < IN_ORDER_MS;
  }

  /** Milliseconds until so many deliveries are through at the present pace; infinite for a lane that stands. */
  drainMs(count: number, nowMs: number): number {
    return nowMs - this.#since > RATE_STALE_MS || this.#perMs === 0 ? Number.POSITIVE_INFINITY : count / this.#perMs;
  }

  clear(): void {
    this.#ids.clear();
    this.#starvedSince = null;
  }
}
