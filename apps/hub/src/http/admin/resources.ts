/** The resources of the admin API: one line each. */
import type { FastifyPluginAsync } from 'fastify';
import type { AdminDeps } from './admin-deps.ts';
import { firingRoutes } from './alerts/firing-routes.ts';
import { alertRoutes } from './alerts/routes.ts';
import { auditRoutes } from './audit/routes.ts';
import { configRoutes } from './config/routes.ts';
import { deliveriesRoutes } from './deliveries/routes.ts';
import { expressionRoutes } from './expressions/routes.ts';
import { issuesRoutes } from './issues/routes.ts';
import { keyRoutes } from './keys/routes.ts';
import { kindRoutes } from './kinds/routes.ts';
import { lanesRoutes } from './lanes/routes.ts';
import { ledgerRoutes } from './ledger/routes.ts';
import { messagesRoutes } from './messages/routes.ts';
import { queuesRoutes } from './queues/routes.ts';
import { replaysRoutes } from './replays/routes.ts';
import { routeRoutes } from './routes/routes.ts';
import { sessionRoutes } from './session/routes.ts';
import { pollRoutes } from './spokes/poll-routes.ts';
import { spokeRoutes } from './spokes/routes.ts';
import { statsRoutes } from './stats/routes.ts';
import { streamRoutes } from './stream/routes.ts';
import { viewRoutes } from './views/routes.ts';

export const adminResources: readonly FastifyPluginAsync<{ deps: AdminDeps }>[] = [
  firingRoutes,
  alertRoutes,
  auditRoutes,
  deliveriesRoutes,
  messagesRoutes,
  queuesRoutes,
  lanesRoutes,
  issuesRoutes,
  replaysRoutes,
  viewRoutes,
  statsRoutes,
  ledgerRoutes,
  streamRoutes,
  kindRoutes,
  spokeRoutes,
  pollRoutes,
  routeRoutes,
  expressionRoutes,
  keyRoutes,
  sessionRoutes,
  configRoutes,
];
