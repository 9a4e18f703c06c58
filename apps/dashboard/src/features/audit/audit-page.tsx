/** Who did what, searchable, and the proof that the record is what was written. */
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { FilterBar, type FilterField, type FilterValue } from '../../parts/filter-bar.tsx';
import { Page } from '../../parts/page.tsx';
import { Split } from '../../parts/split.tsx';
import { Time } from '../../parts/time.tsx';
import { AuditEntryPanel } from './audit-entry.tsx';
import { useAuditTexts } from './texts.ts';
import { type AuditEntry, useAudit } from './use-audit.ts';
import { useVerifyChain, VerifyButton, VerifyResult } from './verify-chain.tsx';

const keyOf = (entry: AuditEntry) => entry.id;

export function AuditPage() {
  const t = useAuditTexts();
  const search = useSearch({ from: '/audit' });
  const navigate = useNavigate({ from: '/audit' });
  const list = useAudit(search);
  const verification = useVerifyChain();
  const rows = useMemo(() => list.data?.pages.flatMap(({ items }) => items) ?? [], [list.data]);
  const open = rows.find(({ id }) => id === search.entry) ?? null;
  const change = (changes: FilterValue) => void navigate({ search: (before) => ({ ...before, ...changes }), replace: true });
  const fields: FilterField[] = [
    { kind: 'text', id: 'action', label: t.action, placeholder: 'spoke.*' },
    { kind: 'text', id: 'actor', label: t.actor, placeholder: 'key:ci' },
    { kind: 'text', id: 'subject', label: t.subject, placeholder: 'spoke:shop' },
    { kind: 'time', id: 'from', toId: 'to', label: t.time },
  ];
  const columns = useMemo<Column<AuditEntry>[]>(
    () => [
      { id: 'action', header: t.action, grow: 2, width: 180, cell: ({ action }) => <span className="mono">{action}</span> },
      { id: 'actor', header: t.actor, grow: 1, width: 140, priority: 3, cell: ({ actor }) => <span className="mono">{actor}</span> },
      {
        id: 'subject',
        header: t.subject,
        grow: 2,
        width: 180,
        priority: 2,
        cell: ({ subject }) => <span className="mono">{subject}</span>,
      },
      { id: 'time', header: t.time, width: 130, priority: 4, cell: ({ at }) => <Time at={at} /> },
      { id: 'place', header: t.place, width: 90, align: 'right', priority: 1, cell: ({ seq }) => seq ?? t.notChained },
    ],
    [t],
  );
  return (
    <Split
      list={
        <Page title={t.title} answer={t.answer} actions={<VerifyButton verification={verification} />} full>
          <VerifyResult verification={verification} />
          <FilterBar fields={fields} value={search} onChange={change} />
          {list.error === null ? null : <ErrorNote error={list.error} onRetry={() => void list.refetch()} />}
          <DataTable
            label={t.entries}
            rows={rows}
            columns={columns}
            rowKey={keyOf}
            onOpen={({ id }) => change({ entry: id })}
            openKey={open?.id ?? null}
            loading={list.isPending}
            hasMore={list.hasNextPage}
            loadingMore={list.isFetchingNextPage}
            onEnd={() => void list.fetchNextPage()}
            storageKey="audit"
            empty={<EmptyState title={t.empty}>{t.emptyHint}</EmptyState>}
          />
        </Page>
      }
      detail={open === null ? null : <AuditEntryPanel entry={open} onClose={() => change({ entry: undefined })} />}
    />
  );
}
