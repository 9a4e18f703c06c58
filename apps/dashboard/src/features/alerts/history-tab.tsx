/** What fired in the last 90 days, newest first. */
import type { Alert } from '@nave/api-schema';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { usePreferences } from '../../i18n/preferences.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { FilterBar, type FilterValue } from '../../parts/filter-bar.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { Time } from '../../parts/time.tsx';
import { alertWords } from './alert-words.ts';
import { useAlertTexts } from './texts.ts';
import { rulesQuery, useHistory } from './use-alerts.ts';

const keyOf = (alert: Alert) => alert.id;

export function HistoryTab() {
  const t = useAlertTexts();
  const format = useFormat();
  const { language } = usePreferences();
  const search = useSearch({ from: '/alerts' });
  const navigate = useNavigate({ from: '/alerts' });
  const history = useHistory(search);
  const rules = useQuery(rulesQuery);
  const rows = useMemo(() => history.data?.pages.flatMap(({ items }) => items) ?? [], [history.data]);
  const change = (changes: FilterValue) => void navigate({ search: (before) => ({ ...before, ...changes }), replace: true });
  const columns = useMemo<Column<Alert>[]>(() => {
    const conditions = new Map((rules.data ?? []).map(({ name, when }) => [name, when.condition]));
    return [
      {
        id: 'what',
        header: t.what,
        grow: 3,
        width: 260,
        cell: (alert) => alertWords(alert, conditions.get(alert.rule), language, format.clock),
      },
      { id: 'severity', header: t.severity, width: 120, priority: 4, cell: ({ severity }) => <StateBadge state={severity} bare /> },
      { id: 'state', header: t.state, width: 120, priority: 6, cell: ({ state }) => <StateBadge state={state} bare /> },
      { id: 'rule', header: t.rule, grow: 1, width: 130, priority: 3, cell: ({ rule }) => <span className="mono">{rule}</span> },
      { id: 'began', header: t.began, width: 140, priority: 5, cell: ({ since }) => <Time at={since} /> },
      {
        id: 'lasted',
        header: t.lasted,
        width: 90,
        align: 'right',
        priority: 2,
        cell: ({ since, resolvedAt }) => (resolvedAt === null ? '–' : format.span(Date.parse(resolvedAt) - Date.parse(since))),
      },
      { id: 'seenBy', header: t.seenBy, width: 140, priority: 1, cell: ({ acknowledgedBy }) => acknowledgedBy ?? '–' },
    ];
  }, [t, format, language, rules.data]);
  return (
    <>
      <FilterBar
        fields={[
          {
            kind: 'choice',
            id: 'rule',
            label: t.rule,
            single: true,
            options: (rules.data ?? []).map(({ name }) => ({ value: name, label: name })),
          },
          { kind: 'time', id: 'from', toId: 'to', label: t.time },
        ]}
        value={search}
        onChange={change}
      />
      {history.error === null ? null : <ErrorNote error={history.error} onRetry={() => void history.refetch()} />}
      <DataTable
        label={t.history}
        rows={rows}
        columns={columns}
        rowKey={keyOf}
        loading={history.isPending}
        hasMore={history.hasNextPage}
        loadingMore={history.isFetchingNextPage}
        onEnd={() => void history.fetchNextPage()}
        storageKey="alerts-history"
        empty={<EmptyState title={t.noHistory}>{t.noHistoryHint}</EmptyState>}
      />
    </>
  );
}
