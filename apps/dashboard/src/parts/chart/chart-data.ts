/** Brings points into the columns that are drawn: gaps made visible, bars stacked. */
import type { Tone } from '../note.tsx';

export type ChartTone = Tone | 'accent' | 'muted';

export interface ChartPoint {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly [key: string]: number | null | undefined;
}

export interface ChartSeries {
  key: string;
  label: string;
  tone: ChartTone;
  kind: 'line' | 'bar';
}

export interface ChartColumns {
  /** Moments, ascending. */
  at: number[];
  /** As given, in the order of the series: what is said. */
  values: (number | null)[][];
  /** Stacked, in the order of the series: what is drawn. */
  drawn: (number | null)[][];
  /** Between two points, in ms; 0 when there are less than two. */
  stepMs: number;
}

/** A hole gets one empty row: enough to interrupt a line, and no more however long it is. */
export function chartColumns(points: readonly ChartPoint[], series: readonly ChartSeries[]): ChartColumns {
  const stepMs = smallestStep(points);
  const at: number[] = [];
  const values: (number | null)[][] = series.map(() => []);
  let before: number | null = null;
  for (const point of points) {
    if (before !== null && stepMs > 0 && point.at - before > stepMs * 1.5) {
      at.push(before + stepMs);
      for (const column of values) column.push(null);
    }
    at.push(point.at);
    series.forEach(({ key }, index) => {
      const value = point[key];
      values[index]?.push(typeof value === 'number' && Number.isFinite(value) ? value : null);
    });
    before = point.at;
  }
  return { at, values, drawn: stacked(values, series, at.length), stepMs };
}

/** The stretch that the columns cover, the last step included. Null without points. */
export function extentOf({ at, stepMs }: ChartColumns): { fromMs: number; toMs: number } | null {
  const first = at[0];
  const last = at.at(-1);
  if (first === undefined || last === undefined) return null;
  return { fromMs: first, toMs: last + (stepMs === 0 ? 60_000 : stepMs) };
}

/** The rows that are read out: the latest ones with a figure in them. */
export function latestRows({ at, values }: ChartColumns, rowsMax: number): { at: number; values: (number | null)[] }[] {
  const rows: { at: number; values: (number | null)[] }[] = [];
  for (let index = at.length - 1; index >= 0 && rows.length < rowsMax; index--) {
    const row = values.map((column) => column[index] ?? null);
    const moment = at[index];
    if (moment !== undefined && row.some((value) => value !== null)) rows.push({ at: moment, values: row });
  }
  return rows.reverse();
}

/** The last index with a figure, or null. */
export function lastIndexOf({ at, values }: ChartColumns): number | null {
  for (let index = at.length - 1; index >= 0; index--) if (values.some((column) => (column[index] ?? null) !== null)) return index;
  return null;
}

function stacked(values: readonly (number | null)[][], series: readonly ChartSeries[], length: number): (number | null)[][] {
  const sums: number[] = Array.from({ length }, () => 0);
  return values.map((column, index) => {
    if (series[index]?.kind !== 'bar') return column;
    return column.map((value, row) => {
      if (value === null) return null;
      const sum = (sums[row] ?? 0) + value;
      sums[row] = sum;
      return sum;
    });
  });
}

function smallestStep(points: readonly ChartPoint[]): number {
  let smallest = Number.POSITIVE_INFINITY;
  for (let index = 1; index < points.length; index++) {
    const step = (points[index]?.at ?? 0) - (points[index - 1]?.at ?? 0);
    if (step > 0 && step < smallest) smallest = step;
  }
  return Number.isFinite(smallest) ? smallest : 0;
}
