/** Figures over time. What draws them is loaded when the first chart is shown; until then its place is kept. */
import { lazy, Suspense } from 'react';
import { Skeleton } from '../skeleton.tsx';
import type { ChartPoint, ChartSeries } from './chart-data.ts';

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

/** Lines of the legend below, in pixels. */
const LEGEND_HEIGHT = 28;

const Loaded = lazy(() => import('./loaded-chart.tsx'));

export function Chart(props: ChartProps) {
  return (
    <Suspense fallback={<Skeleton height={(props.height ?? 220) + LEGEND_HEIGHT} />}>
      <Loaded {...props} />
    </Suspense>
  );
}
