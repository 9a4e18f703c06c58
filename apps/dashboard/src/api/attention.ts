/** What waits for a person, as the frame counts it on every page; pages that show more of it read the same. */
import { queryOptions } from '@tanstack/react-query';
import { hub } from './client.ts';

const FIRING_MAX = 100;
const SLOW_MS = 30_000;

export const firingQuery = queryOptions({
  queryKey: ['alerts', 'firing'],
  queryFn: () => hub.alerts.firing.list({ limit: FIRING_MAX }),
  refetchInterval: SLOW_MS,
});

export const issueSummaryQuery = queryOptions({
  queryKey: ['issues', 'summary'],
  queryFn: () => hub.issues.summary(),
  refetchInterval: SLOW_MS,
});
