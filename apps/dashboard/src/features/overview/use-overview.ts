/** All that the overview is made of, read from the hub; while things happen it is read again, but not more often than the window deserves. */
import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { hub } from '../../api/client.ts';
import { useLiveRefresh } from '../../api/live.ts';
import type { WindowSpan } from '../../parts/window-choice.tsx';
import { ledgerQuery } from '../ledger/api.ts';
import { queuesQuery, spokesQuery } from '../spokes/api.ts';
import { type Zoom, zoomedQuery } from './series-window.ts';

const GROUPS = 50;
const SLOW_MS = 30_000;
const LIVE_MS = 5_000;

const routesQuery = queryOptions({ queryKey: ['routes', 'list', 'names'], queryFn: () => hub.routes.list({ limit: 200 }) });

export interface OverviewFilter {
  window: WindowSpan;
  spoke: string | undefined;
  route: string | undefined;
  zoom: Zoom | null;
}

export function useOverview({ window, spoke, route, zoom }: OverviewFilter) {
  const short = window === '15m' || window === '1h';
  const of = { ...(spoke === undefined ? {} : { spoke }), ...(route === undefined ? {} : { route }) };
  useLiveRefresh(['overview'], ['messages', 'deliveries'], short ? LIVE_MS : SLOW_MS);
  useLiveRefresh(['issues', 'overview'], ['deliveries'], LIVE_MS);
  useLiveRefresh(['queues'], ['queues'], LIVE_MS);
  const stats = useQuery({
    queryKey: ['overview', 'stats', window],
    queryFn: () => hub.stats.get(window),
    placeholderData: keepPreviousData,
    refetchInterval: SLOW_MS,
  });
  const series = useQuery({
    queryKey: ['overview', 'series', { window, ...of, zoom }],
    queryFn: () => {
      const query = zoom === null ? { window } : zoomedQuery(zoom, Date.now());
      return query === null ? null : hub.stats.series({ ...query, ...of });
    },
    placeholderData: keepPreviousData,
    refetchInterval: SLOW_MS,
  });
  const issues = useQuery({
    queryKey: ['issues', 'overview'],
    queryFn: async () => {
      const [summary, groups] = await Promise.all([hub.issues.summary(), hub.issues.list({ limit: GROUPS })]);
      return { summary, groups: groups.items };
    },
    refetchInterval: SLOW_MS,
  });
  return {
    ...{ stats, series, issues },
    queues: useQuery(queuesQuery),
    spokes: useQuery(spokesQuery),
    routes: useQuery(routesQuery),
    ledger: useQuery(ledgerQuery(window)),
  };
}

export type Overview = ReturnType<typeof useOverview>;
