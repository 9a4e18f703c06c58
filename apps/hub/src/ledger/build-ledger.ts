/** What keeps the ledger and the retention in this process; the lead says which process does. */
import { resolve } from 'node:path';
import type { Config } from '@nave/config';
import type { Clock, Logger } from '@nave/core';
import type { HubSealer } from '@nave/security';
import { type CheckpointSigner, createLeadership, createLedgerKeeper, type Database, LEADERSHIPS, type LedgerKeeper } from '@nave/store';

export interface LedgerParts {
  config: Config;
  db: Database;
  clock: Clock;
  sealer: HubSealer;
  signer: CheckpointSigner;
  logger: Logger;
}

export function buildLedger({ config, db, clock, sealer, signer, logger }: LedgerParts): LedgerKeeper {
  return createLedgerKeeper({
    ...{ db, clock, signer, logger, retentionMs: config.retentionMs },
    archiveDir: config.archiveDir === null ? null : resolve(config.archiveDir),
    onKeyDestroyed: (keyId) => sealer.forget(keyId),
    leadership: createLeadership(db.url, LEADERSHIPS.ledger, (reason) =>
      logger.warn({ reason }, 'this process no longer keeps the ledger'),
    ),
  });
}
