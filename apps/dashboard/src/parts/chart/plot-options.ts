/** How uPlot draws our charts: axes from 0, bars stacked, lines told apart by their dashes too. */
import uPlot from 'uplot';
import type { Language } from '../../i18n/preferences.ts';
import type { ChartColours } from './chart-colours.ts';
import type { ChartSeries } from './chart-data.ts';
import { timeTicks } from './time-ticks.ts';

export interface PlotSettings {
  series: readonly ChartSeries[];
  colours: ChartColours;
  width: number;
  height: number;
  language: Language;
  timeZone: string;
  zoomable: boolean;
  nowLine: boolean;
  format: (value: number) => string;
  /** The window shown, as [from, to] in ms. */
  range: () => [number, number];
  onCursor: (index: number | null) => void;
  onSelect: (plot: uPlot) => void;
}

/** Of lines, by their place among the lines. */
export const DASHES: readonly (readonly number[])[] = [[], [6, 3], [2, 2], [8, 3, 2, 3]];

/** The place of each series among those that are drawn: the top of the stack first, so that what is below covers it. Lines come last. */
export function drawOrder(series: readonly ChartSeries[]): number[] {
  const places = series.map((_, index) => index);
  return [
    ...places.filter((index) => series[index]?.kind === 'bar').reverse(),
    ...places.filter((index) => series[index]?.kind === 'line'),
  ];
}

export function plotOptions(settings: PlotSettings): uPlot.Options {
  const { series, colours, width, height, language, timeZone, zoomable } = settings;
  const bars = uPlot.paths.bars?.({ align: 1, size: [0.86, 48] });
  let lines = 0;
  const drawn = drawOrder(series).map((index): uPlot.Series => {
    const one = series[index];
    const colour = colours.tones[one?.tone ?? 'grey'];
    if (one?.kind === 'bar') return { fill: colour, width: 0, points: { show: false }, ...(bars === undefined ? {} : { paths: bars }) };
    return { stroke: colour, width: 1.75, dash: [...(DASHES[lines++ % DASHES.length] ?? [])], points: { size: 5, fill: colour } };
  });
  const axis = {
    stroke: colours.text,
    font: colours.font,
    ticks: { stroke: colours.grid, width: 1, size: 4 },
    grid: { stroke: colours.grid, width: 1 },
  };
  return {
    width,
    height,
    ms: 1,
    tzDate: (at) => uPlot.tzDate(new Date(at), timeZone),
    legend: { show: false },
    // Above: room for the unit.
    padding: [20, 12, 0, 0],
    cursor: {
      y: false,
      drag: { x: zoomable, y: false, setScale: false, dist: 5 },
      points: { size: 7 },
    },
    scales: {
      x: { time: true, range: settings.range },
      y: { range: (_, low, high) => [Math.min(0, low ?? 0), high === null || high <= 0 ? 1 : high * 1.04] },
    },
    axes: [
      { ...axis, grid: { show: false }, size: 28, space: 64, values: (_, at, __, ___, step) => timeTicks(at, step, language, timeZone) },
      {
        ...axis,
        space: 34,
        size: (_, words) => 18 + 6.4 * Math.max(3, ...(words ?? []).map((word) => word.length)),
        values: (_, at) => at.map(settings.format),
      },
    ],
    series: [{}, ...drawn],
    hooks: {
      setCursor: [(plot) => settings.onCursor(plot.cursor.idx ?? null)],
      setSelect: [settings.onSelect],
      draw: settings.nowLine ? [(plot) => drawNow(plot, colours)] : [],
    },
  };
}

function drawNow(plot: uPlot, colours: ChartColours): void {
  const x = plot.valToPos(Date.now(), 'x', true);
  const { left, top, width, height } = plot.bbox;
  if (x < left || x > left + width) return;
  plot.ctx.save();
  plot.ctx.strokeStyle = colours.tones.accent;
  plot.ctx.setLineDash([3, 3]);
  plot.ctx.beginPath();
  plot.ctx.moveTo(x, top);
  plot.ctx.lineTo(x, top + height);
  plot.ctx.stroke();
  plot.ctx.restore();
}
