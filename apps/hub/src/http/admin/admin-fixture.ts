/** The admin API over a disposable database, for tests: everything real but time, the bell, the planner and the data path. */
import { createHmac, randomBytes } from 'node:crypto';
import { KINDS } from '@nave/adapters';
import { type Clock, HubError, type Logger, uuidV7 } from '@nave/core';
import { createExpressionEngine } from '@nave/expressions';
import { createLocalTokenSource } from '@nave/queue';
import { createAddressGuard, createKeyHasher, createSealer } from '@nave/security';
import {
  createConfigChanges,
  createDataKeyStore,
  createKeyRepository,
  createMessageStore,
  createPollStore,
  createRouteRepository,
  createSessionRepository,
  createSpokeRepository,
  type Database,
  openDatabase,
  writeAudit,
} from '@nave/store';
import { disposableDatabase } from '@nave/testkit';
import type { FastifyInstance } from 'fastify';
import { buildAlerts } from '../../alerts/build-alerts.ts';
import { createCheckpointSigner } from '../../audit-sealer/checkpoint-signer.ts';
import { ensureBootstrapKey } from '../../bootstrap-key.ts';
import { pollProgress } from '../../polling/build-polling.ts';
import { createPreviews } from '../../previews/previews.ts';
import { createSpokeCheck } from '../../registry/check-spoke.ts';
import { completeSpoke } from '../../registry/complete-spoke.ts';
import { openConnection } from '../../registry/open-connection.ts';
import { buildApp, type HttpOptions } from '../app.ts';
import { createKeyring } from '../auth/keyring.ts';
import { createRefusalAudit } from '../auth/refusal-audit.ts';
import type { DashboardDeps } from '../dashboard/index.ts';
import { createBodyBudget } from '../limits/body-budget.ts';
import { createCallerLimits } from '../limits/caller-limits.ts';
import { createLoadGuard } from '../limits/load-guard.ts';
import { createRefusalLimit } from '../limits/refusal-limit.ts';
import type { AdminDeps } from './admin-deps.ts';

export interface AdminFixture {
  app: FastifyInstance;
  deps: AdminDeps;
  /** Every route the app serves. */
  routes: readonly { method: string; url: string }[];
  db: Database;
  /** The bootstrap admin key. */
  adminKey: string;
  /** Moves the clock on. */
  pass(ms: number): void;
  /** Makes a key of a role; `publish` needs a spoke. */
  keyFor(role: string, spokes?: string[]): Promise<string>;
  /** One call with a key (the admin's by default, null = none). */
  call(method: Method, url: string, options?: CallOptions): Promise<Answer>;
  close(): Promise<void>;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD';

export interface CallOptions {
  key?: string | null;
  body?: unknown;
  headers?: Record<string, string>;
}

export interface Answer {
  status: number;
  headers: Record<string, string>;
  /** Parsed JSON, else the text. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape; what they find is what they check.
  body: any;
  text: string;
}

export const ADMIN_KEY = 'admin-key-for-tests-0123456789';
const SILENT: Logger = {
  debug() {},
  info() {},
  warn() {},
  error: (fields, message) => console.error(message, fields),
  child: () => SILENT,
};

const CALM = { waiting: 0, oldestWaitMs: 0, loopDelayMs: 0, heapShare: 0, bodyShare: 0 };

/** @param overrides replaces parts of the dependencies */
export async function adminFixture(
  overrides: Partial<AdminDeps> = {},
  http: Partial<HttpOptions> = {},
  dashboard: DashboardDeps | null = null,
): Promise<AdminFixture> {
  const database = await disposableDatabase();
  const db = openDatabase({ url: database.url, applicationName: 'test', hotConnections: 4, queryConnections: 6 });
  const time = { now: Date.now() };
  const clock: Clock = { now: () => time.now };
  let made = 0;
  const ids = {
    // Time stands still here: a counter keeps ids in the order they were made in.
    next(atMs: number) {
      const entropy = randomBytes(10);
      made += 1;
      entropy.writeUInt16BE(made & 0xfff, 0);
      return uuidV7(atMs, entropy);
    },
    random: Math.random,
  };
  const secretKey = randomBytes(32);
  const sealer = createSealer({ masterKey: secretKey, dataKeys: createDataKeyStore(db.prisma), random: (n) => randomBytes(n) });
  const expressions = createExpressionEngine({ timeoutMs: 60_000 });
  // A busy machine may take longer for the first evaluation of a child.
  const previews = createPreviews(createExpressionEngine({ isolated: true, poolSize: 1, timeoutMs: 60_000 }));
  const kinds = new Map(KINDS.map((kind) => [kind.kind, kind]));
  const hashKey = createKeyHasher(secretKey);
  const keys = createKeyRepository(db);
  const spokes = createSpokeRepository(db, sealer);
  const keyring = createKeyring({ repo: keys, hash: hashKey, clock, logger: SILENT });
  const guard = createAddressGuard({ allow: ['127.0.0.0/8'], forbid: [] });
  const deps: AdminDeps = {
    ...{ db, clock, ids, sealer, expressions, previews, kinds, hashKey, keyring, keys, spokes },
    logger: SILENT,
    publicUrl: 'http://127.0.0.1:7070',
    retentionMs: 90 * 86_400_000,
    listensOnLoopback: true,
    registry: { reload: async () => {} },
    alerts: buildAlerts({
      ...{ db, sealer, clock, ids, publicUrl: 'http://127.0.0.1:7070', messages: createMessageStore(db.hot) },
      registry: { spoke: () => null },
      bell: { ring() {}, healthy: () => true, close: async () => {} },
    }),
    refusals: createRefusalAudit({ write: (entries) => writeAudit(db, entries), clock, logger: SILENT }),
    sessions: createSessionRepository(db),
    routes: createRouteRepository(db),
    changes: createConfigChanges(db, clock),
    checkSpoke: createSpokeCheck({
      load: async (name) => {
        const spoke = await spokes.loadOne(name);
        return spoke && completeSpoke(spoke, kinds);
      },
      open: (spoke) => openConnection(spoke, { kinds, guard, expressions, clock, logger: SILENT }),
      kinds,
      clock,
      logger: SILENT,
    }),
    polls: {
      run: () => Promise.reject(new HubError('resource.not-found')),
      progress: (spoke) => pollProgress(createPollStore(db.hot), spoke),
    },
    randomBytes: (n) => randomBytes(n),
    bell: { ring() {}, healthy: () => true, close: async () => {} },
    resubmit: { registry: { spoke: () => null, routesFor: () => [], route: () => null, routeVersion: async () => null }, publish: unused },
    planner: { planRuns: async () => [] },
    planNextStep: async () => null,
    retryPolicyOf: () => null,
    businessKeyHashes: () => [],
    contentDigest: (bytes) => createHmac('sha256', secretKey).update(bytes).digest('hex'),
    checkpointSigner: createCheckpointSigner(secretKey),
    ...overrides,
  };
  await ensureBootstrapKey(deps, ADMIN_KEY);
  const door = {
    registry: {
      spoke: () => null,
      route: () => null,
      refresh: async () => {},
      routesFor: () => [],
      routeVersion: async () => null,
      connection: unused,
    },
    publicUrl: deps.publicUrl,
    authenticate: (bearer: string) => keyring.authenticate(bearer),
    onRefused() {},
    limits: {
      guard: createLoadGuard({ signals: () => CALM, now: () => time.now, random: Math.random, onShed() {}, logger: SILENT }),
      bodies: createBodyBudget(64 * 1024 * 1024),
      callers: createCallerLimits(createLocalTokenSource(), () => time.now),
      refusals: createRefusalLimit(() => time.now),
    },
  };
  const accepter = { hook: unused, publish: unused, understand: unused, drained: async () => {}, waiting: () => 0, oldestWaitMs: () => 0 };
  const calls = { routeOf: () => null, callRoute: unused };
  const app = await buildApp({
    healthOnly: false,
    http: { trustProxy: [], tls: null, corsOrigins: [], ...http },
    logger: SILENT,
    admin: deps,
    ingress: { ...door, accepter },
    calls: { ...door, calls },
    soap: { ...door, accepter, calls, logger: SILENT, now: () => time.now },
    ops: { readiness: async () => [], metrics: async () => ({ contentType: 'text/plain', body: '' }) },
    dashboard,
  });

  const routes = app.servedRoutes();

  async function call(method: Method, url: string, { key = ADMIN_KEY, body, headers = {} }: CallOptions = {}): Promise<Answer> {
    const response = await app.inject({
      method,
      url: url.startsWith('/') ? url : `/api/v1/${url}`,
      headers: {
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined || typeof body === 'string' ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { payload: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body) }),
    });
    const told = Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, String(value)]));
    const isJson = /json/.test(told['content-type'] ?? '') && response.body !== '';
    return { status: response.statusCode, headers: told, body: isJson ? response.json() : response.body, text: response.body };
  }

  return {
    ...{ app, deps, db, call, routes },
    adminKey: ADMIN_KEY,
    pass(ms) {
      time.now += ms;
    },
    async keyFor(role, spokes) {
      const { status, body } = await call('POST', 'keys', { body: { name: `${role} key`, role, ...(spokes ? { spokes } : {}) } });
      if (status !== 201) throw new Error(`no key of role ${role}: ${JSON.stringify(body)}`);
      return body.key;
    },
    async close() {
      await app.close();
      await expressions.close();
      await previews.close();
      await db.close();
      await database.drop();
    },
  };
}

function unused(): never {
  throw new Error('not part of this test');
}
