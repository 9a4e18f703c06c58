/** The gates that every worker has: its share of a spoke's concurrency, and the spoke's rate. */
import type { Logger, SpokeGate, TokenSource } from '@nave/core';
import type { Registry } from '@nave/pipeline';
import { createSlotStore, type Database } from '@nave/store';
import { createRateGate } from './rate-gate.ts';
import { createSlotGate } from './slot-gate.ts';

/** Shorter than a lease of deliveries: nothing is sent again when it runs out. */
const SLOT_LEASE_MS = 10_000;

export interface GateParts {
  db: Pick<Database, 'hot'>;
  registry: Pick<Registry, 'spoke'>;
  tokens: TokenSource;
  /** Names this process. */
  owner: string;
  /** Deliveries under way at once in this process. */
  concurrency: number;
  /** How long a worker may be silent: what it had of a spoke's concurrency comes back no later than its deliveries. */
  leaseMs: number;
  /** Whether this process delivers: a hub without a worker takes no share. */
  delivers: boolean;
  logger: Logger;
}

export function buildGates({ db, registry, tokens, owner, concurrency, leaseMs, delivers, logger }: GateParts): SpokeGate[] {
  const policyOf = (spoke: string) => registry.spoke(spoke)?.definition.policy ?? null;
  return [
    createSlotGate({
      store: createSlotStore(db.hot),
      owner,
      limitOf: (spoke) => policyOf(spoke)?.concurrency ?? null,
      processMax: concurrency,
      leaseMs: Math.min(SLOT_LEASE_MS, leaseMs),
      announce: delivers,
      logger,
    }),
    createRateGate({ tokens, rateOf: (spoke) => policyOf(spoke)?.rate ?? null, logger }),
  ];
}
