/** Everything the admin API works with; the container builds it, tests build it over a disposable database. */
import type { ErasedAdapter } from '@nave/adapter-kit';
import type { Clock, ExpressionEngine, Ids, Logger, Sealer } from '@nave/core';
import type { Database, KeyRepository, SessionRepository } from '@nave/store';
import type { Keyring } from '../auth/keyring.ts';
import type { RefusalAudit } from '../auth/refusal-audit.ts';

export interface AdminDeps {
  db: Database;
  clock: Clock;
  ids: Ids;
  sealer: Sealer;
  expressions: ExpressionEngine;
  /** Every kind by name. */
  kinds: ReadonlyMap<string, ErasedAdapter>;
  logger: Logger;
  /** Base URL as people and senders see it, without a trailing slash (`NAVE_PUBLIC_URL`). */
  publicUrl: string;
  /** True when only this machine can reach the hub: the scheme `none` then needs no acknowledgement. */
  listensOnLoopback: boolean;
  registry: RegistryPort;
  /** Hash under which a key is stored and looked up. */
  hashKey: (key: string) => Uint8Array;
  keyring: Keyring;
  refusals: RefusalAudit;
  keys: KeyRepository;
  sessions: SessionRepository;
}

/** The spokes, routes and keys that this process serves with, held in memory. */
export interface RegistryPort {
  /** Loads them anew; called after every change and before it is answered, so that the next request sees it. */
  reload(): Promise<void>;
}
