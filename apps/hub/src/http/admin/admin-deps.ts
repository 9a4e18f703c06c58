/** Everything the admin API works with; the container builds it, tests build it over a disposable database. */
import type { ErasedAdapter } from '@nave/adapter-kit';
import type { Bell, Clock, ExpressionEngine, FollowingStep, Ids, Logger, RetryPolicy, RunPlace, RunPlanner, Sealer } from '@nave/core';
import type { Accepter, Registry } from '@nave/pipeline';
import type {
  CheckpointSigner,
  ConfigChanges,
  Database,
  KeyRepository,
  RouteRepository,
  SessionRepository,
  SpokeRepository,
} from '@nave/store';
import type { Alerts } from '../../alerts/build-alerts.ts';
import type { Polls } from '../../polling/build-polling.ts';
import type { Previews } from '../../previews/previews.ts';
import type { CheckAnswer } from '../../registry/check-spoke.ts';
import type { Keyring } from '../auth/keyring.ts';
import type { RefusalAudit } from '../auth/refusal-audit.ts';

export interface AdminDeps {
  db: Database;
  clock: Clock;
  ids: Ids;
  sealer: Sealer;
  expressions: ExpressionEngine;
  /** Expressions that people try out. */
  previews: Previews;
  /** Every kind by name. */
  kinds: ReadonlyMap<string, ErasedAdapter>;
  logger: Logger;
  /** Base URL as people and senders see it, without a trailing slash (`NAVE_PUBLIC_URL`). */
  publicUrl: string;
  /** How long messages and deliveries are kept (`NAVE_RETENTION`). */
  retentionMs: number;
  /** True when only this machine can reach the hub: the scheme `none` then needs no acknowledgement. */
  listensOnLoopback: boolean;
  registry: RegistryPort;
  /** Hash under which a key is stored and looked up. */
  hashKey: (key: string) => Uint8Array;
  keyring: Keyring;
  refusals: RefusalAudit;
  keys: KeyRepository;
  sessions: SessionRepository;
  spokes: SpokeRepository;
  routes: RouteRepository;
  changes: ConfigChanges;
  /** Alert rules, alerts, and test notifications. */
  alerts: Alerts;
  /** A real round trip to a stored spoke; null when there is none of that name. */
  checkSpoke: (name: string) => Promise<CheckAnswer | null>;
  /** Events fetched from systems. */
  polls: Polls;
  /** Gives n cryptographically random bytes. */
  randomBytes: (n: number) => Uint8Array;
  /** Rung for deliveries that a person puts back to work. */
  bell: Bell;
  /** Accepts messages that a person made from stored ones, as their spokes' own. */
  resubmit: Resubmission;
  /** Routes stored messages again. */
  planner: RunPlanner;
  /** The step that follows a delivery in its run; null after the last. */
  planNextStep: (place: RunPlace) => Promise<FollowingStep | null>;
  /** How an operation of a spoke is retried; null when either is gone. */
  retryPolicyOf: (spoke: string, operation: string) => RetryPolicy | null;
  /** The hashes a business key of this value may be stored under: one for each key name that some spoke declares. */
  businessKeyHashes: (value: string) => readonly Uint8Array[];
  /** Tells whether two contents are the same, to those who have the hub's key only: a plain hash would confirm a guess at what a body says. */
  contentDigest: (bytes: Uint8Array) => string;
  /** Checks the signed heads of the audit chain. */
  checkpointSigner: CheckpointSigner;
}

export interface Resubmission {
  registry: Pick<Registry, 'spoke' | 'routesFor' | 'route' | 'routeVersion'>;
  publish: Accepter['publish'];
}

/** The spokes, routes and keys that this process serves with, held in memory. */
export interface RegistryPort {
  /** Loads them anew; called after every change and before it is answered, so that the next request sees it. */
  reload(): Promise<void>;
}
