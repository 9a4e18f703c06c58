/** Ringing: ids are gathered while a call to the queue is under way and go out as tickets of about fifty. */
import { type Bell, type BellEntry, type Logger, messageOf } from '@nave/core';
import { openQueue, type QueueBackend } from './backend.ts';
import { ticketQueues } from './jobs.ts';
import { TICKET_IDS_MAX, type Ticket, ticketOf } from './ticket.ts';

export interface BellOptions {
  backend: QueueBackend;
  shards: number;
  logger: Logger;
}

/** Ids waiting to be rung at most; beyond that they are dropped, the sweep finds them. */
const WAITING_MAX = 50_000;
const CALLS_MAX = 2;
/** Between two calls to a busy queue. */
const REDIS_GAP_MS = 8;
const POSTGRES_GAP_MS = 12;
const CALL_TIMEOUT_MS = 3_000;
const PROBE_MS = 500;

export function createBell({ backend, shards, logger }: BellOptions): Bell {
  const opened = ticketQueues(shards).map((name) => openQueue(backend, name));
  let waiting: BellEntry[] = [];
  let calls = 0;
  let scheduled = false;
  let failing = false;
  let turn = 0;
  let rungAt = Number.NEGATIVE_INFINITY;
  const gapMs = backend.redisUrl === null ? POSTGRES_GAP_MS : REDIS_GAP_MS;
  let closed = false;
  let probe: NodeJS.Timeout | null = null;

  function schedule(): void {
    if (scheduled || calls >= CALLS_MAX || waiting.length === 0 || failing) return;
    scheduled = true;
    const ring = () => {
      scheduled = false;
      void flush(waiting.splice(0, TICKET_IDS_MAX * 20));
    };
    // Busy, ids are worth waiting for: a ticket costs the same with one id and with fifty. Idle, the last one is long ago.
    const pause = rungAt + gapMs - performance.now();
    if (pause > 0) setTimeout(ring, pause);
    else setImmediate(ring);
  }

  async function flush(entries: BellEntry[]): Promise<void> {
    if (entries.length === 0) return;
    calls += 1;
    rungAt = performance.now();
    try {
      await call(entries);
      if (failing) logger.info({}, 'the queue can be reached again');
      failing = false;
    } catch (error) {
      failed(error);
    } finally {
      calls -= 1;
      schedule();
    }
  }

  async function call(entries: readonly BellEntry[]): Promise<void> {
    const tickets: Ticket[] = [];
    for (let at = 0; at < entries.length; at += TICKET_IDS_MAX) tickets.push(ticketOf(entries.slice(at, at + TICKET_IDS_MAX)));
    turn = (turn + 1) % opened.length;
    const queue = opened[turn];
    if (queue !== undefined) await withTimeout(queue.add(tickets));
  }

  function failed(error: unknown): void {
    if (!failing && !closed)
      logger.warn({ reason: messageOf(error) }, 'the queue cannot be reached: workers claim due deliveries directly');
    failing = true;
    waiting = [];
    // An empty ticket finds out when the queue is back.
    if (probe === null && !closed) {
      probe = setTimeout(() => {
        probe = null;
        void flush([{ spoke: '', deliveryId: '' }]);
      }, PROBE_MS);
      probe.unref();
    }
  }

  return {
    ring(entries) {
      if (closed || failing) return;
      for (const entry of entries) if (waiting.length < WAITING_MAX) waiting.push(entry);
      schedule();
    },
    healthy: () => !failing,
    async close() {
      closed = true;
      if (probe !== null) clearTimeout(probe);
      await Promise.allSettled(opened.map((queue) => withTimeout(queue.close())));
    },
  };
}

async function withTimeout<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${CALL_TIMEOUT_MS} ms`)), CALL_TIMEOUT_MS);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
