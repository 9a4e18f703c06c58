/** What waits for a person, as counts for the rail: failure groups and firing alerts. */
import { queryOptions, useQuery } from '@tanstack/react-query';
import { hub } from '../api/client.ts';
import { useLiveRefresh } from '../api/live.ts';
import type { NavigationItem } from './navigation.ts';

const PAGE = 100;
const SLOW_MS = 30_000;
const REFRESH_MS = 5_000;

export const firingQuery = queryOptions({
  queryKey: ['alerts', 'firing'],
  queryFn: () => hub.alerts.firing.list({ limit: PAGE }),
  refetchInterval: SLOW_MS,
});

const issuesQuery = queryOptions({
  queryKey: ['issues', 'summary'],
  queryFn: () => hub.issues.summary(),
  refetchInterval: SLOW_MS,
});

export function useAttention(): Partial<Record<NavigationItem['word'], number>> {
  useLiveRefresh(['alerts'], ['alerts'], REFRESH_MS);
  return {
    alerts: useQuery(firingQuery).data?.items.length ?? 0,
    issues: useQuery(issuesQuery).data?.issues ?? 0,
  };
}
