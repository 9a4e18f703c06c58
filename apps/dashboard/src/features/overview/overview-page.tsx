/** The first screen: how everything is in one sentence, then the figures behind it. */
import { useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useMemo } from 'react';
import { ErrorNote } from '../../parts/error-note.tsx';
import { FilterBar, type FilterField, type FilterValue } from '../../parts/filter-bar.tsx';
import { Page } from '../../parts/page.tsx';
import { useWindowWords, WindowChoice, type WindowSpan } from '../../parts/window-choice.tsx';
import { overviewFilter } from './overview-queries.ts';
import type { Zoom } from './series-window.ts';
import { storyOf } from './story.ts';
import { StoryLine } from './story-line.tsx';
import { useOverviewTexts } from './texts.ts';
import { TrafficView } from './traffic-view.tsx';
import { useFirstRun } from './use-first-run.ts';
import { useOverview } from './use-overview.ts';

// Only new hubs show it.
const FirstRun = lazy(() => import('./first-run.tsx'));

export function OverviewPage() {
  const t = useOverviewTexts();
  const words = useWindowWords();
  const search = useSearch({ from: '/' });
  const navigate = useNavigate({ from: '/' });
  const filter = useMemo(() => overviewFilter(search), [search]);
  const { window, zoom } = filter;
  const overview = useOverview(filter);
  const firstRun = useFirstRun(overview);
  const { stats, summary, groups, queues, spokes, routes, ledger } = overview;
  const change = useCallback(
    (changes: FilterValue) => void navigate({ search: (before) => ({ ...before, ...changes }), replace: true }),
    [navigate],
  );
  const fields = useMemo<FilterField[]>(
    () => [
      {
        kind: 'choice',
        id: 'spoke',
        label: t.spoke,
        single: true,
        options: (spokes.data ?? []).map(({ name, title }) => ({ value: name, label: title })),
      },
      {
        kind: 'choice',
        id: 'route',
        label: t.route,
        single: true,
        options: (routes.data?.items ?? []).map(({ name }) => ({ value: name, label: name })),
      },
    ],
    [t, spokes.data, routes.data],
  );
  const setZoom = useCallback(
    (to: Zoom | null) =>
      change(
        to === null ? { from: undefined, to: undefined } : { from: new Date(to.fromMs).toISOString(), to: new Date(to.toMs).toISOString() },
      ),
    [change],
  );
  const story = storyOf({
    traffic:
      stats.data === undefined
        ? null
        : { ...stats.data.messages, succeeded: stats.data.deliveries.succeeded, open: stats.data.deliveries.open, exact: stats.data.exact },
    issues: summary.data === undefined || groups.data === undefined ? null : { summary: summary.data, groups: groups.data },
    queues: queues.data === undefined ? null : [...queues.data.values()],
    missing: ledger.data === undefined ? null : ledger.data.totals.difference || ledger.data.messages.difference,
  });
  if (firstRun.shown && firstRun.empty) {
    return (
      <Page title={t.title}>
        <Suspense>
          <FirstRun firstRun={firstRun} />
        </Suspense>
      </Page>
    );
  }
  const error = [stats, summary, groups, queues, ledger].find((query) => query.error !== null);
  const setWindow = (span: WindowSpan) => change({ window: span, from: undefined, to: undefined });
  return (
    <Page
      title={t.title}
      answer={<StoryLine story={story} window={words(window)} search={{ window }} />}
      actions={<WindowChoice value={window} onValue={setWindow} />}
    >
      <Suspense>{firstRun.shown ? <FirstRun firstRun={firstRun} /> : null}</Suspense>
      {error?.error ? <ErrorNote error={error.error} onRetry={() => void error.refetch()} /> : null}
      <FilterBar fields={fields} value={search} onChange={change} />
      <TrafficView overview={overview} window={window} spoke={search.spoke} route={search.route} zoom={zoom} onZoom={setZoom} />
    </Page>
  );
}
