/** The client of a hub: its admin API and publishing, typed by the schemas the hub itself uses. */
import { alertsResource } from './resources/alerts.ts';
import { auditResource } from './resources/audit.ts';
import { configResource } from './resources/config.ts';
import { deliveriesResource } from './resources/deliveries.ts';
import { expressionsResource } from './resources/expressions.ts';
import { issuesResource } from './resources/issues.ts';
import { keysResource } from './resources/keys.ts';
import { kindsResource } from './resources/kinds.ts';
import { lanesResource } from './resources/lanes.ts';
import { ledgerResource } from './resources/ledger.ts';
import { messagesResource } from './resources/messages.ts';
import { publishing } from './resources/publish.ts';
import { queuesResource } from './resources/queues.ts';
import { replaysResource } from './resources/replays.ts';
import { routesResource } from './resources/routes.ts';
import { sessionResource } from './resources/session.ts';
import { spokesResource } from './resources/spokes.ts';
import { statsResource } from './resources/stats.ts';
import { viewsResource } from './resources/views.ts';
import { sleep } from './stream/sleep.ts';
import { type StreamOptions, type WatchTiming, watch } from './stream/watch.ts';
import { createTransport } from './transport/transport.ts';

export interface ClientOptions {
  /** Base URL of the hub, e.g. `http://127.0.0.1:7070`. */
  url: string;
  /** API key; null for a call that needs none, and in a page of the hub itself, where the session cookie says who asks. */
  key: string | null;
  /** For each call; a few that count or check much take longer. Default 30,000. */
  timeoutMs?: number;
  /** Default the global one. */
  fetch?: typeof fetch;
  /** How the stream waits; for tests. */
  timing?: WatchTiming;
}

export type Client = ReturnType<typeof createClient>;

const TIMEOUT_MS = 30_000;
const TIMING: WatchTiming = { sleep, silenceMs: 45_000 };

/**
 * Every call throws `ApiError` when the hub refuses and `NotReachable` when no answer comes in time.
 * @throws TypeError for a URL or key that cannot be used
 */
export function createClient({ url, key, timeoutMs = TIMEOUT_MS, fetch: call = fetch, timing = TIMING }: ClientOptions) {
  const transport = createTransport({ url, key, timeoutMs, fetch: call });
  return {
    kinds: kindsResource(transport),
    spokes: spokesResource(transport),
    routes: routesResource(transport),
    expressions: expressionsResource(transport),
    messages: messagesResource(transport),
    deliveries: deliveriesResource(transport),
    replays: replaysResource(transport),
    queues: queuesResource(transport),
    lanes: lanesResource(transport),
    issues: issuesResource(transport),
    alerts: alertsResource(transport),
    audit: auditResource(transport),
    keys: keysResource(transport),
    session: sessionResource(transport),
    views: viewsResource(transport),
    stats: statsResource(transport),
    ledger: ledgerResource(transport),
    config: configResource(transport),
    ...publishing(transport),
    /** Messages, deliveries, queues and alerts as they change. */
    stream: (options: StreamOptions = {}) => watch(transport, options, timing),
  };
}
