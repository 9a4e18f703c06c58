/**
 * Group commit: items that arrive while a write is under way go out together with the next one. Idle, an item leaves at once; busy, batches grow by
 * themselves. Nothing waits on a timer, unless its owner asks for a pause.
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
  /** Milliseconds to wait before the next batch is taken, asked each time; 0 or absent: none. */
  pauseMs?: (waiting: number) => number;
  /** Items with the same key never share a batch: the later one waits. */
  exclusiveKeys?: (item: T) => readonly string[];
}

interface Entry<T, R> {
  item: T;
  resolve: (result: R) => void;
  reject: (error: unknown) => void;
}

const TRIES = 4;

export class GroupCommit<T, R> {
  readonly #options: GroupCommitOptions<T, R>;
  #waiting: Entry<T, R>[] = [];
  #writers = 0;
  #scheduled = false;
  #idle: (() => void)[] = [];

  constructor(options: GroupCommitOptions<T, R>) {
    this.#options = options;
  }

  /** Resolves once the item's batch is committed. @throws HubError `limit.overload` when too many wait, or what `write` threw */
  add(item: T): Promise<R> {
    if (this.#waiting.length >= this.#options.waitingMax) return Promise.reject(new HubError('limit.overload', { retryAfterSeconds: 1 }));
    return new Promise<R>((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      this.#schedule();
    });
  }

  /** Items that wait for a writer; those being written are not among them. */
  get size(): number {
    return this.#waiting.length;
  }

  /** Resolves when nothing waits and nothing is being written. */
  drained(): Promise<void> {
    if (this.#waiting.length === 0 && this.#writers === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  #schedule(): void {
    if (this.#scheduled || this.#writers >= this.#options.writersMax || this.#waiting.length === 0) return;
    this.#scheduled = true;
    const pause = this.#options.pauseMs?.(this.#waiting.length) ?? 0;
    const later = (work: () => void) => (pause >= 1 ? setTimeout(work, pause) : setImmediate(work));
    later(() => {
      this.#scheduled = false;
      if (this.#waiting.length === 0 || this.#writers >= this.#options.writersMax) return;
      this.#writers += 1;
      void this.#run(this.#take()).finally(() => {
        this.#writers -= 1;
        this.#schedule();
        if (this.#waiting.length === 0 && this.#writers === 0) for (const done of this.#idle.splice(0)) done();
      });
      this.#schedule();
    });
  }

  #take(): Entry<T, R>[] {
    const { batchMax, exclusiveKeys } = this.#options;
    if (exclusiveKeys === undefined) return this.#waiting.splice(0, batchMax);
    const taken: Entry<T, R>[] = [];
    const left: Entry<T, R>[] = [];
    const seen = new Set<string>();
    for (const entry of this.#waiting) {
      const keys = exclusiveKeys(entry.item);
      if (taken.length >= batchMax || keys.some((key) => seen.has(key))) left.push(entry);
      else taken.push(entry);
      for (const key of keys) seen.add(key);
    }
    this.#waiting = left;
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
