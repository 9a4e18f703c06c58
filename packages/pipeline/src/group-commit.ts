/**
 * Group commit: items that arrive while a write is under way go out together with the next one. Idle, an item leaves at once; busy, batches grow by
 * themselves, and where its owner wants that, batches that follow one another keep a distance of some milliseconds, as a few full ones cost less than many
 * of two or three.
 */
import { HubError } from '@nave/core';

export interface GroupCommitOptions<T, R> {
  /** Writes a batch in one transaction; answers one result per item, in order. */
  write: (batch: readonly T[]) => Promise<readonly R[]>;
  /** Items of one batch at most. */
  batchMax: number;
  /** Writes under way at once. */
  writersMax: number;
  /** Items waiting at most; beyond that `limit.overload`. */
  waitingMax: number;
  /** True for a failure that concerns the whole batch and may pass (a lost race, a deadlock): it is written again, up to three times. */
  again?: (error: unknown) => boolean;
  /** True for a failure that one item may have caused: the batch is halved until the guilty one is alone. */
  bisect?: (error: unknown) => boolean;
  /**
   * Milliseconds after which an item without a result is given up with `store.unavailable`; absent: never. One that still waits is not written any more;
   * the fate of one that is being written is open.
   */
  patienceMs?: number;
  /**
   * A batch is taken at the earliest one millisecond for each item of the one before after that one was taken, and at most so many: below some thousand
   * items a second nothing waits, above it batches grow. 0 or absent: none waits.
   */
  gatherMs?: number;
  /** Asked before each batch, and again after each pause. Absent: no batch waits or is kept small. */
  allow?: (waiting: number) => BatchAllowance;
  /** What an item counts for in `BatchAllowance.weightMax`; absent: 1. */
  weightOf?: (item: T) => number;
  /** Items with the same key never share a batch: the later one waits. */
  exclusiveKeys?: (item: T) => readonly string[];
}

export interface BatchAllowance {
  /** Milliseconds until it is asked again; 0: a batch may leave now. */
  pauseMs: number;
  /** What the items of the batch weigh together at most; one item leaves whatever it weighs. */
  weightMax: number;
}

interface Entry<T, R> {
  item: T;
  resolve: (result: R) => void;
  reject: (error: unknown) => void;
  /** Monotonic time of its arrival. */
  at: number;
}

const TRIES = 4;
const LOOK_AGAIN_MS = 1_000;
const ALLOWED: BatchAllowance = { pauseMs: 0, weightMax: Number.POSITIVE_INFINITY };

export class GroupCommit<T, R> {
  readonly #options: GroupCommitOptions<T, R>;
  #waiting: Entry<T, R>[] = [];
  #writers = 0;
  #scheduled = false;
  #idle: (() => void)[] = [];
  /** What is being written, oldest first. */
  #writing: (readonly Entry<T, R>[])[] = [];
  #watch: NodeJS.Timeout | null = null;
  /** Monotonic: before then no batch is taken. */
  #nextAt = 0;

  constructor(options: GroupCommitOptions<T, R>) {
    this.#options = options;
  }

  /** Resolves once the item's batch is committed. @throws HubError `limit.overload` when too many wait, `store.unavailable` when it took too long, or what `write` threw */
  add(item: T): Promise<R> {
    if (this.#waiting.length >= this.#options.waitingMax) return Promise.reject(new HubError('limit.overload', { retryAfterSeconds: 1 }));
    return new Promise<R>((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject, at: performance.now() });
      this.#schedule();
      this.#watchPatience();
    });
  }

  /** Items that wait for a writer; those being written are not among them. */
  get size(): number {
    return this.#waiting.length;
  }

  /** Milliseconds since the arrival of the oldest item that is not written yet; 0 when there is none. */
  get oldestMs(): number {
    let at = this.#waiting[0]?.at ?? Number.POSITIVE_INFINITY;
    for (const batch of this.#writing) at = Math.min(at, batch[0]?.at ?? at);
    return Math.max(0, performance.now() - at);
  }

  /** Resolves when nothing waits and nothing is being written. */
  drained(): Promise<void> {
    if (this.#waiting.length === 0 && this.#writers === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  #schedule(): void {
    if (this.#scheduled || this.#writers >= this.#options.writersMax || this.#waiting.length === 0) return;
    this.#scheduled = true;
    const now = performance.now();
    const { pauseMs, weightMax } = this.#options.allow?.(this.#waiting.length) ?? ALLOWED;
    const pause = Math.max(pauseMs, this.#nextAt - now);
    const later = (work: () => void) => (pause >= 1 ? setTimeout(work, pause) : setImmediate(work));
    later(() => {
      this.#scheduled = false;
      if (pauseMs >= 1) this.#schedule();
      else this.#begin(weightMax);
    });
  }

  #begin(weightMax: number): void {
    if (this.#waiting.length === 0 || this.#writers >= this.#options.writersMax) return;
    this.#writers += 1;
    const batch = this.#take(weightMax);
    this.#nextAt = performance.now() + Math.min(batch.length, this.#options.gatherMs ?? 0);
    this.#writing.push(batch);
    void this.#run(batch).finally(() => {
      this.#writing = this.#writing.filter((each) => each !== batch);
      this.#writers -= 1;
      this.#schedule();
      this.#tellIdle();
    });
    this.#schedule();
  }

  #tellIdle(): void {
    if (this.#waiting.length === 0 && this.#writers === 0) for (const done of this.#idle.splice(0)) done();
  }

  /** One timer for all items, set for the oldest: a timer of each would cost more than its write. */
  #watchPatience(): void {
    const { patienceMs } = this.#options;
    if (patienceMs === undefined || this.#watch !== null || (this.#waiting.length === 0 && this.#writing.length === 0)) return;
    const leftMs = patienceMs - this.oldestMs;
    // What is being written and was given up stays the oldest: look again for younger ones now and then.
    this.#watch = setTimeout(() => this.#giveUp(patienceMs), leftMs > 0 ? leftMs + 1 : LOOK_AGAIN_MS).unref();
  }

  #giveUp(patienceMs: number): void {
    this.#watch = null;
    const before = performance.now() - patienceMs;
    const late = (entry: Entry<T, R>) => entry.at <= before;
    for (const batch of this.#writing) for (const entry of batch.filter(late)) entry.reject(tooLate(patienceMs));
    for (const entry of this.#waiting.filter(late)) entry.reject(tooLate(patienceMs));
    this.#waiting = this.#waiting.filter((entry) => !late(entry));
    this.#tellIdle();
    this.#watchPatience();
  }

  #take(weightMax: number): Entry<T, R>[] {
    const { batchMax, exclusiveKeys, weightOf } = this.#options;
    if (exclusiveKeys === undefined && weightOf === undefined) return this.#waiting.splice(0, batchMax);
    const taken: Entry<T, R>[] = [];
    const left: Entry<T, R>[] = [];
    const seen = new Set<string>();
    let weight = 0;
    let looked = 0;
    for (const entry of this.#waiting) {
      const keys = exclusiveKeys?.(entry.item) ?? [];
      if (keys.some((key) => seen.has(key))) left.push(entry);
      else {
        weight += weightOf?.(entry.item) ?? 1;
        // Nothing overtakes what has to wait for the next batch.
        if (taken.length >= batchMax || (weight > weightMax && taken.length > 0)) break;
        taken.push(entry);
      }
      looked += 1;
      for (const key of keys) seen.add(key);
    }
    this.#waiting = left.concat(this.#waiting.slice(looked));
    return taken;
  }

  async #run(batch: Entry<T, R>[]): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        const results = await this.#options.write(batch.map(({ item }) => item));
        batch.forEach((entry, index) => {
          const result = results[index];
          if (result === undefined) entry.reject(new HubError('hub.internal', { detail: 'A write answered too few results' }));
          else entry.resolve(result);
        });
        return;
      } catch (error) {
        if (attempt < TRIES && this.#options.again?.(error) === true) continue;
        if (batch.length > 1 && this.#options.bisect?.(error) === true) {
          const middle = batch.length >> 1;
          await this.#run(batch.slice(0, middle));
          await this.#run(batch.slice(middle));
          return;
        }
        for (const entry of batch) entry.reject(error);
        return;
      }
    }
  }
}

function tooLate(patienceMs: number): HubError {
  const detail = `The database did not confirm within ${Math.round(patienceMs / 1_000)} s. Send again with the same idempotency key: it may be stored.`;
  return new HubError('store.unavailable', { detail, retryAfterSeconds: 2 });
}
