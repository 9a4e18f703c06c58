/** Dead deliveries, grouped by what went wrong. */
import type { Issue } from '@nave/api-schema';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { CircleCheck } from 'lucide-react';
import { useMemo } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { FilterBar, type FilterField, type FilterValue } from '../../parts/filter-bar.tsx';
import { filledCount } from '../../parts/filter-value.ts';
import { StateBadge } from '../../parts/state-badge.tsx';
import { Time } from '../../parts/time.tsx';
import { stringifySearch } from '../../search-params.ts';
import { Blocks } from './blocks.tsx';
import styles from './issues.module.css';
import { useIssueTexts } from './texts.ts';
import { useFailures, useNameOptions } from './use-issues.ts';

const keyOf = (issue: Issue) => issue.id;

/** @param props.onCursor the group under the row cursor, for the keys of the page */
export function Failures({ openId, onCursor }: { openId: string | null; onCursor: (issue: Issue | null) => void }) {
  const t = useIssueTexts();
  const search = useSearch({ from: '/issues' });
  const navigate = useNavigate();
  const list = useFailures(search);
  const rows = useMemo(() => list.data?.pages.flatMap(({ items }) => items) ?? [], [list.data]);
  const columns = useFailureColumns();
  const fields: FilterField[] = [
    { kind: 'choice', id: 'spoke', label: t.spoke, options: useNameOptions('spokes', search.spoke) },
    { kind: 'choice', id: 'route', label: t.route, options: useNameOptions('routes', search.route) },
    { kind: 'time', id: 'from', toId: 'to', label: t.time },
  ];
  const change = (changes: FilterValue) => void navigate({ to: '.', search: (before) => ({ ...before, ...changes }), replace: true });
  const filtered = filledCount(fields, search) > 0;
  return (
    <>
      <FilterBar fields={fields} value={search} onChange={change} />
      {list.error === null ? null : <ErrorNote error={list.error} onRetry={() => void list.refetch()} />}
      <DataTable
        label={t.failuresLabel}
        rows={rows}
        columns={columns}
        rowKey={keyOf}
        rowHref={({ id }) => `/issues/${id}${stringifySearch(search)}`}
        openKey={openId}
        onCursor={onCursor}
        loading={list.isPending}
        hasMore={list.hasNextPage}
        loadingMore={list.isFetchingNextPage}
        onEnd={() => void list.fetchNextPage()}
        storageKey="failures"
        empty={
          filtered ? (
            <EmptyState title={t.failuresNone}>{t.failuresNoneHint}</EmptyState>
          ) : (
            <EmptyState icon={<CircleCheck className={styles['green']} aria-hidden />} title={t.failuresEmpty}>
              {t.failuresEmptyHint}
            </EmptyState>
          )
        }
      />
    </>
  );
}

function useFailureColumns(): Column<Issue>[] {
  const t = useIssueTexts();
  const format = useFormat();
  return useMemo(
    () => [
      { id: 'what', header: t.what, grow: 3, width: 200, cell: ({ title }) => title },
      {
        ...{ id: 'where', header: t.where, grow: 1, width: 150, priority: 6 },
        cell: ({ spoke, operation }) => (
          <span>
            {spoke} <span className="soft">{operation}</span>
          </span>
        ),
      },
      {
        ...{ id: 'cause', header: t.cause, width: 140, priority: 4 },
        cell: ({ outcome, status, reason, state }) => (
          <span title={reason ?? undefined}>
            <StateBadge state={outcome ?? state} bare />{' '}
            <span className="numbers soft">{status ?? (outcome === null ? reason : null)}</span>
          </span>
        ),
      },
      { id: 'count', header: t.count, width: 98, align: 'right', priority: 9, cell: ({ count }) => `${format.number(count)}×` },
      { id: 'messages', header: t.messages, width: 92, align: 'right', priority: 1, cell: ({ messages }) => format.number(messages) },
      { id: 'last', header: t.lastSeen, width: 142, priority: 8, cell: ({ lastSeen }) => <Time at={lastSeen} /> },
      { id: 'first', header: t.firstSeen, width: 142, priority: 3, cell: ({ firstSeen }) => <Time at={firstSeen} /> },
      {
        ...{ id: 'routes', header: t.routes, grow: 1, width: 130, priority: 2 },
        cell: ({ routes }) => (
          <span title={routes.map(({ route }) => route).join(', ')}>
            {routes[0]?.route} {routes.length > 1 ? <span className="soft">{t.moreRoutes(routes.length - 1)}</span> : null}
          </span>
        ),
      },
      { id: 'parked', header: t.parked, width: 148, priority: 5, cell: (issue) => <Blocks issue={issue} /> },
    ],
    [t, format],
  );
}
