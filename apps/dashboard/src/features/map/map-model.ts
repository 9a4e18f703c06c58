/** What the map and its table show, brought together from what the hub tells of spokes, kinds, queues, routes and traffic. Pure. */
import type { Queue, Route, Spoke, Stats } from '@nave/api-schema';
import { type QueueRow, queueRow } from '../queues/queue-attention.ts';
import { sendsMessages, spokeState, takesDeliveries } from '../spokes/spoke-health.ts';
import type { KindSummary } from '../spokes/use-spokes.ts';

/** The worst first; a link has one of them. */
export const LINK_STATES = ['open', 'dead', 'half-open', 'throttled', 'paused', 'disabled', 'healthy', 'idle'] as const;
export type LinkState = (typeof LINK_STATES)[number];

export interface MapSpoke {
  name: string;
  title: string;
  kind: string;
  kindTitle: string;
  family: string;
  /** In one word: what a person did, then what happened to it, then what waits for a person. */
  state: string;
  row: QueueRow | null;
  queue: Queue | null;
  sends: boolean;
  takes: boolean;
  /** Messages from it; null: not known yet. */
  receivedPerSecond: number | null;
  /** Deliveries to it that were created. */
  sentPerSecond: number | null;
  /** Of the window. */
  dead: number;
  from: string[];
  to: string[];
}

export interface MapRoute {
  name: string;
  from: string;
  type: string;
  /** Spokes, each once. */
  targets: string[];
  enabled: boolean;
  /** Deliveries created; null: not known yet. */
  perSecond: number | null;
  /** Of the window. */
  total: number;
  dead: number;
  p95: number | null;
  state: LinkState;
}

export interface MapModel {
  spokes: MapSpoke[];
  routes: MapRoute[];
}

export interface MapSources {
  spokes: readonly Spoke[];
  kinds: readonly KindSummary[];
  queues: ReadonlyMap<string, Queue> | null;
  routes: readonly Route[];
  stats: Stats | null;
  windowSeconds: number;
  /** In which order families stand around the hub. */
  familyRank: (family: string) => number;
  nowMs: number;
}

export function mapModel({ spokes, kinds, queues, routes, stats, windowSeconds, familyRank, nowMs }: MapSources): MapModel {
  const kindOf = new Map(kinds.map((kind) => [kind.kind, kind]));
  const received = new Map((stats?.sources ?? []).map((source) => [source.spoke, source]));
  const delivered = new Map((stats?.spokes ?? []).map((target) => [target.spoke, target]));
  const mapped = spokes.map((spoke): MapSpoke => {
    const queue = queues?.get(spoke.name) ?? null;
    const [source, target] = [received.get(spoke.name), delivered.get(spoke.name)];
    const kind = kindOf.get(spoke.kind);
    return {
      ...{ name: spoke.name, title: spoke.title, kind: spoke.kind, kindTitle: kind?.title ?? spoke.kind, family: kind?.family ?? 'other' },
      state: stateOf(spoke, queue, stats === null ? null : (source?.received ?? 0) + (target?.total ?? 0), nowMs),
      row: queue === null ? null : queueRow(queue, spoke, nowMs),
      queue,
      ...{ sends: sendsMessages(spoke), takes: takesDeliveries(spoke) },
      receivedPerSecond: stats === null ? null : (source?.ratePerSecond ?? 0),
      sentPerSecond: stats === null ? null : (target?.total ?? 0) / windowSeconds,
      dead: target?.dead ?? 0,
      from: routes.filter((route) => route.from.spoke === spoke.name).map(({ name }) => name),
      to: routes.filter(({ steps }) => steps.some(({ to }) => to === spoke.name)).map(({ name }) => name),
    };
  });
  mapped.sort((a, b) => familyRank(a.family) - familyRank(b.family) || a.family.localeCompare(b.family) || a.title.localeCompare(b.title));
  const byName = new Map(mapped.map((spoke) => [spoke.name, spoke]));
  const traffic = new Map((stats?.routes ?? []).map((route) => [route.route, route]));
  return {
    spokes: mapped,
    routes: routes.map((route): MapRoute => {
      const own = traffic.get(route.name);
      const targets = [...new Set(route.steps.map(({ to }) => to))];
      const one = {
        ...{ name: route.name, from: route.from.spoke, type: route.from.type, targets, enabled: route.enabled },
        perSecond: stats === null ? null : (own?.total ?? 0) / windowSeconds,
        ...{ total: own?.total ?? 0, dead: own?.dead ?? 0, p95: own?.latencyMs.p95 ?? null },
      };
      return { ...one, state: worst(targets.map((target) => outState(one, byName.get(one.from), byName.get(target)))) };
    }),
  };
}

/** Of the link from the source to the hub: whether something comes. */
export function inState(route: Pick<MapRoute, 'enabled' | 'total'>, source: MapSpoke | undefined): LinkState {
  if (!route.enabled || source?.state === 'disabled') return 'disabled';
  return route.total > 0 ? 'healthy' : 'idle';
}

/** Of the link from the hub to a target: what keeps the target back goes before what failed on the route. */
export function outState(
  route: Pick<MapRoute, 'enabled' | 'total' | 'dead'>,
  source: MapSpoke | undefined,
  target: MapSpoke | undefined,
): LinkState {
  if (!route.enabled || source?.state === 'disabled' || target?.state === 'disabled') return 'disabled';
  const { breaker = 'closed', paused = false } = target?.queue ?? {};
  if (breaker !== 'closed') return breaker;
  if (paused || target?.state === 'paused') return 'paused';
  if (target?.state === 'throttled') return 'throttled';
  if (route.dead > 0) return 'dead';
  return route.total > 0 ? 'healthy' : 'idle';
}

export function worst(states: readonly LinkState[]): LinkState {
  return LINK_STATES.find((state) => states.includes(state)) ?? 'idle';
}

function stateOf(spoke: Spoke, queue: Queue | null, traffic: number | null, nowMs: number): string {
  // A queue is told of by itself, the spoke is only read now and then.
  const state = spokeState({ ...spoke, paused: queue?.paused ?? spoke.paused }, queue, traffic, nowMs);
  if (queue === null || (state !== 'healthy' && state !== 'idle')) return state;
  if (queue.depth.unknown > 0) return 'unknown';
  return queue.depth.dead > 0 ? 'dead' : state;
}
