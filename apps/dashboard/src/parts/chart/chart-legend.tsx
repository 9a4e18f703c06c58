/** Names of the series, with their values at the cursor: colour and dashes as in the drawing. */
import { memo } from 'react';
import styles from './chart.module.css';
import type { ChartSeries } from './chart-data.ts';
import { useChartTexts } from './chart-texts.ts';
import { DASHES } from './plot-options.ts';

export interface LegendEntry extends ChartSeries {
  value: number | null;
}

export function ChartLegend({
  at,
  entries,
  format,
}: {
  at: string | null;
  entries: readonly LegendEntry[];
  format: (value: number) => string;
}) {
  const t = useChartTexts();
  const lines = entries.filter(({ kind }) => kind === 'line');
  return (
    <div className={styles['legend']} aria-hidden>
      {at === null ? null : <span className={styles['at']}>{at}</span>}
      {entries.map((entry) => (
        <span key={entry.key} className={styles['entry']}>
          <Mark entry={entry} dash={DASHES[lines.indexOf(entry) % DASHES.length] ?? []} />
          {entry.label}
          <b>{entry.value === null ? t.none : format(entry.value)}</b>
        </span>
      ))}
    </div>
  );
}

function Mark({ entry, dash }: { entry: LegendEntry; dash: readonly number[] }) {
  const colour = `var(--${entry.tone})`;
  return (
    <svg width={entry.kind === 'bar' ? 10 : 20} height="10" aria-hidden>
      {entry.kind === 'bar' ? (
        <rect width="10" height="10" rx="2" fill={colour} />
      ) : (
        <line x1="0" x2="20" y1="5" y2="5" stroke={colour} strokeWidth="2" strokeDasharray={dash.join(' ')} />
      )}
    </svg>
  );
}

export interface ChartTableProps {
  caption: string;
  time: string;
  series: readonly ChartSeries[];
  rows: readonly { at: number; values: readonly (number | null)[] }[];
  format: (value: number) => string;
  moment: (at: number) => string;
}

/** The same figures for those who do not see the drawing. */
export const ChartTable = memo(function ChartTable({ caption, time, series, rows, format, moment }: ChartTableProps) {
  const t = useChartTexts();
  return (
    <div className="visually-hidden">
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{time}</th>
            {series.map(({ key, label }) => (
              <th key={key} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ at, values }) => (
            <tr key={at}>
              <th scope="row">{moment(at)}</th>
              {series.map(({ key }, index) => {
                const value = values[index] ?? null;
                return <td key={key}>{value === null ? t.none : format(value)}</td>;
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
});
