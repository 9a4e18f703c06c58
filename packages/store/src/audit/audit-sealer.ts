/** Keeps the audit chain within a second of the present. Runs in every process; the lock in the database lets one at a time work. */
import { type Logger, messageOf } from '@nave/core';
import { type SealDeps, sealOnce } from './seal.ts';

export interface AuditSealer {
  start(): void;
  /** Seals what is there, then stops. Bounded by one round's timeout. */
  close(): Promise<void>;
}

/** At most this often, so that a busy second of accepted messages is one digest. */
const EVERY_MS = 800;

export function createAuditSealer(deps: SealDeps & { logger: Logger }): AuditSealer {
  let timer: NodeJS.Timeout | null = null;
  let round: Promise<void> = Promise.resolve();
  let closed = false;

  function plan(afterMs: number): void {
    if (closed) return;
    timer = setTimeout(() => {
      round = turn();
    }, afterMs).unref();
  }

  async function turn(): Promise<void> {
    try {
      const { more } = await sealOnce(deps);
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
