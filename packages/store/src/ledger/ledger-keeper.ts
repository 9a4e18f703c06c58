/** Keeps the ledger and the retention going in one process at a time. */
import { messageOf } from '@nave/core';
import type { Leadership } from '../leadership.ts';
import { type RetentionDeps, tryRetention } from '../retention/retention-turn.ts';
import type { LedgerDifference } from './differences.ts';
import { followLedger, type LedgerDeps, patrolLedger } from './ledger-turn.ts';

export interface KeeperDeps extends LedgerDeps, RetentionDeps {
  db: LedgerDeps['db'] & RetentionDeps['db'];
  /** Of `LEADERSHIPS.ledger`. */
  leadership: Leadership;
}

export interface LedgerKeeper {
  start(): void;
  /** Waits for the turn under way, then stops; what it left undone is done after the next start. */
  close(): Promise<void>;
}

const BEAT_MS = 1_000;
/** In beats. */
const FOLLOW_EVERY = 2;
const PATROL_EVERY = 2;
const RETENTION_EVERY = 60;
const CLOSE_MS = 10_000;

export function createLedgerKeeper(deps: KeeperDeps): LedgerKeeper {
  const { leadership, logger } = deps;
  let timer: NodeJS.Timeout | null = null;
  let beats = 0;
  let ledger: Promise<void> | null = null;
  let retention: Promise<void> | null = null;
  let closed = false;

  async function look(patrols: boolean): Promise<void> {
    try {
      report(await followLedger(deps));
      if (patrols) report(await patrolLedger(deps));
    } catch (error) {
      logger.warn({ reason: messageOf(error) }, 'a turn of the ledger failed');
    }
  }

  function report(differences: readonly LedgerDifference[]): void {
    for (const { kind, route, from, to, accepted, found } of differences)
      logger.error({ kind, route, from: from.toISOString(), to: to.toISOString(), accepted, found }, 'the ledger does not add up');
  }

  // The lead is asked for on every beat: it ends where its session is silent. What takes longer runs beside.
  async function beat(): Promise<void> {
    const leads = await leadership.lead();
    if (closed) return;
    if (leads && ledger === null && beats % FOLLOW_EVERY === 0)
      ledger = look(beats % (FOLLOW_EVERY * PATROL_EVERY) === 0).finally(() => {
        ledger = null;
      });
    if (leads && retention === null && beats % RETENTION_EVERY === 0)
      retention = tryRetention(deps).then(() => {
        retention = null;
      });
    beats += 1;
    timer = setTimeout(() => void beat(), BEAT_MS).unref();
  }

  return {
    start: () => void beat(),
    async close() {
      closed = true;
      if (timer !== null) clearTimeout(timer);
      let patience: NodeJS.Timeout | undefined;
      const tooLong = new Promise<void>((done) => {
        patience = setTimeout(done, CLOSE_MS);
      });
      await Promise.race([Promise.all([ledger, retention]), tooLong]);
      clearTimeout(patience);
      await leadership.close();
    },
  };
}
