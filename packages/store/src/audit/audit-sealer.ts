/** Keeps the audit chain within a second of the present. Runs in every process; the lock in the database lets one at a time work. */
import { type Logger, messageOf } from '@nave/core';
import type { Database } from '../database.ts';
import { type SealDeps, sealOnce } from './seal.ts';

export interface AuditSealer {
  start(): void;
  /** Seals what is there, then stops. Bounded by one round's timeout. */
  close(): Promise<void>;
}

/** At most this often, so that a busy second of accepted messages is one digest. */
const EVERY_MS = 800;

export interface AuditSealerDeps extends SealDeps {
  db: SealDeps['db'] & Pick<Database, 'hot'>;
  logger: Logger;
}

export function createAuditSealer(deps: AuditSealerDeps): AuditSealer {
  let timer: NodeJS.Timeout | null = null;
  let round: Promise<void> = Promise.resolve();
  let closed = false;
  /** Counters of transactions below are in the chain; null when this process does not know. */
  let coveredXid: bigint | null = null;

  function plan(afterMs: number): void {
    if (closed) return;
    timer = setTimeout(() => {
      round = turn();
    }, afterMs).unref();
  }

  async function turn(): Promise<void> {
    try {
      let more = false;
      if (coveredXid === null || (await isDue(deps.db.hot, coveredXid))) {
        const result = await sealOnce(deps);
        ({ more, coveredXid } = result);
      }
      plan(more ? 0 : EVERY_MS);
    } catch (error) {
      deps.logger.warn({ reason: messageOf(error) }, 'audit not sealed');
      plan(EVERY_MS);
    }
  }

  return {
    start: () => plan(0),
    async close() {
      closed = true;
      if (timer !== null) clearTimeout(timer);
      await round;
      await sealOnce(deps).catch((error: unknown) => deps.logger.warn({ reason: messageOf(error) }, 'audit not sealed at the end'));
    },
  };
}

/**
 * Whether a round may find something: one look instead of its transaction, in a hub where nothing happens. In a restored cluster, whose transaction numbers
 * start anew, a round finds out what is covered.
 */
export const AUDIT_DUE_SQL = `
SELECT newest < $1 OR EXISTS (SELECT FROM audit WHERE seq IS NULL) OR EXISTS (SELECT FROM accepted_count WHERE xid >= $1 AND xid < newest) AS due
FROM (SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS newest) AS now`;

async function isDue(hot: Database['hot'], coveredXid: bigint): Promise<boolean> {
  const { rows } = await hot.query<{ due: boolean }>({ name: 'audit-due', text: AUDIT_DUE_SQL, values: [String(coveredXid)] });
  return rows[0]?.due !== false;
}
