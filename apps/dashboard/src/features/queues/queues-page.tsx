/** The queues of all spokes: what needs attention first, live, with the one that is open beside the list. */
import { Link, Outlet, useMatch, useNavigate, useRouter, useSearch } from '@tanstack/react-router';
import { ListStart } from 'lucide-react';
import { useMemo, useState } from 'react';
import { Button, buttonClass } from '../../parts/button.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Select } from '../../parts/field.tsx';
import { FilterBar, type FilterValue } from '../../parts/filter-bar.tsx';
import { Page } from '../../parts/page.tsx';
import { Split } from '../../parts/split.tsx';
import { useMedia } from '../../parts/use-media.ts';
import { PauseDialog, ResumeDialog } from '../spokes/api.ts';
import { DepthLegend } from './depth-bar.tsx';
import { type QueueRow, TROUBLES } from './queue-attention.ts';
import { useQueueColumns } from './queue-columns.tsx';
import { nextSort, sortedRows, sortOf } from './queue-sort.ts';
import styles from './queues.module.css';
import { QueuesAnswer } from './queues-answer.tsx';
import { useQueueTexts } from './texts.ts';
import { useQueueRows } from './use-queue-rows.ts';

const keyOf = ({ queue }: QueueRow) => queue.spoke;
const SORTS = ['spoke', '-depth', '-oldest', '-rate', '-p95', '-dead'] as const;

export function QueuesPage() {
  const open = useMatch({ from: '/queues/$spoke', shouldThrow: false });
  return <Split list={<List openKey={open?.params.spoke ?? null} />} detail={open === undefined ? null : <Outlet />} />;
}

function List({ openKey }: { openKey: string | null }) {
  const t = useQueueTexts();
  const search = useSearch({ from: '/queues' });
  const navigate = useNavigate();
  const router = useRouter();
  const [asked, setAsked] = useState<string | null>(null);
  const { rows: all, queues, spokes, pending } = useQueueRows();
  const sort = sortOf(search.sort);
  const rows = useMemo(
    () =>
      sortedRows(
        all.filter((row) => matches(row, search)),
        sortOf(search.sort),
      ),
    [all, search],
  );
  const most = useMemo(() => Math.max(1, ...all.map(({ queue }) => Object.values(queue.depth).reduce((sum, n) => sum + n, 0))), [all]);
  const columns = useQueueColumns(most);
  const change = (changes: FilterValue) => void navigate({ to: '.', search: (before) => ({ ...before, ...changes }), replace: true });
  const spoke = spokes?.find(({ name }) => name === asked);
  return (
    <Page title={t.title} answer={pending ? t.reading : all.length === 0 ? null : <QueuesAnswer rows={all} onResume={setAsked} />} full>
      <FilterBar
        fields={[
          { kind: 'text', id: 'q', label: t.search, placeholder: t.searchHint },
          { kind: 'choice', id: 'state', label: t.filter, options: TROUBLES.map((value) => ({ value, label: t.troubles[value] })) },
        ]}
        value={search}
        onChange={change}
      />
      {queues.isError && queues.data === undefined ? (
        <ErrorNote error={queues.error} onRetry={() => void queues.refetch()} />
      ) : (
        <DataTable
          label={t.title}
          rows={rows}
          columns={columns}
          rowKey={keyOf}
          rowHref={(row) => router.buildLocation({ to: '/queues/$spoke', params: { spoke: keyOf(row) }, search }).href}
          onOpen={(row) => void navigate({ to: '/queues/$spoke', params: { spoke: keyOf(row) }, search })}
          openKey={openKey}
          sort={sort}
          onSort={(by) => change({ sort: nextSort(sort, by) })}
          rowKeys={[{ keys: 'p', description: t.toggle, run: (row) => setAsked(keyOf(row)) }]}
          loading={pending}
          storageKey="queues"
          toolbar={<Toolbar sort={search.sort} onSort={(text) => change({ sort: text })} />}
          empty={all.length === 0 ? <NoneYet /> : <NoneFits onClear={() => change({ q: undefined, state: undefined })} />}
        />
      )}
      {spoke === undefined ? null : spoke.paused ? (
        <ResumeDialog spoke={spoke} onClose={() => setAsked(null)} />
      ) : (
        <PauseDialog spoke={spoke} onClose={() => setAsked(null)} />
      )}
    </Page>
  );
}

/** Cards have no headers to click. */
function Toolbar({ sort, onSort }: { sort: string | undefined; onSort: (sort: string | undefined) => void }) {
  const t = useQueueTexts();
  const cards = useMedia('(max-width: 640px)');
  const words: Readonly<Record<string, string>> = t.columns;
  return (
    <div className={styles['toolbar']}>
      <DepthLegend />
      {cards ? (
        <Select
          aria-label={t.sortBy}
          value={sort ?? ''}
          onValue={(value) => onSort(value === '' ? undefined : value)}
          options={[{ value: '', label: t.attention }, ...SORTS.map((value) => ({ value, label: words[value.replace('-', '')] ?? value }))]}
        />
      ) : null}
    </div>
  );
}

function NoneYet() {
  const t = useQueueTexts();
  return (
    <EmptyState
      title={t.none}
      icon={<ListStart aria-hidden />}
      action={
        <Link to="/spokes/new" className={buttonClass('primary')}>
          {t.addSpoke}
        </Link>
      }
    >
      {t.noneMeans}
    </EmptyState>
  );
}

function NoneFits({ onClear }: { onClear: () => void }) {
  const t = useQueueTexts();
  return (
    <EmptyState title={t.notFound} action={<Button onClick={onClear}>{t.clear}</Button>}>
      {t.notFoundMeans}
    </EmptyState>
  );
}

function matches({ queue, title, troubles }: QueueRow, { q = '', state = '' }: { q?: string; state?: string }): boolean {
  const text = `${queue.spoke} ${title}`.toLocaleLowerCase();
  const wanted = state.split(',').filter((one) => one !== '');
  return (
    q
      .toLocaleLowerCase()
      .split(/\s+/)
      .every((word) => text.includes(word)) &&
    (wanted.length === 0 || troubles.some((one) => wanted.includes(one)))
  );
}
