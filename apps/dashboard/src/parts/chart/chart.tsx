/** Figures over time: uPlot, kept in step with React. A page that shows charts loads it with its own files: what is loaded later React shows no sooner than 0.3 s after the place that was kept. */
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { timeZoneOf, usePreferences } from '../../i18n/preferences.ts';
import styles from './chart.module.css';
import { useChartColours } from './chart-colours.ts';
import { type CursorState, cursorAfterKey } from './chart-cursor.ts';
import { type ChartColumns, type ChartPoint, type ChartSeries, chartColumns, extentOf, lastIndexOf, latestRows } from './chart-data.ts';
import { ChartLegend, ChartTable } from './chart-legend.tsx';
import { useChartTexts } from './chart-texts.ts';
import { drawOrder, plotOptions } from './plot-options.ts';

export type { ChartPoint, ChartSeries } from './chart-data.ts';

export interface ChartProps {
  /** What is shown, read out as its name. */
  label: string;
  /** Of the axis: `per second`, `ms`. */
  unit: string;
  /** In order of time; `at` is the start of its stretch. A stretch that is missing, or null, is a gap. */
  points: readonly ChartPoint[];
  /** Bars stand on each other in this order, the first at the bottom. */
  series: readonly ChartSeries[];
  /** Of the drawing, in pixels; the legend comes below. */
  height?: number;
  /** Writes a value, also those of the axis. */
  format: (value: number) => string;
  /** Somebody chose a stretch by dragging, or with Shift, arrow keys and Enter. */
  onZoom?: (fromMs: number, toMs: number) => void;
  /** The window shown, so that all charts of a page share it. Omitted: what the points cover. */
  window?: { fromMs: number; toMs: number };
  /** Draws a line where the present is. */
  nowLine?: boolean;
}

const ROWS_READ_OUT_MAX = 30;
/** Until the box was measured. */
const FIRST_WIDTH = 320;

export function Chart(props: ChartProps) {
  const { label, unit, points, height = 220, nowLine = false } = props;
  const t = useChartTexts();
  const format = useFormat();
  const chosen = usePreferences();
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  /** Of which columns and window the plot was last drawn. */
  const drawn = useRef<readonly unknown[]>([]);
  const [cursor, setCursor] = useState<number | null>(null);
  const colours = useChartColours(box);
  const layout = JSON.stringify(props.series);
  // biome-ignore lint/correctness/useExhaustiveDependencies: series are usually written in place; what they say counts
  const series = useMemo(() => props.series, [layout]);
  const columns = useMemo(() => chartColumns(points, series), [points, series]);
  const zoomable = props.onZoom !== undefined;
  const latest = useRef({ props, columns });
  latest.current = { props, columns };

  useEffect(() => {
    const parent = box.current;
    if (parent === null || colours === null) return;
    const keys: CursorState = { index: null, anchor: null };
    const made = new uPlot(
      plotOptions({
        series,
        colours,
        width: parent.clientWidth || FIRST_WIDTH,
        height,
        language: chosen.language,
        timeZone: timeZoneOf(chosen),
        zoomable,
        nowLine,
        format: (value) => latest.current.props.format(value),
        range: () => windowOf(latest.current),
        onCursor: setCursor,
        onSelect: (at) => zoomTo(at, latest.current.props.onZoom),
      }),
      alignedData(latest.current.columns, series),
      parent,
    );
    plot.current = made;
    drawn.current = drawingOf(latest.current);
    const canvas = made.root.querySelector('canvas');
    canvas?.setAttribute('role', 'img');
    canvas?.setAttribute('aria-label', `${label}, ${unit}`);
    made.over.tabIndex = 0;
    made.over.setAttribute('role', 'slider');
    made.over.setAttribute('aria-label', `${label}, ${unit}. ${t.keys}`);
    const onKey = (event: KeyboardEvent) => {
      if (moveCursor(made, event, keys, latest.current)) event.preventDefault();
    };
    made.over.addEventListener('keydown', onKey);
    const resized = new ResizeObserver(() => {
      // It tells the first width, too, which the plot was made for.
      if (parent.clientWidth > 0 && parent.clientWidth !== made.width) made.setSize({ width: parent.clientWidth, height });
    });
    resized.observe(parent);
    return () => {
      resized.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [series, colours, height, chosen, zoomable, nowLine, label, unit, t]);

  const { fromMs, toMs } = props.window ?? {};
  // biome-ignore lint/correctness/useExhaustiveDependencies: the window is read by `range` when the data is set
  useEffect(() => {
    const next = drawingOf({ props, columns });
    if (plot.current === null || next.every((part, index) => part === drawn.current[index])) return;
    drawn.current = next;
    plot.current.setData(alignedData(columns, series));
  }, [columns, series, fromMs, toMs]);

  const index = cursor !== null && cursor < columns.at.length ? cursor : lastIndexOf(columns);
  const at = index === null ? undefined : columns.at[index];
  const entries = series.map((one, place) => ({ ...one, value: index === null ? null : (columns.values[place]?.[index] ?? null) }));
  const spoken =
    at === undefined
      ? t.empty
      : `${format.clock(at)}: ${entries.map((one) => `${one.label} ${one.value === null ? t.none : props.format(one.value)}`).join(', ')}`;
  useEffect(() => {
    const over = plot.current?.over;
    over?.setAttribute('aria-valuemin', '0');
    over?.setAttribute('aria-valuemax', String(Math.max(0, columns.at.length - 1)));
    over?.setAttribute('aria-valuenow', String(index ?? 0));
    over?.setAttribute('aria-valuetext', spoken);
  });
  const rows = useMemo(() => latestRows(columns, ROWS_READ_OUT_MAX), [columns]);
  // The drawing comes first: the table has hundreds of cells.
  const withTable = useDeferredValue(true, false);
  return (
    <div className={styles['chart']}>
      <div className={styles['plot']} ref={box} style={{ height }}>
        <span className={styles['unit']} aria-hidden>
          {unit}
        </span>
        {rows.length === 0 ? <div className={styles['empty']}>{t.empty}</div> : null}
      </div>
      <ChartLegend at={at === undefined ? null : format.clock(at)} entries={entries} format={props.format} />
      {withTable ? (
        <ChartTable
          caption={t.table(`${label} (${unit})`, rows.length)}
          time={t.time}
          series={series}
          rows={rows}
          format={props.format}
          moment={format.exact}
        />
      ) : null}
    </div>
  );
}

interface Latest {
  props: ChartProps;
  columns: ChartColumns;
}

function drawingOf({ props, columns }: Latest): readonly unknown[] {
  return [columns, props.window?.fromMs, props.window?.toMs];
}

function windowOf({ props, columns }: Latest): [number, number] {
  const { fromMs, toMs } = props.window ?? extentOf(columns) ?? { fromMs: Date.now() - 3_600_000, toMs: Date.now() };
  return [fromMs, toMs];
}

function alignedData(columns: ChartColumns, series: ChartProps['series']): uPlot.AlignedData {
  return [columns.at, ...drawOrder(series).map((index) => columns.drawn[index] ?? [])];
}

function zoomTo(plot: uPlot, onZoom: ChartProps['onZoom']): void {
  const { left, width } = plot.select;
  if (width < 4 || onZoom === undefined) return;
  plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  onZoom(Math.round(plot.posToVal(left, 'x')), Math.round(plot.posToVal(left + width, 'x')));
}

/** @returns whether the key was for the chart */
function moveCursor(plot: uPlot, event: KeyboardEvent, keys: CursorState, { props, columns }: Latest): boolean {
  keys.index = plot.cursor.idx ?? keys.index;
  const move = cursorAfterKey(event.key, event.shiftKey && props.onZoom !== undefined, keys, columns.at.length);
  const none = { left: 0, top: 0, width: 0, height: 0 };
  if (move.kind === 'none') return false;
  if (move.kind === 'zoom') {
    plot.setSelect(none, false);
    keys.anchor = null;
    props.onZoom?.(columns.at[move.from] ?? 0, (columns.at[move.to] ?? 0) + columns.stepMs);
    return true;
  }
  Object.assign(keys, move.kind === 'clear' ? { index: null, anchor: null } : move.state);
  const leftOf = (index: number) => plot.valToPos(columns.at[index] ?? 0, 'x');
  plot.setCursor(keys.index === null ? { left: -10, top: -10 } : { left: leftOf(keys.index), top: plot.over.clientHeight / 2 });
  if (keys.index === null || keys.anchor === null) plot.setSelect(none, false);
  else {
    const [from, to] = [leftOf(Math.min(keys.index, keys.anchor)), leftOf(Math.max(keys.index, keys.anchor))];
    plot.setSelect({ left: from, top: 0, width: to - from, height: plot.over.clientHeight }, false);
  }
  return true;
}
