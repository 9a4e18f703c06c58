/** What waits for a person, as counts for the rail: failure groups and firing alerts. */
import { useQuery } from '@tanstack/react-query';
import { firingQuery, issueSummaryQuery } from '../api/attention.ts';
import { useLiveRefresh } from '../api/live.ts';
import type { NavigationItem } from './navigation.ts';

const REFRESH_MS = 5_000;

export function useAttention(): Partial<Record<NavigationItem['word'], number>> {
  useLiveRefresh(['alerts'], ['alerts'], REFRESH_MS);
  return {
    alerts: useQuery(firingQuery).data?.items.length ?? 0,
    issues: useQuery(issueSummaryQuery).data?.issues ?? 0,
  };
}
