/** Lanes that wait for a person: their first delivery is dead or unknown, and nothing behind it goes out. */
import type { Lane } from '@nave/api-schema';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { CircleCheck } from 'lucide-react';
import { useMemo } from 'react';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { FilterBar, type FilterField, type FilterValue } from '../../parts/filter-bar.tsx';
import { filledCount } from '../../parts/filter-value.ts';
import { StateBadge } from '../../parts/state-badge.tsx';
import { Time } from '../../parts/time.tsx';
import styles from './issues.module.css';
import { LaneActions } from './lane-actions.tsx';
import { useIssueTexts } from './texts.ts';
import { useNameOptions, useParkedLanes } from './use-issues.ts';

const keyOf = (lane: Lane) => `${lane.spoke} ${lane.key}`;

export function ParkedLanes() {
  const t = useIssueTexts();
  const search = useSearch({ from: '/issues' });
  const navigate = useNavigate();
  const list = useParkedLanes(search);
  const rows = useMemo(() => list.data?.pages.flatMap(({ items }) => items) ?? [], [list.data]);
  const columns = useLaneColumns();
  const fields: FilterField[] = [{ kind: 'choice', id: 'spoke', label: t.spoke, options: useNameOptions('spokes', search.spoke) }];
  const change = (changes: FilterValue) => void navigate({ to: '.', search: (before) => ({ ...before, ...changes }), replace: true });
  return (
    <>
      <FilterBar fields={fields} value={search} onChange={change} />
      {list.error === null ? null : <ErrorNote error={list.error} onRetry={() => void list.refetch()} />}
      <DataTable
        label={t.lanesLabel}
        rows={rows}
        columns={columns}
        rowKey={keyOf}
        rowHref={({ blockedBy }) => `/deliveries/${blockedBy}`}
        loading={list.isPending}
        hasMore={list.hasNextPage}
        loadingMore={list.isFetchingNextPage}
        onEnd={() => void list.fetchNextPage()}
        storageKey="parked-lanes"
        empty={
          filledCount(fields, search) > 0 ? (
            <EmptyState title={t.failuresNone}>{t.failuresNoneHint}</EmptyState>
          ) : (
            <EmptyState icon={<CircleCheck className={styles['green']} aria-hidden />} title={t.lanesEmpty}>
              {t.lanesEmptyHint}
            </EmptyState>
          )
        }
      />
    </>
  );
}

function useLaneColumns(): Column<Lane>[] {
  const t = useIssueTexts();
  return useMemo(
    () => [
      { id: 'key', header: t.key, grow: 2, width: 140, cell: ({ key }) => <span className="mono">{key}</span> },
      { id: 'spoke', header: t.spoke, grow: 1, width: 110, priority: 5, cell: ({ spoke }) => spoke },
      {
        ...{ id: 'why', header: t.why, grow: 1, width: 150, priority: 4 },
        cell: ({ state, reason }) => (
          <span>
            {state === null ? null : <StateBadge state={state} bare />} <span className="soft mono">{reason}</span>
          </span>
        ),
      },
      {
        ...{ id: 'blocked', header: t.blockedBy, width: 110, priority: 2 },
        cell: ({ blockedBy }) => (
          <Link to="/deliveries/$id" params={{ id: blockedBy }} className="mono">
            …{blockedBy.slice(-8)}
          </Link>
        ),
      },
      { id: 'waiting', header: t.waitingHeader, width: 90, align: 'right', priority: 6, cell: ({ waiting }) => t.waitingBehind(waiting) },
      { id: 'since', header: t.since, width: 142, priority: 3, cell: ({ since }) => <Time at={since} /> },
      { id: 'actions', header: t.actions, width: 136, priority: 9, hideable: false, cell: (lane) => <LaneActions lane={lane} /> },
    ],
    [t],
  );
}
