/** All that the overview is made of, read from the hub; while things happen it is read again, but not more often than the window deserves. */
import { queryOptions, useQuery } from '@tanstack/react-query';
import { issueSummaryQuery } from '../../api/attention.ts';
import { hub } from '../../api/client.ts';
import { useLiveRefresh } from '../../api/live.ts';
import { ledgerQuery } from '../ledger/api.ts';
import { queuesQuery, spokesQuery } from '../spokes/api.ts';
import { groupsQuery, type OverviewFilter, SLOW_MS, seriesQuery, statsQuery } from './overview-queries.ts';

const LIVE_MS = 5_000;

const routesQuery = queryOptions({ queryKey: ['routes', 'list', 'names'], queryFn: () => hub.routes.list({ limit: 200 }) });

export function useOverview(filter: OverviewFilter) {
  const { window } = filter;
  useLiveRefresh(['overview'], ['messages', 'deliveries'], window === '15m' || window === '1h' ? LIVE_MS : SLOW_MS);
  useLiveRefresh(['issues'], ['deliveries'], LIVE_MS);
  useLiveRefresh(['queues'], ['queues'], LIVE_MS);
  const stats = useQuery(statsQuery(filter));
  const series = useQuery(seriesQuery(filter));
  // Names for the filters: read when the figures are there, which people came for.
  const enabled = !stats.isPending && !series.isPending;
  return {
    ...{ stats, series },
    groups: useQuery(groupsQuery),
    summary: useQuery(issueSummaryQuery),
    queues: useQuery(queuesQuery),
    spokes: useQuery({ ...spokesQuery, enabled }),
    routes: useQuery({ ...routesQuery, enabled }),
    ledger: useQuery(ledgerQuery(window)),
  };
}

export type Overview = ReturnType<typeof useOverview>;
