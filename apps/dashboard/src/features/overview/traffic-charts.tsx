/** Throughput and latency over the same time; dragging over one zooms both. */
import type { StatsSeries } from '@nave/api-schema';
import { memo, useMemo } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { Chart, type ChartPoint, type ChartSeries } from '../../parts/chart/chart.tsx';
import { Panel } from '../../parts/page.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import styles from './overview.module.css';
import { pointsWithin, type Zoom } from './series-window.ts';
import { useOverviewTexts } from './texts.ts';

const HEIGHT = 200;
/** With the legend. */
const PLACE = HEIGHT + 28;

export interface TrafficChartsProps {
  series: StatsSeries | null | undefined;
  zoom: Zoom | null;
  onZoom: (zoom: Zoom) => void;
}

export const TrafficCharts = memo(function TrafficCharts({ series, zoom, onZoom }: TrafficChartsProps) {
  const t = useOverviewTexts();
  const format = useFormat();
  const points = useMemo(() => (series ? pointsWithin(series, zoom).map(chartPoint) : []), [series, zoom]);
  const stepMs = (series?.stepSeconds ?? 0) * 1_000;
  const first = points[0]?.at;
  const last = points.at(-1)?.at;
  const covered = first === undefined || last === undefined ? null : { fromMs: first, toMs: last + stepMs };
  const window = zoom ?? covered;
  const outcomes: ChartSeries[] = [
    { key: 'succeeded', label: t.outcome.succeeded, tone: 'green', kind: 'bar' },
    { key: 'ended', label: t.outcome.ended, tone: 'muted', kind: 'bar' },
    { key: 'open', label: t.outcome.open, tone: 'blue', kind: 'bar' },
    { key: 'dead', label: t.outcome.dead, tone: 'red', kind: 'bar' },
  ];
  const percentiles: ChartSeries[] = [
    { key: 'p50', label: 'p50', tone: 'teal', kind: 'line' },
    { key: 'p95', label: 'p95', tone: 'accent', kind: 'line' },
    { key: 'p99', label: 'p99', tone: 'violet', kind: 'line' },
  ];
  const shared = {
    points,
    height: HEIGHT,
    onZoom: (fromMs: number, toMs: number) => onZoom({ fromMs, toMs }),
    ...(window === null ? {} : { window }),
  };
  return (
    <div className={styles['charts']}>
      <Panel title={t.throughput} actions={<span className="soft">{t.drag}</span>}>
        {series === undefined ? (
          <Skeleton height={PLACE} />
        ) : (
          <Chart {...shared} label={t.throughput} unit={t.perStep(format.span(stepMs))} series={outcomes} format={format.compact} />
        )}
      </Panel>
      <Panel title={t.latency} actions={<span className="soft">{t.latencyHelp}</span>}>
        {series === undefined ? (
          <Skeleton height={PLACE} />
        ) : (
          <Chart {...shared} label={t.latency} unit="ms, s, min" series={percentiles} format={format.span} />
        )}
      </Panel>
    </div>
  );
});

function chartPoint({ at, succeeded, skipped, cancelled, open, dead, latencyMs }: StatsSeries['points'][number]): ChartPoint {
  return {
    at: Date.parse(at),
    succeeded,
    ended: skipped + cancelled,
    open,
    dead,
    p50: latencyMs.p50,
    p95: latencyMs.p95,
    p99: latencyMs.p99,
  };
}
