/** Sorts failing deliveries into their groups as they come, so that nobody who looks at them has to wait for it. */
import { type Logger, messageOf } from '@nave/core';
import type { Database } from '../database.ts';
import { guarded } from '../guarded.ts';
import { sortFailures } from './sort-failures.ts';

export interface FailureSorter {
  start(): void;
  /** Waits for the turn under way, then stops. */
  close(): Promise<void>;
}

const IDLE_MS = 1_000;
/** Between two turns in a storm: leaves the database to those who deliver. */
const BUSY_MS = 50;

/** May run in any number of processes. */
export function createFailureSorter({ db, logger }: { db: Pick<Database, 'prisma'>; logger: Logger }): FailureSorter {
  let timer: NodeJS.Timeout | null = null;
  let turn: Promise<void> = Promise.resolve();
  let closed = false;

  function plan(afterMs: number): void {
    if (closed) return;
    timer = setTimeout(() => {
      turn = sort();
    }, afterMs).unref();
  }

  async function sort(): Promise<void> {
    try {
      const { more } = await guarded(() => sortFailures(db.prisma));
      plan(more ? BUSY_MS : IDLE_MS);
    } catch (error) {
      logger.warn({ reason: messageOf(error) }, 'failures wait to be sorted into issues');
      plan(IDLE_MS);
    }
  }

  return {
    start: () => plan(0),
    async close() {
      closed = true;
      if (timer !== null) clearTimeout(timer);
      await turn;
    },
  };
}
