/** Alerts and their rules, read from the hub and kept fresh. */
import type { Alert, AlertRule } from '@nave/api-schema';
import { keepPreviousData, queryOptions, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { firingQuery } from '../../api/attention.ts';
import { hub } from '../../api/client.ts';
import { useLiveRefresh } from '../../api/live.ts';
import { timeRangeEnds } from '../../parts/time-range.ts';
import type { Condition } from './condition-words.ts';

const RULES_MAX = 500;
const PAGE = 100;
const LIVE_MS = 2_000;
const STEP_MS = 60_000;

export const rulesQuery = queryOptions({
  queryKey: ['alerts', 'rules'],
  queryFn: async (): Promise<AlertRule[]> => {
    const rules: AlertRule[] = [];
    for await (const rule of hub.alerts.all({}, { itemsMax: RULES_MAX })) rules.push(rule);
    return rules.sort((a, b) => a.name.localeCompare(b.name));
  },
});

/** The rule that is being edited: read once, so that nothing changes under the one who writes. Apart from `alerts`, which is read again with every alert. */
export const ruleQuery = (name: string) =>
  queryOptions({
    ...{ queryKey: ['alert-rule', name], queryFn: () => hub.alerts.get(name) },
    ...{ staleTime: Number.POSITIVE_INFINITY, gcTime: 0, refetchOnWindowFocus: false, refetchOnReconnect: false },
  });

const RANK: Readonly<Record<string, number>> = { critical: 0, warning: 1, info: 2 };

/** The worst first, of equals what nobody works on, then the newest. */
export function byUrgency(a: Alert, b: Alert): number {
  const seen = (alert: Alert) => (alert.acknowledgedAt === null ? 0 : 1);
  return seen(a) - seen(b) || (RANK[a.severity] ?? 3) - (RANK[b.severity] ?? 3) || Date.parse(b.since) - Date.parse(a.since);
}

export function useFiring() {
  useLiveRefresh(['alerts', 'firing'], ['alerts'], LIVE_MS);
  return useQuery(firingQuery);
}

/** What each rule watches, by its name. @param wanted whether anybody asks: without alerts nobody does */
export function useConditions(wanted: boolean): (rule: string) => Condition | undefined {
  const rules = useQuery({ ...rulesQuery, enabled: wanted });
  return (name) => rules.data?.find((rule) => rule.name === name)?.when.condition;
}

export interface HistoryFilter {
  rule?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

export function useHistory({ rule, from, to }: HistoryFilter) {
  useLiveRefresh(['alerts', 'history'], ['alerts'], LIVE_MS);
  return useInfiniteQuery({
    queryKey: ['alerts', 'history', { rule, from, to }],
    initialPageParam: '',
    queryFn: ({ pageParam }) => {
      const ends = timeRangeEnds(from, to, Math.ceil(Date.now() / STEP_MS) * STEP_MS);
      return hub.alerts.history.list({
        ...{ limit: PAGE, rule, from: ends.from ?? undefined, to: ends.to ?? undefined },
        ...(pageParam === '' ? {} : { cursor: pageParam }),
      });
    },
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });
}

export function useAcknowledge() {
  const changed = useAlertsChanged();
  return useMutation({ mutationFn: (alert: Alert) => hub.alerts.acknowledge(alert.id), onSettled: changed });
}

/** Reads again all that is known of alerts and rules. */
export function useAlertsChanged(): () => Promise<void> {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: ['alerts'] });
}
