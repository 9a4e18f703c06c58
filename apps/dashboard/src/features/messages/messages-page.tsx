/** Every message: the answer in words, filters, a list that goes on while it is looked at, and the one that is open beside it. */
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useMatch, useNavigate, useRouter, useSearch } from '@tanstack/react-router';
import { useCallback, useEffect, useMemo } from 'react';
import { hub } from '../../api/client.ts';
import { useLiveState } from '../../api/live.ts';
import { Button, buttonClass } from '../../parts/button.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { FilterBar, type FilterField } from '../../parts/filter-bar.tsx';
import { Split } from '../../parts/split.tsx';
import { StateBadge, useStateWord } from '../../parts/state-badge.tsx';
import { Switch } from '../../parts/switch.tsx';
import { useListTexts } from './list-texts.ts';
import type { MessageRow } from './live-rows.ts';
import { MessageAnswer } from './message-answer.tsx';
import { useMessageColumns } from './message-columns.tsx';
import { filterOf, isLive, type MessageFilter } from './message-search.ts';
import styles from './messages.module.css';
import { useMessageList } from './use-message-list.ts';
import { ViewsMenu } from './views-menu.tsx';

const STATES = ['accepted', 'completed', 'failed', 'unrouted'];
const NAMES_MAX = 2_000;

const rowKey = ({ id }: MessageRow) => id;

export function MessagesPage() {
  const open = useMatch({ from: '/messages/$id', shouldThrow: false });
  return <Split list={<List openId={open?.params.id ?? null} />} detail={open === undefined ? null : <Outlet />} />;
}

function List({ openId }: { openId: string | null }) {
  const t = useListTexts();
  const search = useSearch({ from: '/messages' });
  const key = JSON.stringify(filterOf(search));
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for it
  const filter = useMemo(() => filterOf(search), [key]);
  const live = isLive(search);
  const navigate = useNavigate();
  const router = useRouter();
  const columns = useMessageColumns();
  const { rows, loading, error, hasMore, loadingMore, moreError, held, list } = useMessageList(filter, live);
  // Names for the filters: read when the messages are there, which people came for.
  const fields = useFields(!loading);
  useEffect(() => {
    if (openId === null) document.title = `${t.title} · Nave`;
  }, [openId, t.title]);
  const change = useCallback(
    (changes: Record<string, string | undefined>) =>
      void navigate({ to: '.', search: (before) => ({ ...before, ...changes }), replace: true }),
    [navigate],
  );
  const ended = search.to !== undefined;
  const trailing = useMemo(
    () => <LiveSwitch live={live} ended={ended} onLive={(on) => change({ live: on ? '1' : '0' })} />,
    [live, ended, change],
  );
  const show = (next: MessageFilter, view?: string) =>
    void navigate({ to: '/messages', search: { ...next, ...(view === undefined ? {} : { view }) } });
  const filtered = Object.keys(filter).length > 0;
  return (
    <div className={styles['listPage']}>
      <header className={styles['listHead']}>
        <div className={styles['grow']}>
          <h1>{t.title}</h1>
          <div className={styles['answer']} role="status">
            <MessageAnswer filter={filter} />
          </div>
        </div>
        <ViewsMenu filter={filter} current={search.view} onOpen={show} />
      </header>
      <FilterBar fields={fields} value={search} onChange={change} trailing={trailing} />
      {error === null ? (
        <DataTable
          label={t.list}
          rows={rows}
          columns={columns}
          rowKey={rowKey}
          rowHref={({ id }) => router.buildLocation({ to: '/messages/$id', params: { id }, search }).href}
          onOpen={({ id }) => void navigate({ to: '/messages/$id', params: { id }, search })}
          openKey={openId}
          onEnd={list.more}
          hasMore={hasMore}
          loadingMore={loadingMore}
          loading={loading}
          storageKey="messages"
          newCount={held}
          onShowNew={list.showHeld}
          onAtTop={list.atTop}
          empty={filtered ? <NoneFits onClear={() => show({})} /> : <NoneYet />}
          footer={moreError === null ? null : <ErrorNote error={moreError} onRetry={list.more} />}
        />
      ) : (
        <ErrorNote error={error} onRetry={list.retry} />
      )}
    </div>
  );
}

function LiveSwitch({ live, ended, onLive }: { live: boolean; ended: boolean; onLive: (on: boolean) => void }) {
  const t = useListTexts();
  const state = useLiveState();
  return (
    <Switch
      label={live && state !== 'open' ? `${t.live} (${t.liveLost})` : t.live}
      checked={live}
      onChecked={onLive}
      disabledReason={ended ? t.liveEnded : null}
    />
  );
}

function NoneYet() {
  const t = useListTexts();
  return (
    <EmptyState
      title={t.emptyTitle}
      action={
        <Link to="/spokes" className={buttonClass('primary')}>
          {t.emptyAction}
        </Link>
      }
    >
      {t.emptyText}
    </EmptyState>
  );
}

function NoneFits({ onClear }: { onClear: () => void }) {
  const t = useListTexts();
  return (
    <EmptyState title={t.noneTitle} action={<Button onClick={onClear}>{t.noneAction}</Button>}>
      {t.noneText}
    </EmptyState>
  );
}

function useFields(enabled: boolean): readonly FilterField[] {
  const t = useListTexts();
  const word = useStateWord();
  const spokes = useQuery({
    queryKey: ['spokes', 'names'],
    queryFn: () => names(hub.spokes.all({}, { itemsMax: NAMES_MAX })),
    enabled,
  }).data;
  const routes = useQuery({
    queryKey: ['routes', 'names-only'],
    queryFn: () => names(hub.routes.all({}, { itemsMax: NAMES_MAX })),
    enabled,
  }).data;
  return useMemo(
    () => [
      { kind: 'text', id: 'q', label: t.q, placeholder: t.qHint, width: 190 },
      {
        kind: 'choice',
        id: 'state',
        label: t.state,
        options: STATES.map((state) => ({ value: state, label: word(state), show: <StateBadge state={state} /> })),
      },
      { kind: 'choice', id: 'spoke', label: t.spoke, options: (spokes ?? []).map((name) => ({ value: name, label: name })) },
      { kind: 'text', id: 'type', label: t.type, placeholder: t.typeHint, width: 130 },
      { kind: 'choice', id: 'route', label: t.route, options: (routes ?? []).map((name) => ({ value: name, label: name })) },
      { kind: 'text', id: 'error', label: t.error, placeholder: t.errorHint, width: 140 },
      { kind: 'time', id: 'from', toId: 'to', label: t.time },
    ],
    [t, word, spokes, routes],
  );
}

async function names(items: AsyncIterable<{ name: string }>): Promise<string[]> {
  const found: string[] = [];
  for await (const { name } of items) found.push(name);
  return found.sort();
}
