import { describe, expect, it } from 'vitest';
import { cursorAfterKey } from './chart-cursor.ts';
import { type ChartSeries, chartColumns, extentOf, lastIndexOf, latestRows } from './chart-data.ts';
import { timeTicks } from './time-ticks.ts';

const SERIES: ChartSeries[] = [
  { key: 'ok', label: 'Succeeded', tone: 'green', kind: 'bar' },
  { key: 'dead', label: 'Dead', tone: 'red', kind: 'bar' },
  { key: 'p95', label: 'p95', tone: 'blue', kind: 'line' },
];

describe('chartColumns', () => {
  it('stacks bars and leaves lines as they are', () => {
    const columns = chartColumns([{ at: 0, ok: 3, dead: 2, p95: 9 }], SERIES);
    expect(columns.drawn).toEqual([[3], [5], [9]]);
    expect(columns.values).toEqual([[3], [2], [9]]);
  });

  it('shows what is missing as missing: a hole in time, null, nothing, no number', () => {
    const columns = chartColumns(
      [
        { at: 0, ok: 1 },
        { at: 60, ok: null, dead: Number.NaN },
        { at: 240, ok: 2 },
      ],
      SERIES,
    );
    expect(columns.at).toEqual([0, 60, 120, 240]);
    expect(columns.values[0]).toEqual([1, null, null, 2]);
    expect(columns.values[1]).toEqual([null, null, null, null]);
    expect(columns.drawn[0]).toEqual([1, null, null, 2]);
  });

  it('covers the last step too', () => {
    expect(extentOf(chartColumns([{ at: 0 }, { at: 60 }], SERIES))).toEqual({ fromMs: 0, toMs: 120 });
    expect(extentOf(chartColumns([], SERIES))).toBeNull();
  });

  it('reads out the latest rows that have a figure', () => {
    const columns = chartColumns(
      [
        { at: 0, ok: 1 },
        { at: 60, ok: 2 },
        { at: 120, ok: null },
        { at: 180, ok: 4 },
      ],
      SERIES,
    );
    expect(latestRows(columns, 2).map(({ at }) => at)).toEqual([60, 180]);
    expect(lastIndexOf(columns)).toBe(3);
    expect(lastIndexOf(chartColumns([{ at: 0 }], SERIES))).toBeNull();
  });
});

describe('the cursor of a chart', () => {
  const at = (index: number | null, anchor: number | null = null) => ({ index, anchor });

  it('starts at the present and stays inside', () => {
    expect(cursorAfterKey('ArrowLeft', false, at(null), 5)).toEqual({ kind: 'move', state: at(4) });
    expect(cursorAfterKey('ArrowLeft', false, at(0), 5)).toEqual({ kind: 'move', state: at(0) });
    expect(cursorAfterKey('PageDown', false, at(3), 5)).toEqual({ kind: 'move', state: at(4) });
    expect(cursorAfterKey('Home', false, at(3), 5)).toEqual({ kind: 'move', state: at(0) });
  });

  it('chooses a stretch with Shift, and zooms to it with Enter', () => {
    expect(cursorAfterKey('ArrowLeft', true, at(3), 5)).toEqual({ kind: 'move', state: at(2, 3) });
    expect(cursorAfterKey('Enter', false, at(1, 3), 5)).toEqual({ kind: 'zoom', from: 1, to: 3 });
    expect(cursorAfterKey('Enter', false, at(1), 5)).toEqual({ kind: 'none' });
  });

  it('leaves other keys to the page', () => {
    expect(cursorAfterKey('Tab', false, at(1), 5)).toEqual({ kind: 'none' });
    expect(cursorAfterKey('Escape', false, at(null), 5)).toEqual({ kind: 'none' });
    expect(cursorAfterKey('Escape', false, at(1), 5)).toEqual({ kind: 'clear' });
    expect(cursorAfterKey('ArrowLeft', false, at(null), 0)).toEqual({ kind: 'none' });
  });
});

describe('timeTicks', () => {
  const midnight = Date.UTC(2026, 10, 21, 23, 0);

  it('says the day where it changes, in the zone of the reader', () => {
    const hours = [0, 1, 2].map((hour) => midnight - 3_600_000 + hour * 3_600_000);
    expect(timeTicks(hours, 3_600_000, 'en', 'Europe/Prague')).toEqual(['23:00', 'Nov 22', '01:00']);
  });

  it('says seconds only where they matter', () => {
    expect(timeTicks([midnight], 10_000, 'cs', 'UTC')).toEqual(['23:00:00']);
    expect(timeTicks([midnight], 86_400_000, 'cs', 'UTC')).toEqual(['21. 11.']);
  });
});
