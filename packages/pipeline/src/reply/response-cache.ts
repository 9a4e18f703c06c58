/** Successful answers of calls kept for a while, in memory and bounded, and one call for many that ask the same at once. */
import type { Reply } from './make-reply.ts';

export interface CachedReply {
  reply: Reply;
  messageId: string;
  /** Monotonic, in ms. */
  storedAt: number;
  expiresAt: number;
}

export interface ResponseCache {
  get(key: string): CachedReply | null;
  put(key: string, answer: { reply: Reply; messageId: string }, ttlMs: number): void;
  /** Bytes held, for tests and metrics. */
  bytes(): number;
}

const BYTES_MAX = 32 * 1024 * 1024;
const ENTRY_BYTES_MAX = 1024 * 1024;
const ENTRIES_MAX = 10_000;
/** Of an entry beside its body and headers. */
const OVERHEAD_BYTES = 512;

/** @param now monotonic, in ms */
export function createResponseCache(now: () => number, bytesMax = BYTES_MAX): ResponseCache {
  /** The one that was not asked for longest comes first. */
  const entries = new Map<string, CachedReply & { size: number }>();
  let bytes = 0;

  function forget(key: string): void {
    bytes -= entries.get(key)?.size ?? 0;
    entries.delete(key);
  }

  return {
    get(key) {
      const entry = entries.get(key);
      if (entry === undefined) return null;
      entries.delete(key);
      if (entry.expiresAt <= now()) {
        bytes -= entry.size;
        return null;
      }
      entries.set(key, entry);
      return entry;
    },
    put(key, { reply, messageId }, ttlMs) {
      const headers = Object.entries(reply.headers).reduce((sum, [name, value]) => sum + name.length + value.length, 0);
      const size = reply.body.length + headers + 2 * key.length + OVERHEAD_BYTES;
      forget(key);
      if (size > Math.min(ENTRY_BYTES_MAX, bytesMax)) return;
      const storedAt = now();
      // A copy: the body may be a view into something larger.
      const kept = { ...reply, body: Uint8Array.from(reply.body) };
      entries.set(key, { reply: kept, messageId, storedAt, expiresAt: storedAt + ttlMs, size });
      bytes += size;
      for (const oldest of entries.keys()) {
        if (bytes <= bytesMax && entries.size <= ENTRIES_MAX) break;
        forget(oldest);
      }
    },
    bytes: () => bytes,
  };
}
