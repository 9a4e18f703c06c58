/** What the overview asks the hub for. What it asks first, early.ts asks before the application is there: keep both the same. */
import { keepPreviousData, type QueryClient, queryOptions } from '@tanstack/react-query';
import { firingQuery, issueSummaryQuery } from '../../api/attention.ts';
import { hub } from '../../api/client.ts';
import { parseTimeRange, type WindowSpan, windowOf } from '../../parts/time-range.ts';
import { ledgerQuery } from '../ledger/api.ts';
import { queuesQuery } from '../spokes/api.ts';
import { type Zoom, zoomedQuery } from './series-window.ts';

const GROUPS = 50;
export const SLOW_MS = 30_000;

export interface OverviewFilter {
  window: WindowSpan;
  spoke: string | undefined;
  route: string | undefined;
  zoom: Zoom | null;
}

/** @param search of the page's address */
export function overviewFilter(search: Partial<Record<'window' | 'spoke' | 'route' | 'from' | 'to', string>>): OverviewFilter {
  const range = parseTimeRange(search.from, search.to);
  const zoom =
    range?.kind === 'between' && range.from !== null && range.to !== null
      ? { fromMs: Date.parse(range.from), toMs: Date.parse(range.to) }
      : null;
  return { window: windowOf(search.window), spoke: search.spoke, route: search.route, zoom };
}

export const statsQuery = ({ window }: OverviewFilter) =>
  queryOptions({
    queryKey: ['overview', 'stats', window],
    queryFn: () => hub.stats.get(window),
    placeholderData: keepPreviousData,
    refetchInterval: SLOW_MS,
  });

export const seriesQuery = ({ window, spoke, route, zoom }: OverviewFilter) => {
  const of = { ...(spoke === undefined ? {} : { spoke }), ...(route === undefined ? {} : { route }) };
  return queryOptions({
    queryKey: ['overview', 'series', { window, ...of, zoom }],
    queryFn: () => {
      const query = zoom === null ? { window } : zoomedQuery(zoom, Date.now());
      return query === null ? null : hub.stats.series({ ...query, ...of });
    },
    placeholderData: keepPreviousData,
    refetchInterval: SLOW_MS,
  });
};

export const groupsQuery = queryOptions({
  queryKey: ['issues', 'overview'],
  queryFn: async () => (await hub.issues.list({ limit: GROUPS })).items,
  refetchInterval: SLOW_MS,
});

/** Reads all that the page shows first, so that it is drawn once and not first without it. What goes wrong is told there. */
export function readOverview(queries: QueryClient, filter: OverviewFilter): void {
  void queries.prefetchQuery(statsQuery(filter));
  void queries.prefetchQuery(seriesQuery(filter));
  void queries.prefetchQuery(issueSummaryQuery);
  void queries.prefetchQuery(groupsQuery);
  void queries.prefetchQuery(queuesQuery);
  void queries.prefetchQuery(ledgerQuery(filter.window));
  void queries.prefetchQuery(firingQuery);
}
