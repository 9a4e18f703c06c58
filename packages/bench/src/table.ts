/** Tables of results on the terminal, each line with what was wanted and whether it was met. */
import type { Spread } from './spread.ts';

export interface Line {
  what: string;
  measured: string;
  /** What issue and documents ask for; empty = only told. */
  wanted?: string;
  met?: boolean;
}

export function printLines(title: string, lines: readonly Line[]): void {
  const rows = lines.map(({ what, measured, wanted = '', met }) => [
    what,
    measured,
    wanted,
    met === undefined ? '' : met ? 'met' : 'NOT MET',
  ]);
  printTable(title, ['what', 'measured', 'wanted', 'verdict'], rows);
}

export function printTable(title: string, heads: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = heads.map((head, n) => Math.max(head.length, ...rows.map((row) => row[n]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, n) => cell.padEnd(widths[n] ?? 0))
      .join('   ')
      .trimEnd();
  console.log(`\n${title}\n${line(heads)}\n${line(widths.map((width) => '-'.repeat(width)))}`);
  for (const row of rows) console.log(line(row));
}

/** Middle, least and most, with so many digits behind the point. */
export function shown({ min, median, max, count }: Spread, digits = 0, unit = ''): string {
  if (count === 0) return 'not measured';
  const number = (value: number) => value.toFixed(digits);
  return `${number(median)}${unit}${count === 1 ? '' : ` (${number(min)} to ${number(max)}, ${count} runs)`}`;
}

/** A line with an upper limit. */
export function atMost(what: string, spread: Spread, limit: number, unit: string, digits = 1): Line {
  return { what, measured: shown(spread, digits, unit), wanted: `<= ${limit}${unit}`, met: spread.median <= limit };
}

/** A line with a lower limit. */
export function atLeast(what: string, spread: Spread, limit: number, unit = '', digits = 2): Line {
  return { what, measured: shown(spread, digits, unit), wanted: `>= ${limit}${unit}`, met: spread.median >= limit };
}
