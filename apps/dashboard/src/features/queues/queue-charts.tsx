/** What became of the deliveries to a spoke over time, and how long those that arrived took. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { hub } from '../../api/client.ts';
import { useFormat } from '../../i18n/format.ts';
import { Chart, type ChartSeries } from '../../parts/chart/chart.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Select } from '../../parts/field.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { useStateWord } from '../../parts/state-badge.tsx';
import { useDetailTexts } from './detail-texts.ts';
import styles from './queues.module.css';

const WINDOWS = ['15m', '1h', '6h', '24h', '7d'] as const;
const REFRESH_MS = 15_000;
const HEIGHT = 150;

export function QueueCharts({ spoke }: { spoke: string }) {
  const t = useDetailTexts();
  const format = useFormat();
  const word = useStateWord();
  const [chosen, setChosen] = useState<string>('1h');
  const series = useQuery({
    queryKey: ['stats', 'series', { spoke, window: chosen }],
    queryFn: () => hub.stats.series({ spoke, window: chosen }),
    placeholderData: keepPreviousData,
    refetchInterval: REFRESH_MS,
  });
  const { data } = series;
  const points = useMemo(
    () =>
      (data?.points ?? []).map(({ at, succeeded, dead, open, skipped, cancelled, latencyMs }) => ({
        ...{ at: Date.parse(at), succeeded, dead, open, rest: skipped + cancelled },
        ...latencyMs,
      })),
    [data],
  );
  const outcomes = useMemo<ChartSeries[]>(
    () => [
      { key: 'succeeded', label: word('succeeded'), tone: 'green', kind: 'bar' },
      { key: 'open', label: t.open, tone: 'amber', kind: 'bar' },
      { key: 'dead', label: word('dead'), tone: 'red', kind: 'bar' },
      { key: 'rest', label: `${word('skipped')}, ${word('cancelled')}`, tone: 'muted', kind: 'bar' },
    ],
    [t, word],
  );
  return (
    <section className={styles['section']}>
      <div className={styles['sectionHead']}>
        <h3>{t.over}</h3>
        <Select
          aria-label={t.window}
          className={styles['window'] ?? ''}
          value={chosen}
          onValue={setChosen}
          options={WINDOWS.map((value) => ({ value, label: t.windows[value] ?? value }))}
        />
      </div>
      {series.error === null ? null : <ErrorNote error={series.error} onRetry={() => void series.refetch()} />}
      {data === undefined ? (
        series.isPending ? (
          <Skeleton height={2 * (HEIGHT + 48)} />
        ) : null
      ) : (
        <>
          <p className="soft">{t.outcomes}</p>
          <Chart
            label={t.outcomes}
            unit={t.perStep(format.span(data.stepSeconds * 1_000))}
            points={points}
            series={outcomes}
            height={HEIGHT}
            format={format.compact}
          />
          <p className="soft">{t.latencyOver}</p>
          <Chart label={t.latencyOver} unit={t.duration} points={points} series={LATENCY} height={HEIGHT} format={format.span} />
          {data.exact ? null : <p className="soft">{t.estimated}</p>}
        </>
      )}
    </section>
  );
}

const LATENCY: readonly ChartSeries[] = [
  { key: 'p50', label: 'p50', tone: 'blue', kind: 'line' },
  { key: 'p95', label: 'p95', tone: 'amber', kind: 'line' },
  { key: 'p99', label: 'p99', tone: 'violet', kind: 'line' },
];
