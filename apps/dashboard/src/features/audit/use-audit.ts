/** Pages of the audit as the filters of the URL ask for them. */
import type { AuditList } from '@nave/api-schema';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { hub } from '../../api/client.ts';
import { timeRangeEnds } from '../../parts/time-range.ts';

export type AuditEntry = AuditList['items'][number];

export interface AuditFilter {
  actor?: string | undefined;
  action?: string | undefined;
  subject?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

const PAGE = 100;
/** What spans such as "last hour" end at moves on this often. */
const STEP_MS = 60_000;

export function useAudit({ actor, action, subject, from, to }: AuditFilter) {
  return useInfiniteQuery({
    queryKey: ['audit', 'list', { actor, action, subject, from, to }],
    initialPageParam: '',
    queryFn: ({ pageParam }) => {
      const ends = timeRangeEnds(from, to, Math.ceil(Date.now() / STEP_MS) * STEP_MS);
      return hub.audit.list({
        ...{ limit: PAGE, actor, action, subject, from: ends.from ?? undefined, to: ends.to ?? undefined },
        ...(pageParam === '' ? {} : { cursor: pageParam }),
      });
    },
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: (query) => ((query.state.data?.pages.length ?? 0) <= 1 ? 10_000 : false),
  });
}
