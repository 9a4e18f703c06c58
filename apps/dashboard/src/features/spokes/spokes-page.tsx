/** All spokes: what they are, how they are, and what can be done with them. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Cable, Plus } from 'lucide-react';
import { useMemo } from 'react';
import { useLiveRefresh } from '../../api/live.ts';
import { defineTexts } from '../../i18n/texts.ts';
import { buttonClass } from '../../parts/button.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Page } from '../../parts/page.tsx';
import { useNow } from '../../parts/time.tsx';
import { SpokeDialogs, useSpokeActions } from './spoke-actions.tsx';
import { useSpokeColumns } from './spoke-columns.tsx';
import { matches, rowsOf, type SpokeRow } from './spoke-row.ts';
import { useSpokesAnswer } from './spokes-answer.ts';
import { SpokesFilter } from './spokes-filter.tsx';
import { kindsQuery, queuesQuery, spokesQuery, trafficQuery } from './use-spokes.ts';

const route = getRouteApi('/spokes');
const CLOCK_MS = 5_000;

const useTexts = defineTexts({
  en: {
    title: 'Spokes',
    add: 'Add a spoke',
    none: 'No system is connected yet',
    noneMeans: 'A spoke is one system with its address and credentials: where messages come from, and where deliveries go.',
    notFound: 'No spoke fits',
    notFoundMeans: 'Try fewer words, or take the filters away.',
    clear: 'Show all spokes',
    reading: 'Reading the systems …',
  },
  cs: {
    title: 'Systémy',
    add: 'Přidat systém',
    none: 'Zatím není připojen žádný systém',
    noneMeans: 'Systém má svou adresu a přihlašovací údaje: odtud zprávy přicházejí a sem se doručují.',
    notFound: 'Nic neodpovídá',
    notFoundMeans: 'Zkuste méně slov, nebo zrušte filtry.',
    clear: 'Ukázat všechny systémy',
    reading: 'Načítají se systémy …',
  },
});

const keyOf = (row: SpokeRow) => row.spoke.name;
const hrefOf = (row: SpokeRow) => `/spokes/${encodeURIComponent(row.spoke.name)}`;

export function SpokesPage() {
  const t = useTexts();
  const { answer } = useSpokesAnswer();
  const search = route.useSearch();
  const spokes = useQuery(spokesQuery);
  const kinds = useQuery(kindsQuery);
  const queues = useQuery(queuesQuery);
  const traffic = useQuery(trafficQuery);
  // Only who asks for patience is judged by the clock, so that the rows are not made anew each second.
  const clock = Math.floor(useNow() / CLOCK_MS) * CLOCK_MS;
  useLiveRefresh(['queues'], ['queues'], 2_000);
  const actions = useSpokeActions();
  const columns = useSpokeColumns(actions);
  const all = useMemo(
    () =>
      rowsOf({
        spokes: spokes.data ?? [],
        kinds: new Map((kinds.data ?? []).map((kind) => [kind.kind, kind])),
        queues: queues.data ?? null,
        traffic: traffic.data?.of ?? null,
        nowMs: clock,
      }),
    [spokes.data, kinds.data, queues.data, traffic.data, clock],
  );
  const rows = useMemo(() => all.filter((row) => matches(row, search)), [all, search]);
  const add = (
    <Link to="/spokes/new" className={buttonClass('primary')}>
      <Plus aria-hidden /> {t.add}
    </Link>
  );
  return (
    <Page title={t.title} answer={spokes.data === undefined ? t.reading : all.length === 0 ? null : answer(all)} actions={add} full>
      {spokes.isError && spokes.data === undefined ? (
        <ErrorNote error={spokes.error} onRetry={() => void spokes.refetch()} />
      ) : (
        <DataTable
          label={t.title}
          rows={rows}
          columns={columns}
          rowKey={keyOf}
          rowHref={hrefOf}
          storageKey="spokes"
          loading={spokes.isPending}
          toolbar={<SpokesFilter rows={all} />}
          empty={
            all.length === 0 ? (
              <EmptyState title={t.none} icon={<Cable aria-hidden />} action={add}>
                {t.noneMeans}
              </EmptyState>
            ) : (
              <EmptyState
                title={t.notFound}
                action={
                  <Link to="/spokes" className={buttonClass()}>
                    {t.clear}
                  </Link>
                }
              >
                {t.notFoundMeans}
              </EmptyState>
            )
          }
        />
      )}
      <SpokeDialogs actions={actions} />
    </Page>
  );
}
