/** What waits for a person, read from the hub: failures, outcomes nobody knows, parked lanes. */
import type { IssueDetail } from '@nave/api-schema';
import { keepPreviousData, queryOptions, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { issueSummaryQuery } from '../../api/attention.ts';
import { hub } from '../../api/client.ts';
import { useLiveRefresh } from '../../api/live.ts';
import { chosenOf, type FilterOption } from '../../parts/filter-value.ts';
import { timeRangeEnds } from '../../parts/time-range.ts';

export interface IssueFilter {
  spoke?: string | undefined;
  route?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

const PAGE = 100;
const DETAIL_PAGE = 50;
const DECISIONS_PAGE = 20;
/** The newest groups, of which one leads the page. */
const NEWEST = 20;
const REFRESH_MS = 3_000;
/** When no event says that something changed. */
const SLOW_MS = 15_000;
/** What spans such as "last hour" end at moves on this often. */
const STEP_MS = 60_000;
const NAMES_MAX = 2_000;
const NAMES_STALE_MS = 60_000;

export const summaryQuery = queryOptions({ ...issueSummaryQuery, staleTime: 0, refetchInterval: SLOW_MS });

export const newestQuery = queryOptions({
  queryKey: ['issues', 'newest'],
  queryFn: async () => (await hub.issues.list({ limit: NEWEST, state: 'dead' })).items,
  staleTime: 0,
  refetchInterval: SLOW_MS,
});

/** Keeps all that waits for a person fresh while the page is shown. */
export function useIssuesLive(): void {
  useLiveRefresh(['issues'], ['deliveries'], REFRESH_MS);
  useLiveRefresh(['lanes'], ['deliveries'], REFRESH_MS);
  useLiveRefresh(['deliveries', 'unknown'], ['deliveries'], REFRESH_MS);
}

/** Groups of dead deliveries. */
export function useFailures({ spoke, route, from, to }: IssueFilter) {
  return useInfiniteQuery({
    queryKey: ['issues', 'list', { spoke, route, from, to }],
    initialPageParam: '',
    queryFn: ({ pageParam }) => {
      const ends = timeRangeEnds(from, to, Math.ceil(Date.now() / STEP_MS) * STEP_MS);
      return hub.issues.list({
        ...{ limit: PAGE, state: 'dead', spoke, route, from: ends.from ?? undefined, to: ends.to ?? undefined },
        ...(pageParam === '' ? {} : { cursor: pageParam }),
      });
    },
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    // Who comes back from a retry must not be shown what was.
    staleTime: 0,
    refetchInterval: (query) => ((query.state.data?.pages.length ?? 0) <= 1 ? SLOW_MS : false),
  });
}

/** One group and pages of its deliveries. */
export function useIssue(id: string) {
  return useInfiniteQuery({
    queryKey: ['issues', id],
    initialPageParam: '',
    queryFn: ({ pageParam }): Promise<IssueDetail> =>
      hub.issues.get(id, { limit: DETAIL_PAGE, ...(pageParam === '' ? {} : { cursor: pageParam }) }),
    getNextPageParam: ({ deliveries }) => deliveries.nextCursor ?? undefined,
    staleTime: 0,
    refetchInterval: (query) => ((query.state.data?.pages.length ?? 0) <= 1 ? SLOW_MS : false),
  });
}

/** Deliveries of which nobody knows whether they happened. */
export function useUndecided({ spoke, route }: IssueFilter) {
  return useInfiniteQuery({
    queryKey: ['deliveries', 'unknown', { spoke, route }],
    initialPageParam: '',
    queryFn: ({ pageParam }) =>
      hub.deliveries.list({ limit: DECISIONS_PAGE, state: 'unknown', spoke, route, ...(pageParam === '' ? {} : { cursor: pageParam }) }),
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    staleTime: 0,
    refetchInterval: SLOW_MS,
  });
}

/** Lanes that wait for a person. */
export function useParkedLanes({ spoke }: IssueFilter) {
  const list = useInfiniteQuery({
    queryKey: ['lanes', 'parked', { spoke }],
    initialPageParam: '',
    queryFn: ({ pageParam }) => hub.lanes.list({ limit: PAGE, state: 'parked', spoke, ...(pageParam === '' ? {} : { cursor: pageParam }) }),
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    staleTime: 0,
    refetchInterval: (query) => ((query.state.data?.pages.length ?? 0) <= 1 ? SLOW_MS : false),
  });
  // A page may be empty and still name a next one: nothing would be scrolled to.
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = list;
  const empty = list.data?.pages.at(-1)?.items.length === 0;
  useEffect(() => {
    if (empty && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [empty, hasNextPage, isFetchingNextPage, fetchNextPage]);
  return list;
}

const spokeNames = queryOptions({
  queryKey: ['spokes', 'names'],
  queryFn: () => names(hub.spokes.all({}, { itemsMax: NAMES_MAX })),
  staleTime: NAMES_STALE_MS,
});
const routeNames = queryOptions({
  queryKey: ['routes', 'names'],
  queryFn: () => names(hub.routes.all({}, { itemsMax: NAMES_MAX })),
  staleTime: NAMES_STALE_MS,
});

async function names(all: AsyncIterable<{ name: string }>): Promise<string[]> {
  const found: string[] = [];
  for await (const { name } of all) found.push(name);
  return found.sort();
}

/** What filters offer; a name that stands in the URL and is not known (any more) is offered, too. */
export function useNameOptions(what: 'spokes' | 'routes', chosen: string | undefined): FilterOption[] {
  const known = useQuery(what === 'spokes' ? spokeNames : routeNames).data ?? [];
  return [...new Set([...known, ...chosenOf(chosen)])].map((name) => ({ value: name, label: name }));
}

/** Reads again what an intervention may have changed. */
export function useIntervened(): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    const changed = [['issues'], ['lanes'], ['deliveries'], ['messages'], ['queues'], ['replays']];
    await Promise.all(changed.map((queryKey) => queries.invalidateQueries({ queryKey })));
  };
}
