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
  /** Where the database stood when the last round found nothing to seal; as long as it stands there, a round would find nothing again. */
  let nothingAt: string | null = null;

  function plan(afterMs: number): void {
    if (closed) return;
    timer = setTimeout(() => {
      round = turn();
    }, afterMs).unref();
  }

  async function turn(): Promise<void> {
    try {
      const stand = await standOf(deps.db.hot);
      let more = false;
      if (stand === null || stand !== nothingAt) {
        const result = await sealOnce(deps);
        ({ more } = result);
        nothingAt = result.held && result.sealed === 0 && !more ? stand : null;
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

/** The snapshot as text, which every transaction that writes changes by its end; null while one is under way, whose rows are yet to come. */
async function standOf(hot: Database['hot']): Promise<string | null> {
  const { rows } = await hot.query<{ stand: string }>({ name: 'audit-stand', text: 'SELECT pg_current_snapshot()::text AS stand' });
  const stand = rows[0]?.stand ?? '';
  // xmin:xmax:those between that have not ended
  const [xmin, xmax] = stand.split(':');
  return xmin !== undefined && xmin === xmax ? stand : null;
}
