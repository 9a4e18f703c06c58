/** The yardstick's group commit: what arrives while a write is under way goes out together with the next one. */

export interface GroupCommitOptions<T> {
  /** Writes a batch in one go, in the order of the items. */
  write: (items: readonly T[]) => Promise<unknown>;
  batchMax: number;
  /** Writes under way at once. */
  writersMax: number;
  /** Between the beginnings of two writes at least: where a write costs the same whatever it carries. Default 0. */
  gapMs?: number;
}

/** @returns adds one item; resolves when its batch is written, rejects with the error of that write */
export function groupCommit<T>({ write, batchMax, writersMax, gapMs = 0 }: GroupCommitOptions<T>): (item: T) => Promise<void> {
  let waiting: { item: T; done: () => void; fail: (error: unknown) => void }[] = [];
  let writers = 0;
  let scheduled = false;
  let writtenAt = Number.NEGATIVE_INFINITY;

  function schedule(): void {
    if (scheduled || writers >= writersMax || waiting.length === 0) return;
    scheduled = true;
    const begin = () => {
      scheduled = false;
      void flush();
    };
    const pauseMs = writtenAt + gapMs - performance.now();
    // What else arrives in this turn of the event loop comes along.
    if (pauseMs > 0) setTimeout(begin, pauseMs);
    else setImmediate(begin);
  }

  async function flush(): Promise<void> {
    const batch = waiting.slice(0, batchMax);
    waiting = waiting.slice(batchMax);
    writers += 1;
    writtenAt = performance.now();
    schedule();
    try {
      await write(batch.map(({ item }) => item));
      for (const { done } of batch) done();
    } catch (error) {
      for (const { fail } of batch) fail(error);
    } finally {
      writers -= 1;
      schedule();
    }
  }

  return (item) =>
    new Promise((done, fail) => {
      waiting.push({ item, done, fail });
      schedule();
    });
}
