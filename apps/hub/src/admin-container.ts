/** The admin side of the composition root: repositories, keys, audit, replays. */
import { createHash, randomBytes } from 'node:crypto';
import type { ErasedAdapter } from '@nave/adapter-kit';
import type { Config } from '@nave/config';
import { type Bell, type Clock, type ExpressionEngine, type Ids, type MessageStore, operationPolicy, type Sealer } from '@nave/core';
import { createExpressionEngine } from '@nave/expressions';
import { type Accepter, createRunPlanner, createStepPlanner } from '@nave/pipeline';
import { createKeyHasher } from '@nave/security';
import {
  createAuditSealer,
  createConfigChanges,
  createFailureSorter,
  createKeyRepository,
  createLeadership,
  createReplayRunner,
  createSessionRepository,
  type Database,
  LEADERSHIPS,
  queueFigures,
  type RouteRepository,
  type SpokeRepository,
  writeAudit,
} from '@nave/store';
import type { QueueFigures } from '@nave/telemetry';
import { keepAdminKey } from './admin-key-file.ts';
import { buildAlertEvaluator, buildAlerts } from './alerts/build-alerts.ts';
import { withNotifications } from './alerts/notification-route.ts';
import { createCheckpointSigner } from './audit-sealer/checkpoint-signer.ts';
import { ensureBootstrapKey } from './bootstrap-key.ts';
import type { Surroundings } from './container.ts';
import type { AdminDeps } from './http/admin/admin-deps.ts';
import { createKeyring } from './http/auth/keyring.ts';
import { createRefusalAudit, type Refusal } from './http/auth/refusal-audit.ts';
import { createSignInLink } from './http/auth/sign-in-link.ts';
import type { Polls } from './polling/build-polling.ts';
import { createPreviews } from './previews/previews.ts';
import { createSpokeCheck } from './registry/check-spoke.ts';
import { completeSpoke } from './registry/complete-spoke.ts';
import { type OpenDeps, openConnection } from './registry/open-connection.ts';
import type { RunningRegistry } from './registry/registry.ts';

export interface AdminParts {
  config: Config;
  around: Surroundings;
  db: Database;
  clock: Clock;
  ids: Ids;
  sealer: Sealer;
  expressions: ExpressionEngine;
  kinds: ReadonlyMap<string, ErasedAdapter>;
  registry: RunningRegistry;
  bell: Bell;
  messages: Pick<MessageStore, 'accept'>;
  spokes: SpokeRepository;
  routes: RouteRepository;
  businessKeyHash: (name: string, value: string) => Uint8Array;
  open: OpenDeps;
  polls: Polls;
  publish: Accepter['publish'];
}

export interface FirstAccess {
  /** The admin key in clear when this start made or was given it; else empty. */
  adminKey: string;
  signInLink: string | null;
}

export interface AdminSide {
  deps: AdminDeps;
  /** Notes a refusal or another fact for the audit without waiting for it. */
  note(entry: Refusal): void;
  queueFigures(): Promise<QueueFigures[]>;
  /** Makes sure that somebody can get in, and starts sealing the audit. */
  prepare(): Promise<FirstAccess>;
  /** Starts the replay runner; in processes that deliver. */
  startReplays(): void;
  /** Starts sorting failing deliveries into issues; in processes that deliver. */
  startSorting(): void;
  /** Starts looking at alert rules; in processes that deliver. */
  startAlerts(): void;
  close(): Promise<void>;
}

export function buildAdmin(parts: AdminParts): AdminSide {
  const { config, around, db, clock, ids, sealer, expressions, kinds, registry, bell, spokes, routes } = parts;
  const { logger, publicUrl } = around;
  const random = (n: number) => randomBytes(n);
  const keys = createKeyRepository(db);
  const sessions = createSessionRepository(db);
  const hashKey = createKeyHasher(around.secretKey);
  const keyring = createKeyring({ repo: keys, hash: hashKey, clock, logger });
  const refusals = createRefusalAudit({ write: (entries) => writeAudit(db, entries), clock, logger });
  const checkpointSigner = createCheckpointSigner(around.secretKey);
  const planner = withNotifications(createRunPlanner(registry), registry);
  const previews = createPreviews(createExpressionEngine({ isolated: true, poolSize: 1 }));
  const alerts = buildAlerts({ db, registry, sealer, bell, clock, ids, publicUrl, messages: parts.messages });
  const alertEvaluator = buildAlertEvaluator(alerts, { db, clock, ids, logger });
  const sealing = createAuditSealer({ db, clock, signer: checkpointSigner, logger });
  const leadership = createLeadership(around.databaseUrl, LEADERSHIPS.replays, (reason) =>
    logger.warn({ reason }, 'this process no longer works on replays'),
  );
  const replays = createReplayRunner({ db, clock, ids, sealer, planner, bell, leadership, logger });
  const sorter = createFailureSorter({ db, logger });
  const deps: AdminDeps = {
    ...{
      db,
      clock,
      ids,
      sealer,
      expressions,
      previews,
      kinds,
      logger,
      publicUrl,
      retentionMs: config.retentionMs,
      registry,
      hashKey,
      keyring,
      refusals,
      keys,
      sessions,
      spokes,
      routes,
      bell,
      planner,
      alerts,
    },
    planNextStep: createStepPlanner(registry),
    retryPolicyOf(spoke, operation) {
      const known = registry.spoke(spoke);
      return known === null || known.operation(operation) === null ? null : operationPolicy(known.definition.policy, operation).retry;
    },
    listensOnLoopback: config.listensOnLoopback,
    changes: createConfigChanges(db, clock),
    checkSpoke: createSpokeCheck({
      async load(name) {
        const stored = await spokes.loadOne(name);
        return stored === null ? null : completeSpoke(stored, kinds);
      },
      open: (spoke) => openConnection(spoke, parts.open),
      kinds,
      clock,
      logger,
    }),
    polls: parts.polls,
    resubmit: { registry, publish: parts.publish },
    randomBytes: random,
    businessKeyHashes(value) {
      const names = new Set(registry.spokes().flatMap(({ definition }) => Object.keys(definition.inbound?.keys ?? {})));
      return [...names].map((name) => parts.businessKeyHash(name, value));
    },
    contentDigest(bytes) {
      const hash = createHash('sha256').update(bytes).digest('hex');
      // No business key can have this name.
      return Buffer.from(parts.businessKeyHash('\u0000content', hash)).toString('hex');
    },
    checkpointSigner,
  };
  return {
    deps,
    note: (entry) => refusals.note(entry),
    async queueFigures() {
      const figures = await queueFigures(db, clock.now());
      return figures.flatMap(({ spoke, depth, oldestSeconds }) =>
        Object.entries(depth).map(([state, count]) => ({ spoke, state, count, oldestSeconds: state === 'pending' ? oldestSeconds : null })),
      );
    },
    async prepare() {
      sealing.start();
      // Whoever starts first shows the key; a worker's console is the last place to look for it.
      if (config.role === 'worker') return { adminKey: '', signInLink: null };
      const given = config.adminKey?.reveal() ?? null;
      const { id, generated } = await ensureBootstrapKey(deps, given, (key) => keepAdminKey(config.dataDir, key));
      const signInLink =
        generated === null ? null : (await createSignInLink({ sessions, randomBytes: random, clock, ids, publicUrl }, id)).url;
      return { adminKey: generated ?? given ?? '', signInLink };
    },
    startReplays: () => replays.start(),
    startSorting: () => sorter.start(),
    startAlerts: () => alertEvaluator.start(),
    async close() {
      await sorter.close();
      await previews.close();
      await alertEvaluator.close();
      await replays.close();
      await leadership.close();
      await refusals.flush().catch(() => undefined);
      await sealing.close();
    },
  };
}
