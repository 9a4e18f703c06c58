/** How a route goes: its way, its traffic and latency, what fails on it, and the messages that took it lately. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useLiveRefresh } from '../../api/live.ts';
import { useFormat } from '../../i18n/format.ts';
import { buttonClass } from '../../parts/button.tsx';
import { Chart, type ChartSeries } from '../../parts/chart/chart.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Panel } from '../../parts/page.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import styles from './editor.module.css';
import { FlowStrip } from './flow-strip.tsx';
import { usePageTexts } from './page-texts.ts';
import { RecentMessages } from './recent-messages.tsx';
import type { RouteDocument } from './route-document.ts';
import pageStyles from './route-page.module.css';
import { RouteProblems } from './route-problems.tsx';
import { routeSeriesQuery } from './use-routes.ts';
import { WindowSelect } from './window-select.tsx';

const HEIGHT = 180;

export interface OverviewTabProps {
  route: string;
  document: RouteDocument;
  window: string;
  onWindow: (window: string) => void;
}

export function OverviewTab({ route, document, window, onWindow }: OverviewTabProps) {
  const t = usePageTexts();
  useLiveRefresh(['messages', 'of', 'route', route], ['deliveries'], 3_000);
  return (
    <div className={styles['column']}>
      <div className={pageStyles['head']}>
        <FlowStrip document={document} links />
        <WindowSelect value={window} onValue={onWindow} />
      </div>
      <Charts route={route} window={window} />
      <div className={pageStyles['two']}>
        <Panel
          title={t.problems}
          actions={
            <Link to="/issues" search={{ route }} className={buttonClass('ghost', 'small')}>
              {t.allProblems}
            </Link>
          }
        >
          <RouteProblems route={route} />
        </Panel>
        <Panel
          title={t.messages}
          actions={
            <Link to="/messages" search={{ route }} className={buttonClass('ghost', 'small')}>
              {t.allMessages}
            </Link>
          }
          flush
        >
          <RecentMessages route={route} />
        </Panel>
      </div>
    </div>
  );
}

function Charts({ route, window }: { route: string; window: string }) {
  const t = usePageTexts();
  const format = useFormat();
  const series = useQuery(routeSeriesQuery(route, window));
  const points = useMemo(
    () =>
      (series.data?.points ?? []).map(({ at, succeeded, dead, open, skipped, cancelled, latencyMs }) => ({
        ...{ at: Date.parse(at), succeeded, dead, open, skipped: skipped + cancelled },
        ...latencyMs,
      })),
    [series.data],
  );
  const counts: ChartSeries[] = [
    { key: 'succeeded', label: t.succeeded, tone: 'green', kind: 'bar' },
    { key: 'skipped', label: t.skipped, tone: 'muted', kind: 'bar' },
    { key: 'open', label: t.open, tone: 'blue', kind: 'bar' },
    { key: 'dead', label: t.deadSeries, tone: 'red', kind: 'bar' },
  ];
  const spans: ChartSeries[] = [
    { key: 'p50', label: 'p50', tone: 'accent', kind: 'line' },
    { key: 'p95', label: 'p95', tone: 'amber', kind: 'line' },
    { key: 'p99', label: 'p99', tone: 'violet', kind: 'line' },
  ];
  if (series.error !== null && series.data === undefined) return <ErrorNote error={series.error} onRetry={() => void series.refetch()} />;
  return (
    <>
      {series.data?.exact === false ? <p className="soft">{t.estimated}</p> : null}
      <div className={pageStyles['two']}>
        <Panel title={t.traffic}>
          {series.data === undefined ? (
            <Skeleton height={HEIGHT + 28} />
          ) : (
            <Chart label={t.traffic} unit={t.perStep} points={points} series={counts} height={HEIGHT} format={format.compact} />
          )}
        </Panel>
        <Panel title={t.latency}>
          {series.data === undefined ? (
            <Skeleton height={HEIGHT + 28} />
          ) : (
            <Chart label={t.latency} unit="ms, s, min" points={points} series={spans} height={HEIGHT} format={format.span} />
          )}
        </Panel>
      </div>
    </>
  );
}
