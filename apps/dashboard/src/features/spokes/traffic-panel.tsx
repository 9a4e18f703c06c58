/** The traffic of a spoke over the last hour: what came from it, and what became of what went to it. */
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { hub } from '../../api/client.ts';
import { useFormat } from '../../i18n/format.ts';
import { defineTexts } from '../../i18n/texts.ts';
import { Chart, type ChartSeries } from '../../parts/chart/chart.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Panel } from '../../parts/page.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { useStateWord } from '../../parts/state-badge.tsx';
import { TRAFFIC_WINDOW } from './use-spokes.ts';

const HEIGHT = 140;
const REFRESH_MS = 30_000;

const useTexts = defineTexts({
  en: {
    title: 'Traffic of the last hour',
    received: 'came from it',
    open: 'open',
    per: (span: string) => `per ${span}`,
    estimated: 'Busy stretches were sampled: the figures are estimates.',
  },
  cs: {
    title: 'Provoz za poslední hodinu',
    received: 'přišlo z něj',
    open: 'otevřené',
    per: (span: string) => `za ${span}`,
    estimated: 'Rušné úseky jsou ze vzorku: čísla jsou odhad.',
  },
});

export function TrafficPanel({ spoke, sends, takes }: { spoke: string; sends: boolean; takes: boolean }) {
  const t = useTexts();
  const format = useFormat();
  const word = useStateWord();
  const series = useQuery({
    queryKey: ['stats', 'series', { spoke, window: TRAFFIC_WINDOW }],
    queryFn: () => hub.stats.series({ spoke, window: TRAFFIC_WINDOW }),
    refetchInterval: REFRESH_MS,
  });
  const { data } = series;
  const points = useMemo(
    () => (data?.points ?? []).map(({ at, received, succeeded, dead, open }) => ({ at: Date.parse(at), received, succeeded, dead, open })),
    [data],
  );
  const shown = useMemo<ChartSeries[]>(
    () => [
      ...(takes
        ? [
            { key: 'succeeded', label: word('succeeded'), tone: 'green' as const, kind: 'bar' as const },
            { key: 'open', label: t.open, tone: 'grey' as const, kind: 'bar' as const },
            { key: 'dead', label: word('dead'), tone: 'red' as const, kind: 'bar' as const },
          ]
        : []),
      ...(sends ? [{ key: 'received', label: t.received, tone: 'blue' as const, kind: 'line' as const }] : []),
    ],
    [t, word, takes, sends],
  );
  return (
    <Panel title={t.title}>
      {series.isError ? <ErrorNote error={series.error} onRetry={() => void series.refetch()} /> : null}
      {series.isPending ? <Skeleton height={HEIGHT + 28} /> : null}
      {data === undefined ? null : (
        <Chart
          label={t.title}
          unit={t.per(format.span(data.stepSeconds * 1_000))}
          points={points}
          series={shown}
          height={HEIGHT}
          format={format.compact}
        />
      )}
      {data?.exact === false ? <p className="soft">{t.estimated}</p> : null}
    </Panel>
  );
}
