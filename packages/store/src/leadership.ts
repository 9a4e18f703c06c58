/** Work that one process does at a time: whoever holds a PostgreSQL advisory lock leads; when it dies, its session and so the lock are gone. */
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '@nave/core';
import pg from 'pg';

export interface Leadership {
  /** True while this process leads. Tries to take the lead when nobody has it. Never throws: without a database nobody leads. */
  lead(): Promise<boolean>;
  close(): Promise<void>;
}

/** Advisory lock numbers of the single tasks. */
export const LEADERSHIPS = { sweep: 7_283_002, auditSealer: 7_283_003, replays: 7_283_004, alerts: 7_283_050, ledger: 7_283_060 } as const;

const CLOSE_TIMEOUT_MS = 2_000;
/**
 * A holder that is stopped (SIGSTOP, a frozen machine) keeps its connection, and so its lock, for ever: the server ends sessions that ask nothing for so long
 * (idle_session_timeout, PostgreSQL 14). Whoever leads asks more often.
 */
const SILENT_MS_MAX = 5_000;
/** So long the answer of before is good: the lock cannot go without its connection, whose end is told, and no sooner than the silence above. */
const SURE_MS = 2_000;
/** SQLSTATE of such an end. */
const IDLE_SESSION_TIMEOUT = '57P05';

/** @param lock one of `LEADERSHIPS` */
export function createLeadership(url: string, lock: number, onLost: (reason: string) => void): Leadership {
  let client: pg.Client | null = null;
  let leading = false;
  /** Monotonic, before the server was last asked. */
  let askedAt = Number.NEGATIVE_INFINITY;

  function drop(reason: string): void {
    if (leading) onLost(reason);
    leading = false;
    const old = client;
    client = null;
    old?.end().catch(() => undefined);
  }

  async function connect(): Promise<pg.Client> {
    if (client !== null) return client;
    const fresh = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: 3_000,
      statement_timeout: 3_000,
      query_timeout: 5_000,
      keepAlive: true,
      options: `-c idle_session_timeout=${SILENT_MS_MAX}`,
    });
    fresh.on('error', (error) => {
      // Nothing to do for a while is no loss: the next call takes the lead again.
      if ('code' in error && error.code === IDLE_SESSION_TIMEOUT) leading = false;
      drop(messageOf(error));
    });
    fresh.on('end', () => client === fresh && drop('the connection ended'));
    await fresh.connect();
    client = fresh;
    return fresh;
  }

  return {
    async lead() {
      const now = performance.now();
      if (leading && now - askedAt < SURE_MS) return true;
      try {
        const session = await connect();
        // Also when we lead already: the session must still be there, or the lock is not ours any more.
        const text = leading ? 'SELECT true AS ok' : 'SELECT pg_try_advisory_lock($1) AS ok';
        const { rows } = await session.query<{ ok: boolean }>(text, leading ? [] : [lock]);
        leading = rows[0]?.ok === true && client === session;
        askedAt = now;
      } catch (error) {
        drop(messageOf(error));
      }
      return leading;
    },
    async close() {
      leading = false;
      const old = client;
      client = null;
      // Over a connection that is half gone the farewell would never be answered.
      if (old !== null) await Promise.race([old.end().catch(() => undefined), sleep(CLOSE_TIMEOUT_MS, undefined, { ref: false })]);
    },
  };
}
