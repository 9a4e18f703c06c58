/** What is known of spokes and kinds, read from the hub and kept fresh. */
import type { Kind, Queue, Spoke, Stats } from '@nave/api-schema';
import { queryOptions, useQueryClient } from '@tanstack/react-query';
import { hub } from '../../api/client.ts';

const SPOKES_MAX = 2_000;
const REFRESH_MS = 10_000;
const KINDS_STALE_MS = 10 * 60_000;
/** The window that lists and overviews of spokes tell traffic of. */
export const TRAFFIC_WINDOW = '1h';

export interface KindSummary {
  kind: string;
  title: string;
  family: string;
  summary: string;
}

export const spokesQuery = queryOptions({
  queryKey: ['spokes', 'list', 'all'],
  queryFn: async (): Promise<Spoke[]> => {
    const spokes: Spoke[] = [];
    for await (const spoke of hub.spokes.all({}, { itemsMax: SPOKES_MAX })) spokes.push(spoke);
    return spokes;
  },
});

export const spokeQuery = (name: string) => queryOptions({ queryKey: ['spokes', name], queryFn: () => hub.spokes.get(name) });

export const kindsQuery = queryOptions({
  queryKey: ['kinds', 'list', 'all'],
  queryFn: async (): Promise<KindSummary[]> => (await hub.kinds.list()).items,
  staleTime: KINDS_STALE_MS,
});

export const kindQuery = (kind: string) =>
  queryOptions({ queryKey: ['kinds', kind], queryFn: (): Promise<Kind> => hub.kinds.get(kind), staleTime: KINDS_STALE_MS });

export const queuesQuery = queryOptions({
  queryKey: ['queues', 'by', 'spoke'],
  queryFn: async (): Promise<ReadonlyMap<string, Queue>> => new Map((await hub.queues.list()).items.map((queue) => [queue.spoke, queue])),
  refetchInterval: REFRESH_MS,
});

export const queueQuery = (name: string) =>
  queryOptions({ queryKey: ['queues', name], queryFn: (): Promise<Queue> => hub.queues.get(name), refetchInterval: REFRESH_MS });

export interface SpokeTraffic {
  /** Messages that came from it; null: it never sent within the window. */
  received: number;
  receivedPerSecond: number;
  /** Deliveries to it. */
  total: number;
  succeeded: number;
  dead: number;
  ratePerSecond: number;
  errorShare: number;
  latencyMs: { p50: number | null; p95: number | null; p99: number | null };
}

export const trafficQuery = queryOptions({
  queryKey: ['stats', 'of', 'spokes', TRAFFIC_WINDOW],
  queryFn: async () => trafficBySpoke(await hub.stats.get(TRAFFIC_WINDOW)),
  refetchInterval: 3 * REFRESH_MS,
});

function trafficBySpoke(stats: Stats): { asOf: string; exact: boolean; of: (spoke: string) => SpokeTraffic } {
  const sources = new Map(stats.sources.map((source) => [source.spoke, source]));
  const targets = new Map(stats.spokes.map((target) => [target.spoke, target]));
  return {
    asOf: stats.asOf,
    exact: stats.exact,
    of: (spoke) => {
      const source = sources.get(spoke);
      const target = targets.get(spoke);
      return {
        received: source?.received ?? 0,
        receivedPerSecond: source?.ratePerSecond ?? 0,
        total: target?.total ?? 0,
        succeeded: target?.succeeded ?? 0,
        dead: target?.dead ?? 0,
        ratePerSecond: target?.ratePerSecond ?? 0,
        errorShare: target?.errorShare ?? 0,
        latencyMs: target?.latencyMs ?? { p50: null, p95: null, p99: null },
      };
    },
  };
}

/** Reads again what a change of a spoke may have changed. */
export function useSpokesChanged(): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    await Promise.all([
      queries.invalidateQueries({ queryKey: ['spokes'] }),
      queries.invalidateQueries({ queryKey: ['queues'] }),
      queries.invalidateQueries({ queryKey: ['audit'] }),
    ]);
  };
}
