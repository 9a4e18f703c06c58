/** The time an attempt has, over all requests it takes, and the signal that ends it early. */
export interface Deadline {
  /** Why it is over, or null. */
  ended(): 'timeout' | 'cancelled' | null;
  leftMs(): number;
  /** Calls back once, at the end; gives what takes the listener away. */
  onEnd(listener: () => void): () => void;
  dispose(): void;
}

/** @param now milliseconds, monotonic */
export function createDeadline(timeoutMs: number, signal: AbortSignal, now: () => number = () => performance.now()): Deadline {
  const startedAt = now();
  const listeners = new Set<() => void>();
  let why: 'timeout' | 'cancelled' | null = signal.aborted ? 'cancelled' : null;
  const end = (reason: 'timeout' | 'cancelled'): void => {
    if (why !== null) return;
    why = reason;
    for (const listener of [...listeners]) listener();
    listeners.clear();
  };
  const cancel = (): void => end('cancelled');
  const timer = setTimeout(() => end('timeout'), timeoutMs);
  signal.addEventListener('abort', cancel, { once: true });
  return {
    ended: () => why,
    leftMs: () => Math.max(0, timeoutMs - (now() - startedAt)),
    onEnd(listener) {
      if (why !== null) {
        listener();
        return () => undefined;
      }
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    dispose() {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
      listeners.clear();
    },
  };
}
