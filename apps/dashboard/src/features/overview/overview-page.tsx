/** The first screen: how everything is in one sentence, then the figures behind it. */
import { useNavigate, useSearch } from '@tanstack/react-router';
import { ErrorNote } from '../../parts/error-note.tsx';
import { FilterBar, type FilterValue } from '../../parts/filter-bar.tsx';
import { Page } from '../../parts/page.tsx';
import { parseTimeRange } from '../../parts/time-range.ts';
import { useWindowWords, WindowChoice, type WindowSpan, windowOf } from '../../parts/window-choice.tsx';
import { FirstRun } from './first-run.tsx';
import type { Zoom } from './series-window.ts';
import { storyOf } from './story.ts';
import { StoryLine } from './story-line.tsx';
import { useOverviewTexts } from './texts.ts';
import { TrafficView } from './traffic-view.tsx';
import { useFirstRun } from './use-first-run.ts';
import { useOverview } from './use-overview.ts';

export function OverviewPage() {
  const t = useOverviewTexts();
  const words = useWindowWords();
  const search = useSearch({ from: '/' });
  const navigate = useNavigate({ from: '/' });
  const window = windowOf(search.window);
  const zoom = zoomOf(search.from, search.to);
  const overview = useOverview({ window, spoke: search.spoke, route: search.route, zoom });
  const firstRun = useFirstRun(overview);
  const { stats, issues, queues, spokes, routes, ledger } = overview;
  const change = (changes: FilterValue) => void navigate({ search: (before) => ({ ...before, ...changes }), replace: true });
  const story = storyOf({
    traffic:
      stats.data === undefined
        ? null
        : { ...stats.data.messages, succeeded: stats.data.deliveries.succeeded, open: stats.data.deliveries.open, exact: stats.data.exact },
    issues: issues.data ?? null,
    queues: queues.data === undefined ? null : [...queues.data.values()],
    missing: ledger.data === undefined ? null : ledger.data.totals.difference || ledger.data.messages.difference,
  });
  if (firstRun.shown && firstRun.empty) {
    return (
      <Page title={t.title}>
        <FirstRun firstRun={firstRun} />
      </Page>
    );
  }
  const error = [stats, issues, queues, ledger].find((query) => query.error !== null);
  const setWindow = (span: WindowSpan) => change({ window: span, from: undefined, to: undefined });
  return (
    <Page
      title={t.title}
      answer={<StoryLine story={story} window={words(window)} search={{ window }} />}
      actions={<WindowChoice value={window} onValue={setWindow} />}
    >
      {firstRun.shown ? <FirstRun firstRun={firstRun} /> : null}
      {error?.error ? <ErrorNote error={error.error} onRetry={() => void error.refetch()} /> : null}
      <FilterBar
        fields={[
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
        ]}
        value={search}
        onChange={change}
      />
      <TrafficView
        overview={overview}
        window={window}
        spoke={search.spoke}
        route={search.route}
        zoom={zoom}
        onZoom={(to) =>
          change(
            to === null
              ? { from: undefined, to: undefined }
              : { from: new Date(to.fromMs).toISOString(), to: new Date(to.toMs).toISOString() },
          )
        }
      />
    </Page>
  );
}

function zoomOf(from: string | undefined, to: string | undefined): Zoom | null {
  const range = parseTimeRange(from, to);
  if (range?.kind !== 'between' || range.from === null || range.to === null) return null;
  return { fromMs: Date.parse(range.from), toMs: Date.parse(range.to) };
}
