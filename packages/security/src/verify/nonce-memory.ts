/** Nonces that were used: what carries one counts once. */

export interface NonceMemory {
  /**
   * True the first time a nonce is told within its time, false after that.
   * @param key at most 120 characters, made of a digest: what a caller wrote is not kept
   */
  firstUse(key: string, forMs: number): Promise<boolean>;
}

/** More than this in one process is an attack or a matter for the memory all processes share. */
const ENTRIES_MAX = 100_000;

/** Nonces of this process alone: where no shared memory is given. Bounded; when it is full of nonces that still count, new ones are refused. */
export function createLocalNonces(now: () => number, entriesMax = ENTRIES_MAX): NonceMemory {
  const until = new Map<string, number>();
  return {
    async firstUse(key, forMs) {
      const nowMs = now();
      const known = until.get(key);
      if (known !== undefined && known >= nowMs) return false;
      until.delete(key);
      if (until.size >= entriesMax) for (const [each, end] of until) if (end < nowMs) until.delete(each);
      if (until.size >= entriesMax) return false;
      until.set(key, nowMs + forMs);
      return true;
    },
  };
}
