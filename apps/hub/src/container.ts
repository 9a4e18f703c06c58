/** The composition root: the only place that constructs stores, queues and adapters and ties them to the ports they serve. */
import { createHmac, randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { KINDS } from '@nave/adapters';
import type { Config } from '@nave/config';
import { type Clock, isHubError, type Logger, type SendingMark } from '@nave/core';
import { createExpressionEngine } from '@nave/expressions';
import { createAccepter, createDeliver, createRecorder, createSweep, GroupCommit } from '@nave/pipeline';
import { createGuardedHttp } from '@nave/protocols';
import { createBell, createBellListener, createTokenSource, type QueueBackend } from '@nave/queue';
import { createAddressGuard, createSealer } from '@nave/security';
import {
  abandonLeases,
  createClockMender,
  createDataKeyStore,
  createLeadership,
  createMessageStore,
  createRouteRepository,
  createSpokeRepository,
  createTokenStore,
  LEADERSHIPS,
  openDatabase,
  readConfigVersion,
  writeAudit,
} from '@nave/store';
import { createMetrics } from '@nave/telemetry';
import { buildAdmin } from './admin-container.ts';
import { createIds } from './create-ids.ts';
import { createDashboard } from './dashboard/dashboard.ts';
import { dashboardFolder } from './dashboard/dashboard-folder.ts';
import { forbiddenEndpoints } from './forbidden-endpoints.ts';
import { buildApp } from './http/app.ts';
import { actorOfSession } from './http/auth/authenticate.ts';
import { startIngressLimits } from './http/limits/ingress-limits.ts';
import { sharedNonces } from './http/soap/nonce-source.ts';
import { buildLedger } from './ledger/build-ledger.ts';
import { buildPolling } from './polling/build-polling.ts';
import { createReadiness } from './readiness.ts';
import { loadRoutes, loadRouteVersion } from './registry/complete-route.ts';
import { loadDefinitions } from './registry/complete-spoke.ts';
import { jwksFetcher } from './registry/fetch-jwks.ts';
import { openConnection } from './registry/open-connection.ts';
import { createPinAudit } from './registry/pin-audit.ts';
import { createRegistry } from './registry/registry.ts';
import { buildCalls, closeGates } from './reply/build-calls.ts';
import { createSpokeHold } from './reply/spoke-hold.ts';
import { createSpokeTurns } from './reply/spoke-turns.ts';
import { createReporting } from './reporting.ts';
import { derivedKey } from './secret-key.ts';
import { createSharedTokens } from './tokens/shared-tokens.ts';
import { createBackpressure } from './worker/backpressure.ts';
import { createDispatcher } from './worker/dispatcher.ts';
import { brokenSpokes, buildFlow } from './worker/flow/build-flow.ts';
import { buildGates } from './worker/gates/build-gates.ts';
import { createWorker } from './worker/worker.ts';

/** What only the start knows: where the database is, which port was taken, the secret key. */
export interface Surroundings {
  databaseUrl: string;
  secretKey: Uint8Array;
  /** The port that is listened on, also where the configuration says 0. */
  port: number;
  publicUrl: string;
  logger: Logger;
}

/** Callers are gone by now: what their calls have under way may still end. */
const CALLS_PATIENCE_MS = 5_000;

export type Container = Awaited<ReturnType<typeof buildContainer>>;

export async function buildContainer(config: Config, around: Surroundings) {
  const { logger } = around;
  const clock: Clock = { now: () => Date.now() };
  const ids = createIds();
  const owner = `${hostname()}:${process.pid}:${randomBytes(4).toString('hex')}`;
  const db = openDatabase({
    url: around.databaseUrl,
    applicationName: `nave ${config.role}`,
    hotConnections: 8,
    queryConnections: 6,
    onConnectionLost: (reason) => logger.warn({ reason }, 'a database connection was lost'),
  });
  const backend: QueueBackend = {
    redisUrl: config.redisUrls.length === 0 ? null : config.redisUrls.map((url) => url.reveal()).join(','),
    postgresUrl: around.databaseUrl,
  };
  const sealer = createSealer({ masterKey: around.secretKey, dataKeys: createDataKeyStore(db.prisma), random: (n) => randomBytes(n) });
  const expressions = createExpressionEngine();
  const kinds = new Map(KINDS.map((kind) => [kind.kind, kind]));
  const guard = createAddressGuard({ allow: config.egress, forbid: await forbiddenEndpoints(config, around) });
  const jwks = createGuardedHttp({ guard, connections: 4 });
  const tokenNames = derivedKey(around.secretKey, 'token names');
  const open = {
    ...{ kinds, guard, expressions, clock, logger },
    tokens: createSharedTokens({
      ...{ store: createTokenStore(db.hot), sealer, clock, logger, owner },
      hashKey: (key) => createHmac('sha256', tokenNames).update(key).digest('base64url'),
    }),
    onPinMismatch: createPinAudit((entry) => admin.note(entry)),
  };
  const spokes = createSpokeRepository(db, sealer);
  const routes = createRouteRepository(db);
  const tokens = createTokenSource({ redisUrl: backend.redisUrl, database: db.hot, logger });
  const registry = createRegistry({
    ...{ kinds, expressions, clock, logger },
    fetchJwks: jwksFetcher(jwks),
    nonces: sharedNonces(tokens),
    // The version first: a change that lands between the reads is seen by the next look.
    load: async () => {
      const version = await readConfigVersion(db);
      return { version, spokes: await loadDefinitions(spokes, kinds), routes: await loadRoutes(routes) };
    },
    readVersion: () => readConfigVersion(db),
    loadRouteVersion: (name, version) => loadRouteVersion(routes, name, version),
    open: (spoke) => openConnection(spoke, open),
  });
  const store = createMessageStore(db.hot);
  const bell = createBell({ backend, shards: config.ticketShards, logger });
  const searchKey = derivedKey(around.secretKey, 'business keys');
  const businessKeyHash = (name: string, value: string) => createHmac('sha256', searchKey).update(`${name}\u0000${value}`).digest();

  const admin = buildAdmin({
    ...{ config, around, db, clock, ids, sealer, expressions, kinds, registry, bell, spokes, routes, businessKeyHash, open },
    messages: store,
    publish: (publication) => accepter.publish(publication),
    polls: { run: (spoke, poll) => poller.run(spoke, poll), progress: (spoke) => poller.progress(spoke) },
  });
  const ledger = buildLedger({ ...{ config, db, clock, sealer, logger }, signer: admin.deps.checkpointSigner });
  const metrics = createMetrics(
    admin.queueFigures,
    () => admin.deps.alerts.store.firingCounts(),
    () => brokenSpokes(db),
  );
  const report = createReporting({ metrics, note: (entry) => admin.note(entry), registry, logger });

  const sending = new GroupCommit<SendingMark, boolean>({
    write: async (batch) => {
      const ours = new Set(await store.markSending(batch));
      return batch.map(({ id }) => ours.has(id));
    },
    batchMax: 256,
    writersMax: 2,
    waitingMax: 10_000,
    again: (error) => isHubError(error) && error.code === 'store.conflict',
    bisect: (error) => isHubError(error) && error.code === 'hub.internal',
  });
  const recorder = createRecorder(store, bell, {
    offer: (entries) => dispatcher.offerTurns(entries),
    onLaneLeft: (reason) => logger.warn({ reason }, 'a lane was not moved on'),
  });
  const flow = buildFlow({
    ...{ db, registry, bell, logger, random: () => ids.random() },
    deliver: createDeliver({ store, registry, sealer, clock, ids, logger, markSending: (mark) => sending.add(mark) }),
    onBreaker: report.onBreaker,
  });
  const gates = [
    flow.gate,
    ...buildGates({
      db,
      registry,
      tokens,
      owner,
      concurrency: config.workerConcurrency,
      leaseMs: config.leaseMs,
      delivers: config.role !== 'hub',
      logger,
    }),
  ];
  const turns = createSpokeTurns({ gates, hold: createSpokeHold({ registry, flow: flow.state, now: clock.now }) });
  const dispatcher = createDispatcher({
    store,
    registry,
    recorder,
    deliver: flow.deliver,
    logger,
    owner,
    leaseMs: config.leaseMs,
    concurrency: config.workerConcurrency,
    gates: [turns.gate, ...gates],
    onFinished: report.onFinished,
  });
  const worker = createWorker({
    dispatcher,
    flow: flow.leading((spoke, deliveryId) => dispatcher.probe(spoke, deliveryId)),
    listener: createBellListener({ backend, shards: config.ticketShards, logger, now: clock.now }),
    bell,
    sweep: createSweep({
      store,
      bell,
      logger,
      mendClock: createClockMender(db.hot, { leaseMs: config.leaseMs, monotonicMs: () => performance.now(), logger }),
    }),
    leadership: createLeadership(around.databaseUrl, LEADERSHIPS.sweep, (reason) =>
      logger.warn({ reason }, 'this process no longer sweeps'),
    ),
    store,
    logger,
  });

  const accepter = createAccepter({
    store,
    registry,
    sealer,
    bell,
    clock,
    ids,
    businessKeyHash,
    ...(config.role === 'all' ? { allow: createBackpressure({ backlog: () => dispatcher.backlog() }), takeOver: dispatcher.takeOver } : {}),
    onMismatch: report.onMismatch,
    onAccepted: report.onAccepted,
  });

  const poller = buildPolling({
    ...{ db, registry, kinds, accepter, tokens, metrics, owner, logger },
    note: (entry) => admin.note(entry),
    now: clock.now,
    random: () => ids.random(),
  });

  const calls = buildCalls({
    ...{ db, store, accepter, registry, sealer, bell, turns, owner, clock, logger, metrics, ...report },
    deliver: flow.deliver,
    leaseMs: config.leaseMs,
  });
  const limits = startIngressLimits({ accepter, tokens, onShed: metrics.shed, logger });

  const work = { lastTurnAt: () => worker.lastTurnAt(), active: () => dispatcher.active() };
  const readiness = createReadiness({ db, bell, redisUrl: backend.redisUrl, work: config.role === 'hub' ? null : work });

  const door = {
    registry,
    publicUrl: around.publicUrl,
    authenticate: (bearer: string) => admin.deps.keyring.authenticate(bearer),
    authenticateSession: (token: string) => actorOfSession(admin.deps, token),
    auditPublished: ({ actor, spoke, type }: { actor: string; spoke: string; type: string }) =>
      writeAudit(db, [{ atMs: clock.now(), actor, action: 'message.publish', subject: `spoke:${spoke}`, detail: { type } }]),
    limits,
    onRefused: report.onRefused,
  };
  const dashboard = createDashboard({ folder: dashboardFolder(), logger });
  const app = await buildApp({
    http: { trustProxy: config.trustProxy, tls: config.tls, corsOrigins: config.corsOrigins },
    logger,
    ingress: { ...door, accepter },
    calls: { ...door, calls },
    soap: { ...door, accepter, calls, logger, now: clock.now },
    admin: admin.deps,
    healthOnly: config.role === 'worker',
    ops: { readiness, metrics: metrics.render },
    dashboard: { state: dashboard.state, nonce: () => randomBytes(16).toString('base64') },
  });

  return {
    app,
    admin,
    dashboard,
    ledger,
    worker,
    poller,
    registry,
    accepter,
    calls,
    /** In a process without a worker, which reads this itself: calls have to know what keeps their spokes back. */
    watchFlows: () => flow.state.start(),
    /** For a start that knows that no other process delivers: takes back at once what a killed one had under way. */
    takeBackLeases: () => abandonLeases(db.hot),
    /** Closes everything that is neither HTTP nor worker. */
    async close(): Promise<void> {
      limits.close();
      await poller.stop();
      await accepter.drained();
      // What was committed after the worker's stop is given back, for nobody delivers it here.
      await recorder.drained();
      await calls.stop(CALLS_PATIENCE_MS);
      if (config.role === 'hub') await closeGates(gates);
      await ledger.close();
      await admin.close();
      await bell.close();
      await tokens.close();
      await registry.close();
      await jwks.close();
      await expressions.close();
      await db.close();
    },
  };
}
